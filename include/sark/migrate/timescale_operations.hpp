// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/detail/few.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/schema/timescale_ddl.hpp>
#include <sark/schema/timescale_undo.hpp>

namespace sark::migrate {

/// Names the column whose value says in which chunk a row is, and the interval of a chunk.
struct by_time {
    std::string_view column;
    std::string_view chunk = "7 days";
};

/// Names a second column, by whose hash chunks are split further; empty for none.
struct by_hash {
    std::string_view column = {};
    int partitions = 0;
};

/// Makes a hypertable of a table, with the rows it has; on the way back they are copied into a plain table.
///
/// Stands in `when_extension("timescaledb", …)` where the chain also runs without it.
/// @code
/// when_extension("timescaledb", create_hypertable("readings", by_time{"at", "1 day"}))
/// @endcode
struct create_hypertable_t {
    std::string_view table;
    by_time time;
    by_hash space = {};

    constexpr void up(sql::writer& w) const { schema::put_create_hypertable(w, table, to_schema()); }
    constexpr void down(sql::writer& w) const { schema::put_drop_hypertable(w, table); }
    constexpr void apply(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (h.is_one()) throw detail::misfit{"sark: create_hypertable: the table is a hypertable at that point."};
        h = to_schema();
    }
    constexpr void revert(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (!(h == to_schema()))
            throw detail::misfit{"sark: create_hypertable: the table is another hypertable, or none, at that point."};
        h = {};
    }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .rewrites = true, .scans = true};
    }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    [[nodiscard]] constexpr schema::hypertable to_schema() const {
        return {.time = time.column, .chunk = time.chunk, .space = space.column, .partitions = space.partitions};
    }
};

template <>
inline constexpr bool places_rows<create_hypertable_t> = true;

/// Makes a hypertable: `create_hypertable("readings", by_time{"at", "1 day"}, by_hash{"sensor", 4})`.
[[nodiscard]] constexpr create_hypertable_t create_hypertable(std::string_view table, by_time time,
                                                              by_hash space = {}) {
    detail::checked_name(time.column);
    detail::checked_text(time.chunk);
    if (!space.column.empty()) detail::checked_name(space.column);
    return {detail::checked_name(table), time, space};
}

/// Compresses chunks of a hypertable that are older than `after`. Where the server runs under the Apache licence, it
/// warns and goes on. On the way back the chunks are written out again.
struct compress_chunks_t {
    std::string_view table;
    std::string_view after;
    detail::few<std::string_view> segment_by = {};
    std::string_view time = {};

    constexpr void up(sql::writer& w) const {
        schema::hypertable h;
        h.time = time;
        h.compress_after = after;
        h.segment_by = segment_by.to_vector();
        schema::put_compress(w, table, h);
    }
    constexpr void down(sql::writer& w) const { schema::put_decompress(w, table); }
    constexpr void apply(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (!schema::same_text(h.time, time) || !h.compress_after.empty())
            throw detail::misfit{"sark: compress_chunks: the table is no hypertable by that column, or is compressed "
                                 "already, at that point."};
        h.compress_after = after;
        h.segment_by = segment_by.to_vector();
    }
    constexpr void revert(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (!schema::same_text(h.compress_after, after))
            throw detail::misfit{"sark: compress_chunks: the table is not compressed so at that point."};
        h.compress_after = {};
        h.segment_by.clear();
    }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = table, .lock = lock_level::access_exclusive, .rewrites = true, .scans = true};
    }
};

/// Compresses old chunks: `compress_chunks("readings", by_time{"at"}, "30 days", "sensor")`; rows of different values
/// of the columns named last stay apart.
template <class... Columns>
[[nodiscard]] constexpr compress_chunks_t compress_chunks(std::string_view table, by_time time, std::string_view after,
                                                          Columns const&... segment_by) {
    compress_chunks_t op{detail::checked_name(table), detail::checked_text(after), {}, time.column};
    (op.segment_by.push_back(detail::checked_name(segment_by)), ...);
    return op;
}

/// Has chunks of a hypertable dropped, rows and all, once they are older than `after`. Where the server runs under the
/// Apache licence, it warns and nothing is dropped. The way back ends it; dropped rows stay dropped.
struct drop_chunks_t {
    std::string_view table;
    std::string_view after;

    constexpr void up(sql::writer& w) const {
        schema::hypertable h;
        h.drop_after = after;
        schema::put_retain(w, table, h);
    }
    constexpr void down(sql::writer& w) const { schema::put_retain_no_more(w, table); }
    constexpr void apply(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (!h.is_one() || !h.drop_after.empty())
            throw detail::misfit{"sark: drop_chunks: the table is no hypertable, or its chunks are dropped already, at "
                                 "that point."};
        h.drop_after = after;
    }
    constexpr void revert(schema::definition& d) const {
        schema::hypertable& h = detail::table_of(d, table).chunks;
        if (!schema::same_text(h.drop_after, after))
            throw detail::misfit{"sark: drop_chunks: the table's chunks are not dropped so at that point."};
        h.drop_after = {};
    }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = table, .loses_data = true}; }
    [[nodiscard]] constexpr facts down_facts() const { return {.relation = table}; }
};

/// Has old chunks dropped: `drop_chunks("readings", "2 years")`.
[[nodiscard]] constexpr drop_chunks_t drop_chunks(std::string_view table, std::string_view after) {
    return {detail::checked_name(table), detail::checked_text(after)};
}

/// Creates a view that TimescaleDB computes as rows come. Where the server runs under the Apache licence, it warns and
/// creates a plain view of the same name and rows, so that readers do not notice. Its down drops either.
struct create_continuous_aggregate_t {
    std::string_view name;
    std::string_view query;
    schema::refresh kept;

    constexpr void up(sql::writer& w) const { schema::put_create_continuous(w, to_schema()); }
    constexpr void down(sql::writer& w) const { schema::put_drop_continuous(w, name); }
    constexpr void apply(schema::definition& d) const { detail::add_new(d.views, to_schema()); }
    constexpr void revert(schema::definition& d) const { detail::remove_equal(d.views, to_schema()); }
    [[nodiscard]] constexpr facts up_facts() const { return {.relation = name, .lock = lock_level::access_exclusive}; }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }

private:
    [[nodiscard]] constexpr schema::view to_schema() const {
        schema::view v{.name = name, .query = query};
        v.continuous = kept;
        return v;
    }
};

/// Creates a continuous aggregate: `create_continuous_aggregate("by_hour", "SELECT time_bucket(…) …",
/// schema::refresh{.every = "1 hour", .until = "1 hour"})`.
[[nodiscard]] constexpr create_continuous_aggregate_t create_continuous_aggregate(std::string_view name,
                                                                                  std::string_view query,
                                                                                  schema::refresh kept) {
    detail::checked_text(kept.every);
    return {detail::checked_name(name), detail::checked_text(query), kept};
}

}  // namespace sark::migrate
