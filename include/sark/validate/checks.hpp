// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog/kinds.hpp>
#include <sark/validate/check.hpp>
#include <sark/validate/detail/row_checks.hpp>
#include <sark/validate/kinds.hpp>

namespace sark::validate::detail {

inline constexpr auto own_row_checks = [] {
    std::array<row_check, data_checks.size() + relationship_checks.size() + business_checks.size()> all{};
    std::size_t n = 0;
    for (row_check const& c : data_checks) all[n++] = c;
    for (row_check const& c : relationship_checks) all[n++] = c;
    for (row_check const& c : business_checks) all[n++] = c;
    return all;
}();

}  // namespace sark::validate::detail

namespace sark::validate {

/// Gives the checks of rows of the library's own tables.
[[nodiscard]] constexpr std::span<row_check const> row_checks() { return detail::own_row_checks; }

/// Describes all checks for people, one paragraph each; differences of the schema are listed by their ids.
[[nodiscard]] inline std::string list(std::span<row_check const> rows = row_checks()) {
    std::string text;
    auto const put = [&](check const& c, std::string_view table, std::string_view query) {
        text.append(c.id).append("\n    ").append(report::text_of(c.severity)).append(", ").append(text_of(c.group));
        text.append(c.cost == cost::catalog ? ", quick" : "").append("\n    ");
        text.append(table).append(table.empty() ? "" : ": ").append(c.what).append(".\n    ").append(c.why);
        text.append("\n    repair: ").append(c.repair).append("\n");
        if (!query.empty()) text.append("    query:  ").append(query).append("\n");
    };
    for (catalog::finding_kind const& k : catalog::finding_kinds)
        put({k.id, group::schema, k.severity, "a difference to what the migrations build", k.why,
             "-- The finding has the statements", cost::catalog},
            {}, {});
    for (check const& c : kinds)
        if (catalog::find_kind(c.id) == nullptr) put(c, {}, {});
    for (row_check const& c : rows) put(c.check, c.table, c.query);
    return text;
}

}  // namespace sark::validate
