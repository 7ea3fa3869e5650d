// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/report/finding.hpp>
#include <sark/validate/check.hpp>

namespace sark::validate {

/// Holds from where on the estimates of the server are worth a finding.
struct thresholds {
    std::int64_t unused_index_bytes = 1 << 20;
    std::chrono::hours unused_for = std::chrono::hours{24 * 30};  ///< since when statistics have been counting
    double sequence_used = 0.8;                                   ///< of its range
    std::int64_t changed_rows = 1000;                             ///< since the last ANALYZE, and
    double changed_share = 0.2;                                   ///< of the rows
    std::int64_t bloat_bytes = 64 << 20;
    double bloat_share = 0.5;  ///< of the table's size
};

/// Tells which check is next and how many there are.
struct progress {
    std::string_view id;
    std::string_view subject;
    std::size_t done = 0;
    std::size_t total = 0;
};

struct options {
    bool schema = true;
    bool data = true;
    bool relationships = true;
    bool business = true;
    bool quick = false;  ///< only what reads no whole table

    /// Writes nothing at all, not even what is rolled back. Then expressions (defaults, checks, views) are not compared,
    /// for only a server can spell what is expected; checks are applied to the rows instead.
    bool read_only = false;

    std::chrono::milliseconds statement_timeout{0};  ///< of each check; 0 leaves what the session has
    std::chrono::milliseconds lock_timeout{0};       ///< 0 leaves it
    std::size_t keys = 5;                            ///< named in a finding, the first in their order
    validate::thresholds thresholds = {};

    std::span<row_check const> more = {};  ///< checks of your own
    /// Finds more about the data, on the same connection and after the transaction of the checks: a comparison with v1.
    std::function<std::vector<report::finding>(connection&)> also = {};
    std::function<void(progress const&)> report = {};  ///< is called, never printed for you

    [[nodiscard]] bool wants(group g) const {
        switch (g) {
            case group::schema: return schema;
            case group::data: return data;
            case group::relationships: return relationships;
            case group::business: break;
        }
        return business;
    }
    [[nodiscard]] bool wants(check const& c) const { return wants(c.group) && (!quick || c.cost == cost::catalog); }
};

}  // namespace sark::validate
