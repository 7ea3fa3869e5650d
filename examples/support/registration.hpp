// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/models.hpp>

#include "text.hpp"

namespace support {

/// Is what an adapter registers: a resource, its capabilities, and who says so.
struct registration {
    std::string source;  ///< a file or a command, as it is named in messages
    sark::Resource resource;
    std::vector<sark::Capability> capabilities;
};

/// Carries the members that an adapter does not write over from the stored metadata: others have put them there.
[[nodiscard]] inline sark::json with_members_of_others(sark::json const& mine, sark::json const& stored,
                                                       std::set<std::string_view> const& own) {
    sark::json_tree const theirs = sark::parse_json(stored.text());
    sark::json_tree merged = sark::parse_json(mine.text());
    for (auto const& [key, value] : theirs.members())
        if (!own.contains(key) && merged.find(key) == nullptr) merged.set(key, value);
    return sark::json{merged.to_string()};
}

/// Refuses two capabilities with one id: a client that names it would not know which one it gets.
template <class Say>
void refuse_same_ids(std::vector<sark::Capability> const& rows, Say const& say) {
    std::map<std::string_view, std::size_t> first;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const [other, is_new] = first.emplace(rows[i].id, i);
        if (!is_new) say(other->second, i);
    }
}

}  // namespace support
