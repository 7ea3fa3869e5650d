// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <sark/report/finding.hpp>

namespace sark::upgrade::detail {

/// Says what a class of rows means; `quarantined` rows are not moved.
struct row_class {
    std::string_view name;
    report::severity severity;
    std::string_view what;  ///< after `12 row(s) of mcp_tools `
    std::string_view why;
    std::string_view repair;  ///< what somebody has to do who knows the rows
};

inline constexpr std::array row_classes{
    row_class{"name-missing", report::severity::error, "have no name", "resources and capabilities need one",
              "Give the v1 rows a name, then run again"},
    row_class{"name-too-long", report::severity::error, "have a name of more than 255 characters",
              "the column of v2 holds 255, and nothing is cut", "Shorten the names in v1, then run again"},
    row_class{"endpoint-too-long", report::severity::error, "have an endpoint of more than 1000 characters",
              "the column of v2 holds 1000, and nothing is cut", "Shorten the endpoints in v1, then run again"},
    row_class{"sensitivity-unknown", report::severity::error,
              "have a sensitivity other than low, medium, high or critical", "v2 checks the four",
              "Set one of the four in v1, then run again"},
    row_class{"document-missing", report::severity::error, "have NULL instead of a JSON document",
              "v2 wants a document", "Set '{}' in v1, then run again"},
    row_class{"time-missing", report::severity::error, "have no created_at or updated_at", "v2 wants both",
              "Set the times in v1, then run again"},
    row_class{"document-too-large", report::severity::error, "have larger JSON documents than the limit",
              "a client would have to hold them in memory",
              "Shrink the documents in v1, or raise options::largest_document, then run again"},
    row_class{"document-too-deep", report::severity::error, "have deeper nested JSON than the limit",
              "readers stop, or crash, far below what the server takes",
              "Flatten the documents in v1, or raise options::deepest_document, then run again"},
    row_class{"number-too-long", report::severity::error, "have a JSON number with more digits than the limit",
              "written out it is larger than any double, and parsers refuse it",
              "Store such numbers as texts in v1, or raise options::longest_number, then run again"},
    row_class{"id-taken", report::severity::error, "have the id of a row of v2 that did not come from v1",
              "one of the two would be lost", "Give the row of v2 another id, or delete it, then run again"},
    row_class{"changed-on-both-sides", report::severity::error, "changed in v1 and in v2 since they were moved",
              "nobody but you knows which is right", "Make the rows equal, or run with edits::overwrite to let v1 win"},
    row_class{"parent-missing", report::severity::error, "belong to a server that is not in v2",
              "the foreign key of v2 wants it", "See why the server was not moved, then run again"},
    row_class{"kept", report::severity::warning, "were edited in v2 since they were moved",
              "they are not what v1 says; the edit was kept", "Run with edits::overwrite to let v1 win"},
    row_class{"gone", report::severity::warning, "were deleted in v2 since they were moved",
              "v1 still has them; the deletion was kept", "Run with edits::overwrite to bring them back"},
    row_class{"endpoint-missing", report::severity::warning, "have neither command nor endpoint",
              "their endpoint in v2 is the placeholder unknown:<id>", "Set one of the two in v1, then run again"},
    row_class{"extra-metadata-kept", report::severity::info,
              "have extra_metadata that is no object or repeats a migrated key",
              "its original is kept whole under the key extra_metadata", ""},
    row_class{"source-gone", report::severity::warning, "were deleted in v1 since they were moved",
              "v2 still has them: the tool deletes nothing", "Delete them in v2 if they are to go"},
};

/// Makes the finding of a class; the keys are the first ones, in no order.
[[nodiscard]] inline report::finding finding_of(std::string_view name, std::string_view table, std::int64_t rows,
                                                std::vector<std::string> const& keys, bool quarantined) {
    row_class of{name, report::severity::error, "were refused by the server", "see its code in the name of the class",
                 "Correct the rows in v1, then run again"};
    for (row_class const& known : row_classes)
        if (known.name == name) of = known;
    std::string list;
    for (std::string const& key : keys) list.append(list.empty() ? "" : ", ").append(key);
    if (static_cast<std::int64_t>(keys.size()) < rows) list += ", …";
    report::finding made{.id = "v1-row-" + std::string{name},
                         .severity = of.severity,
                         .subject = std::string{table},
                         .what = std::to_string(rows) + " row(s) of " + std::string{table} + " " +
                                 std::string{of.what} + ": " + list,
                         .why = std::string{of.why},
                         .evidence = std::to_string(rows) + " row(s)"};
    if (quarantined)
        made.evidence += R"(; SELECT "source_id", "detail" FROM "sark_upgrade_quarantine" WHERE "source_table" = ')" +
                         std::string{table} + "' AND \"reason\" = '" + std::string{name} + "'";
    // A script is what a repair is: what only somebody who knows the rows can do is a comment in it.
    if (!of.repair.empty()) made.repair.push_back("-- " + std::string{of.repair});
    return made;
}

}  // namespace sark::upgrade::detail
