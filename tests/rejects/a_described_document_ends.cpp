// expect: sark: this struct holds itself, and no constant text describes documents of any depth
// also: Node
// also: sark-J35
// SPDX-License-Identifier: MIT
#include <vector>

#include <sark/jsonb/json_schema.hpp>

struct Leaf {
    int weight{};
};
struct Node {
    std::vector<Node> children{};
};
[[maybe_unused]] constexpr auto good = sark::json_schema<Leaf>;

#ifdef SARK_REJECT
constexpr auto wrong = sark::json_schema<Node>;
#endif
