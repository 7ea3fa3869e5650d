// expect: sark: this type has no JSON form
// also: timestamp
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/types.hpp>

auto good = sark::to_json(std::vector<std::string>{"a"});

#ifdef SARK_REJECT
auto wrong = sark::to_json(std::vector<sark::timestamp>{});
#endif
