// expect: sark: this type has no JSON form
// also: duration
// also: sark-J05
// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <vector>

#include <sark/jsonb.hpp>

auto good = sark::to_json(std::vector<std::string>{"a"});

#ifdef SARK_REJECT
auto wrong = sark::to_json(std::vector<std::chrono::seconds>{});
#endif
