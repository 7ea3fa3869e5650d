// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/detail/repair.hpp>
#include <sark/catalog/kinds.hpp>
#include <sark/report/finding.hpp>

namespace sark::catalog::detail {

/// Holds what the parts of a comparison share: both sides, what was found, and which things a finding already covers.
///
/// One cause is one finding. Whoever drops a column loses its indexes, keys and views as well: the finding about the
/// column restores them, and nothing is said about each.
class diff_base {
public:
    diff_base(snapshot const& want, snapshot const& live) : want_{want}, live_{live} {}

    void add(std::string_view id, std::string subject, std::string what, std::string evidence, statements repair) {
        finding_kind const* const kind = find_kind(id);
        findings_.push_back({.id = std::string{id},
                             .severity = kind->severity,
                             .subject = std::move(subject),
                             .what = std::move(what),
                             .why = std::string{kind->why},
                             .evidence = std::move(evidence),
                             .repair = std::move(repair)});
    }

    [[nodiscard]] static std::string both(std::string const& expected, std::string const& found) {
        return "expected: " + (expected.empty() ? "none" : expected) +
               "\nfound:    " + (found.empty() ? "none" : found);
    }

    /// Tells whether two definitions are the same; a database that was restored from a dump spells some otherwise, and a
    /// label that was renamed stands in every default and check that speaks of it.
    [[nodiscard]] bool same(std::string const& want, std::string const& live) const {
        if (want == live) return true;
        auto const other = want_.respelled.find(want);
        if (other != want_.respelled.end() && other->second == live) return true;
        if (renamed_labels_.empty()) return false;
        std::string meant = live;
        for (auto const& [theirs, ours] : renamed_labels_)
            for (std::size_t at = meant.find(theirs); at != std::string::npos;
                 at = meant.find(theirs, at + ours.size()))
                meant.replace(at, theirs.size(), ours);
        return meant == want || (other != want_.respelled.end() && other->second == meant);
    }

    /// Notes that a label has another name, as the server spells a value of an enum.
    void rename_label(std::string const& type, std::string const& theirs, std::string const& ours) {
        for (std::string const& name : {type, quoted_name(type)})
            renamed_labels_.emplace_back(literal(theirs) + "::" + name, literal(ours) + "::" + name);
    }

    void touch(std::string const& table, std::string const& column) { touched_.emplace(table, column); }
    [[nodiscard]] bool is_touched(std::string const& table, std::string const& column) const {
        return touched_.contains({table, column});
    }
    [[nodiscard]] bool any_touched(std::string const& table, std::vector<std::string> const& columns) const {
        return std::any_of(columns.begin(), columns.end(), [&](auto const& c) { return is_touched(table, c); });
    }
    [[nodiscard]] bool is_lost(std::string const& relation) const { return lost_.contains(relation); }

    /// Tells whether something that a view reads has a finding of its own, which restores the view.
    [[nodiscard]] bool reads_touched(relation const& view) const {
        return std::any_of(view.uses.begin(), view.uses.end(),
                           [&](column_use const& u) { return is_lost(u.table) || is_touched(u.table, u.column); });
    }
    /// Tells the same of a constraint: its own columns, or those it references.
    [[nodiscard]] bool hangs_on_touched(std::string const& table, constraint const& c) const {
        return any_touched(table, c.columns) || (!c.references.empty() && is_lost(c.references)) ||
               any_touched(c.references, c.referenced) || lost_keys_.contains({c.references, c.referenced});
    }

    [[nodiscard]] static bool has(std::vector<std::string> const& list, std::string const& name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    }

    /// Gives the foreign keys of other tables that point to these columns and that the live side lacks.
    template <class Points>
    [[nodiscard]] statements missing_references(std::string const& table, Points const& points) const {
        statements made;
        for (relation const& other : want_.relations) {
            relation const* const there = find(live_.relations, other.name);
            if (there == nullptr || other.name == table) continue;
            for (constraint const& c : other.constraints)
                if (c.kind == 'f' && c.references == table && points(c) && find(there->constraints, c.name) == nullptr)
                    made.push_back(add_constraint(other.name, c));
        }
        return made;
    }

    snapshot const& want_;
    snapshot const& live_;
    std::vector<report::finding> findings_;
    std::set<std::string> lost_;  // tables that are missing, or have another name or kind
    std::set<std::string> lost_functions_;
    std::set<std::string> lost_enums_;
    std::set<std::pair<std::string, std::vector<std::string>>> lost_keys_;

private:
    std::set<std::pair<std::string, std::string>> touched_;
    std::vector<std::pair<std::string, std::string>> renamed_labels_;
};

}  // namespace sark::catalog::detail
