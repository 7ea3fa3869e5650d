// expect: sark: JSON documents are compared by value, which needs the parser
// also: sark-J01
// SPDX-License-Identifier: MIT
#include <sark/types.hpp>

bool good(sark::json const& a, sark::json const& b) { return a.text() == b.text(); }

#ifdef SARK_REJECT
bool wrong(sark::json const& a, sark::json const& b) { return a == b; }
#endif
