// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/types/json.hpp>

namespace sark {

/// Keeps the members of a document that its struct does not have, and writes them back as they were spelled.
///
/// A struct that has a member of this type reads, changes and writes documents of others without losing anything.
/// @code
/// struct Annotations {
///     std::optional<std::string> title{};
///     sark::other_members others{};
/// };
/// @endcode
class other_members {
public:
    using member = std::pair<std::string, json>;

    [[nodiscard]] std::vector<member> const& list() const noexcept { return members_; }
    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
    [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
    [[nodiscard]] auto begin() const noexcept { return members_.begin(); }
    [[nodiscard]] auto end() const noexcept { return members_.end(); }

    /// Finds a member; null when there is none of that name.
    [[nodiscard]] json const* find(std::string_view name) const noexcept {
        for (member const& m : members_)
            if (m.first == name) return &m.second;
        return nullptr;
    }

    /// Adds a member or replaces the one of that name.
    void set(std::string name, json value) {
        for (member& m : members_)
            if (m.first == name) {
                m.second = std::move(value);
                return;
            }
        members_.emplace_back(std::move(name), std::move(value));
    }

    /// Removes a member; tells whether it was there.
    bool erase(std::string_view name) {
        for (auto m = members_.begin(); m != members_.end(); ++m)
            if (m->first == name) {
                members_.erase(m);
                return true;
            }
        return false;
    }

private:
    std::vector<member> members_;
};

}  // namespace sark
