// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb/detail/json_part.hpp>
#include <sark/jsonb/tree.hpp>

namespace sark::detail {

/// Keeps the last of equal keys, as jsonb does.
inline void drop_repeated_keys(json_tree& object) {
    auto& members = object.members();
    if (members.size() < 2) return;
    std::vector<std::size_t> order(members.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        int const names = members[a].first.compare(members[b].first);
        return names != 0 ? names < 0 : a < b;
    });
    std::vector<bool> dropped(members.size(), false);
    bool any = false;
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
        if (members[order[i]].first == members[order[i + 1]].first) any = dropped[order[i]] = true;
    if (!any) return;
    std::vector<json_tree::member> kept;
    for (std::size_t i = 0; i < members.size(); ++i)
        if (!dropped[i]) kept.push_back(std::move(members[i]));
    members = std::move(kept);
}

[[nodiscard]] inline json_tree make_scalar(json_part value) {
    switch (value.kind()) {
        case json_kind::string: return json_tree::string(value.content());
        case json_kind::boolean: return json_tree::boolean(value.front() == 't');
        case json_kind::number: return json_tree::number(std::string{value.text()});
        default: return {};
    }
}

/// Builds a tree without recursion: what is open stands on a stack of its own.
[[nodiscard]] inline json_tree build_tree(std::string_view text, json_limits const& limits) {
    struct branch {
        json_tree* tree;
        json_part end;
    };
    json_source const source{text, limits};
    json_tree root;
    std::vector<branch> open;
    json_part part{source, 0};
    // The vectors above do not grow while a child is open, so the pointers stay good.
    for (json_tree* place = &root;;) {
        if (part.front() == '{' || part.front() == '[') {
            *place = part.front() == '{' ? json_tree::object() : json_tree::array();
            open.push_back({place, part.behind()});
            part = part.inside();
        } else {
            *place = make_scalar(part);
            part = part.behind();
        }
        for (;; open.pop_back()) {
            if (open.empty()) return root;
            if (part != open.back().end) break;
            drop_repeated_keys(*open.back().tree);
        }
        json_tree& into = *open.back().tree;
        if (into.is(json_kind::object)) {
            place = &into.members().emplace_back(part.content(), json_tree{}).second;
            part = part.behind();
        } else {
            place = &into.items().emplace_back();
        }
    }
}

}  // namespace sark::detail
