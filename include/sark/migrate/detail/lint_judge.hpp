// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <sark/migrate/detail/lint_data.hpp>
#include <sark/migrate/detail/lint_indexes.hpp>
#include <sark/migrate/detail/lint_keys.hpp>
#include <sark/migrate/detail/lint_locks.hpp>
#include <sark/migrate/detail/lint_sql.hpp>
#include <sark/migrate/detail/lint_types.hpp>
#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

/// Removes the findings that a migration's waivers name, and reports on the waivers themselves.
constexpr void apply_waivers(scene const& s) {
    std::vector<migrate::finding> found;
    found.swap(s.findings);
    for (migrate::finding const& f : found) {
        if (!s.is_waived(f.rule)) s.findings.push_back(f);
    }
    for (change const& c : s.changes) {
        if (c.waiver == nullptr) continue;
        bool used = false;
        for (migrate::finding const& f : found) used = used || f.rule == c.waiver->rule;
        bool const known = migrate::find_rule(c.waiver->rule) != nullptr;
        if (!known) s.advise("unknown-waiver", {}, c.waiver->rule);
        if (known && !used) s.advise("unused-waiver", {}, c.waiver->rule);
        // Days that are spelled year-month-day compare as texts.
        if (!s.options.today.empty() && !c.waiver->last_day.empty() && c.waiver->last_day < s.options.today)
            s.advise("expired-waiver", {}, c.waiver->rule);
    }
}

/// Runs all rules on one migration.
constexpr void judge(scene s) {
    s.prepare();
    lint_locks(s);
    lint_data(s);
    lint_sql(s);
    lint_types(s);
    lint_keys(s);
    lint_indexes(s);
    if (!s.errors_only) apply_waivers(s);
}

}  // namespace sark::migrate::detail
