// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include <sark/report/finding.hpp>

namespace sark::catalog {

/// Describes a kind of difference. Ids are stable: reports and baselines name them.
struct finding_kind {
    std::string_view id;
    report::severity severity;
    std::string_view why;  ///< what follows from it
};

/// Lists every kind of difference that `diff` can report; docs/drift.md explains them.
// clang-format off
inline constexpr std::array finding_kinds{
    finding_kind{"table-missing", report::severity::critical, "Every statement about it fails."},
    finding_kind{"table-renamed", report::severity::critical, "Every statement about it fails. What hangs on it is judged once it has its name again."},
    finding_kind{"table-kind", report::severity::critical, "Statements about it fail or mean something else. There is no safe statement that changes the kind."},
    finding_kind{"table-persistence", report::severity::error, "Rows of an unlogged table are gone after a crash, and replicas never see them."},
    finding_kind{"row-security", report::severity::error, "Row security decides which rows a statement sees."},
    finding_kind{"partition-key", report::severity::critical, "Keys and plans depend on it. There is no statement that changes it."},
    finding_kind{"hypertable", report::severity::error, "Chunks, retention and compression follow these settings."},
    finding_kind{"column-missing", report::severity::critical, "Every statement that names it fails. The values it held do not come back; a NOT NULL column without default can only be added to an empty table."},
    finding_kind{"column-renamed", report::severity::critical, "Every statement that names it fails. What hangs on it is judged once it has its name again."},
    finding_kind{"column-unexpected", report::severity::warning, "The program does not know it. Dropping it drops its values."},
    finding_kind{"column-required", report::severity::error, "The program does not know it, so its inserts fail. Dropping it drops its values."},
    finding_kind{"column-type", report::severity::error, "Values are cut, rounded, refused or compared otherwise. The repair writes the table anew."},
    finding_kind{"column-null", report::severity::error, "A NULL may be read where none is expected, or an insert without a value fails."},
    finding_kind{"column-default", report::severity::error, "Inserts that leave the column out store another value, or fail."},
    finding_kind{"constraint-missing", report::severity::error, "Rows that break it are accepted. The repair fails where there are some."},
    finding_kind{"constraint-changed", report::severity::error, "Other rows are accepted or refused than the program expects."},
    finding_kind{"constraint-renamed", report::severity::warning, "Errors name it otherwise, and migrations that change it fail."},
    finding_kind{"constraint-not-valid", report::severity::error, "Rows from before may break it; the planner does not use it."},
    finding_kind{"constraint-unexpected", report::severity::error, "Rows that the program may write are refused."},
    finding_kind{"index-missing", report::severity::warning, "What it served reads whole tables."},
    finding_kind{"unique-index-missing", report::severity::error, "Rows that repeat its key are accepted. The repair fails where there are some."},
    finding_kind{"index-changed", report::severity::error, "It serves other statements, or refuses other rows, than it was made for."},
    finding_kind{"index-renamed", report::severity::warning, "Migrations that change it fail."},
    finding_kind{"index-invalid", report::severity::error, "Every write pays for it and no statement uses it: building it was interrupted."},
    finding_kind{"index-unexpected", report::severity::warning, "Every write pays for it."},
    finding_kind{"unique-index-unexpected", report::severity::error, "Rows that the program may write are refused."},
    finding_kind{"trigger-missing", report::severity::error, "What it kept is no longer kept."},
    finding_kind{"trigger-changed", report::severity::error, "It runs at other times, or does something else."},
    finding_kind{"trigger-state", report::severity::error, "It does not run when it should, or runs when it should not."},
    finding_kind{"trigger-unexpected", report::severity::error, "Rows may be stored otherwise than the program wrote them."},
    finding_kind{"policy-missing", report::severity::error, "It decides which rows a statement sees."},
    finding_kind{"policy-changed", report::severity::error, "It decides which rows a statement sees."},
    finding_kind{"policy-unexpected", report::severity::error, "It decides which rows a statement sees."},
    finding_kind{"view-missing", report::severity::critical, "Every statement about it fails."},
    finding_kind{"view-changed", report::severity::error, "It says something else than the program expects."},
    finding_kind{"view-not-filled", report::severity::error, "Every statement that reads it fails until it is refreshed."},
    finding_kind{"enum-missing", report::severity::critical, "Columns of the type went with it. The values they held do not come back."},
    finding_kind{"enum-label-missing", report::severity::critical, "Every statement that uses the label fails."},
    finding_kind{"enum-label-renamed", report::severity::critical, "Every statement that uses the label fails, and rows show another one."},
    finding_kind{"enum-label-unexpected", report::severity::warning, "The program cannot read rows that use it. The repair writes tables anew, and fails where rows use it."},
    finding_kind{"enum-order", report::severity::error, "Comparisons and sorted results follow the order of the labels. The repair writes tables anew."},
    finding_kind{"function-missing", report::severity::critical, "What calls it fails, and triggers that call it went with it."},
    finding_kind{"function-changed", report::severity::error, "It does something else than the program expects."},
    finding_kind{"sequence-missing", report::severity::critical, "Inserts fail. A new one begins at its start: set it past the greatest value in use."},
    finding_kind{"sequence-settings", report::severity::error, "It gives other numbers."},
    finding_kind{"sequence-owner", report::severity::warning, "It stays behind when the column goes, or goes with another one."},
    finding_kind{"extension-missing", report::severity::critical, "Types and functions of it are missing."},
    finding_kind{"grant-public", report::severity::warning, "Every role of the server may do this."},
    finding_kind{"comment", report::severity::info, "Nothing depends on it."},
    finding_kind{"unmanaged", report::severity::info, "Nothing of the schema needs it."},
};
// clang-format on

/// Finds a kind by its id; null for none.
[[nodiscard]] constexpr finding_kind const* find_kind(std::string_view id) {
    for (finding_kind const& kind : finding_kinds)
        if (kind.id == id) return &kind;
    return nullptr;
}

}  // namespace sark::catalog
