// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/report/finding.hpp>

namespace sark::validate {

/// Names what a check is about; a run chooses among them.
enum class group { schema, data, relationships, business };

[[nodiscard]] constexpr std::string_view text_of(group g) {
    switch (g) {
        case group::schema: return "schema";
        case group::data: return "data";
        case group::relationships: return "relationships";
        case group::business: break;
    }
    return "business";
}

/// Says what a check reads: the catalog and statistics, or whole tables.
enum class cost { catalog, rows };

/// Describes a check. Ids are stable: reports, baselines and waivers name them.
struct check {
    std::string_view id;
    validate::group group = group::data;
    report::severity severity = report::severity::error;
    std::string_view what = {};    ///< as a phrase about its subject: `rows whose resource_id is no resource`
    std::string_view why = {};     ///< what follows from it
    std::string_view repair = {};  ///< a statement, or a comment in SQL where somebody has to decide
    validate::cost cost = cost::rows;
};

/// Is a check of rows: one SELECT of the keys of those that are wrong.
///
/// The query has one column of type text, never a value but a key, and uses nothing that depends on the session: it runs
/// with the time zone UTC and the search path of the schema. It is evidence, too: who wants all keys runs it.
struct row_check {
    validate::check check = {};
    std::string_view table;   ///< whose rows they are
    std::string_view column;  ///< the column at fault, empty for the row
    std::string_view query;
    std::string_view also = {};  ///< a further table or view that the query reads
    std::string_view third = {};
};

}  // namespace sark::validate
