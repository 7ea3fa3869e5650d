// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <sark/migrate/lint_rules.hpp>

namespace sark::migrate {

/// Shows one question to a database: a SELECT of one row that tells how many things are wrong, and which.
///
/// The first field is a count, 0 when all is well. The second is text or NULL: the keys of the first five rows, or names
/// and definitions of things of the schema; never a value of another column.
struct assertion_view {
    std::string_view sql;                                   ///< zero-terminated, for C interfaces
    std::string_view says;                                  ///< what is wrong when the count is not 0, and the cure
    migrate::severity severity = migrate::severity::error;  ///< warning: the migration would run, and lose something
    std::string_view step;     ///< title of the step it belongs to, empty outside of steps and for post-conditions
    std::string_view guard;    ///< a SELECT of one boolean: ask only where it is true; empty for always
    std::string_view subject;  ///< the table, view, type or function it is about
    std::string_view other;    ///< the table a foreign key points to, empty for none
};

/// Shows what one migration can be asked before and after it runs, in each direction.
struct migration_assertions {
    std::string_view id;
    std::span<assertion_view const> before_up;
    std::span<assertion_view const> after_up;
    std::span<assertion_view const> before_down;
    std::span<assertion_view const> after_down;
    std::span<std::string_view const> touches;  ///< tables, views, types and functions that the migration changes
    bool touches_any;                           ///< it has a statement that may change anything
};

/// Says what an assertion found in a database.
struct assertion_finding {
    std::string migration;  ///< revision; for `verify_applied` the one that was recorded last
    std::string step;       ///< title of its step, may be empty
    std::string sentence;   ///< what is wrong, and the cure
    std::int64_t count = 0;
    std::string details;  ///< keys of the first five rows, or names; may be empty
    migrate::severity severity = migrate::severity::error;
};

/// Gives a finding as one sentence.
[[nodiscard]] inline std::string text_of(assertion_finding const& f) {
    std::string text = "sark: migration " + f.migration;
    if (!f.step.empty()) text += " (" + f.step + ")";
    text += ": " + f.sentence + " Found " + std::to_string(f.count);
    return f.details.empty() ? text + "." : text + ": " + f.details + ".";
}

}  // namespace sark::migrate
