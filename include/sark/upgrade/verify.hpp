// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <sark/compare/rows.hpp>
#include <sark/db/connection.hpp>
#include <sark/migrations/moves.hpp>
#include <sark/report/finding.hpp>

namespace sark::upgrade {

/// Is what a comparison by value of v1 with v2 found.
struct verification {
    compare::result resources;
    compare::result capabilities;

    [[nodiscard]] bool equal() const noexcept { return resources.equal() && capabilities.equal(); }
};

/// Compares every row of v1, as it ought to be in v2, with what is there; rows of v2's own are no difference.
[[nodiscard]] inline verification verify(connection& db, compare::options const& how = {}) {
    verification found;
    found.resources = compare::rows(db, migrations::mapping::resources, how);
    found.capabilities = compare::rows(db, migrations::mapping::capabilities, how);
    return found;
}

/// Makes findings of it, one for each row, with its fields and without values.
[[nodiscard]] inline std::vector<report::finding> findings(verification const& of) {
    std::vector<report::finding> made;
    for (compare::result const* side : {&of.resources, &of.capabilities})
        for (compare::difference const& d : side->differences) {
            bool const is_missing = d.field.empty();
            if (!is_missing && !made.empty() && made.back().subject == d.table + "." + d.key) {
                made.back().what += ", " + d.field;
                continue;
            }
            made.push_back(
                {.id = is_missing ? "v2-row-missing" : "v2-row-differs",
                 .severity = report::severity::error,
                 .subject = d.table + "." + d.key,
                 .what = d.table + " " + d.key + (is_missing ? " is missing" : " differs from v1 in " + d.field),
                 .why = is_missing ? "a row of v1 did not arrive, or was deleted since"
                                   : "the value was changed on the way or since",
                 .repair = {"-- Run: sark v1-to-v2 --execute --overwrite, which lets v1 win"}});
        }
    return made;
}

}  // namespace sark::upgrade
