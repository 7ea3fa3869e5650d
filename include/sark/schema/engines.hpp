// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/meta/same_text.hpp>

namespace sark::schema {

/// Compares lists of texts, in their order.
[[nodiscard]] constexpr bool same_texts(std::vector<std::string_view> const& a,
                                        std::vector<std::string_view> const& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!sark::detail::same_text(a[i], b[i])) return false;
    return true;
}

/// Describes what TimescaleDB does with the rows of a table; an empty `time` means that it is a plain table.
struct hypertable {
    std::string_view time = {};                     ///< column whose value says in which chunk a row is
    std::string_view chunk = {};                    ///< interval that one chunk spans: `7 days`
    std::string_view space = {};                    ///< column by whose hash chunks are split further, empty for none
    int partitions = 0;                             ///< how many ways they are split
    std::string_view compress_after = {};           ///< age at which chunks are compressed, empty for never
    std::vector<std::string_view> segment_by = {};  ///< columns whose values keep compressed rows apart
    std::string_view drop_after = {};  ///< age at which chunks are dropped with their rows, empty for never

    [[nodiscard]] constexpr bool is_one() const { return !time.empty(); }
    constexpr bool operator==(hypertable const& o) const {
        using sark::detail::same_text;
        return partitions == o.partitions && same_text(time, o.time) && same_text(chunk, o.chunk) &&
               same_text(space, o.space) && same_text(compress_after, o.compress_after) &&
               same_text(drop_after, o.drop_after) && same_texts(segment_by, o.segment_by);
    }
};

/// Says where the rows of a table are on a server with Citus.
enum class placement {
    local,        ///< on the coordinator
    distributed,  ///< in shards, by the value of a column
    reference     ///< on every node
};

/// Describes where the rows of a table are on a server with Citus.
struct distribution {
    placement kind = placement::local;
    std::string_view column = {};  ///< distributed tables: whose value says in which shard a row is
    std::string_view with = {};    ///< distributed tables: the table beside whose shards these are, empty for none

    [[nodiscard]] constexpr bool is_local() const { return kind == placement::local; }
    constexpr bool operator==(distribution const& o) const {
        return kind == o.kind && sark::detail::same_text(column, o.column) && sark::detail::same_text(with, o.with);
    }
};

/// Describes how TimescaleDB keeps a view up to date that it computes as rows come: a continuous aggregate. An empty
/// `every` means that the view is none.
struct refresh {
    std::string_view every = {};  ///< how often: `1 hour`
    std::string_view from = {};   ///< oldest age that is computed anew, empty for any
    std::string_view until = {};  ///< youngest age that is; younger rows are computed when somebody reads

    [[nodiscard]] constexpr bool is_continuous() const { return !every.empty(); }
    constexpr bool operator==(refresh const& o) const {
        using sark::detail::same_text;
        return same_text(every, o.every) && same_text(from, o.from) && same_text(until, o.until);
    }
};

}  // namespace sark::schema
