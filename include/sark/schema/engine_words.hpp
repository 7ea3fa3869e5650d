// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/definition.hpp>
#include <sark/sql/writer.hpp>

namespace sark::schema {

/// Writes what a table is to TimescaleDB: `a hypertable by "timestamp" in chunks of 7 days`, or `a plain table`.
constexpr void put_words(sql::writer& w, hypertable const& h) {
    if (!h.is_one()) return w.put("a plain table");
    w.put("a hypertable by ");
    w.put(h.time);
    w.put(" in chunks of ");
    w.put(h.chunk);
    if (!h.space.empty()) {
        w.put(" and by ");
        w.put(h.space);
        w.put(" in ");
        w.put_number(static_cast<unsigned long long>(h.partitions));
        w.put(" partitions");
    }
    if (!h.compress_after.empty()) {
        w.put(", compressed after ");
        w.put(h.compress_after);
        for (std::string_view name : h.segment_by) {
            w.put(&name == h.segment_by.data() ? " by " : ", ");
            w.put(name);
        }
    }
    if (!h.drop_after.empty()) {
        w.put(", dropped after ");
        w.put(h.drop_after);
    }
}

/// Writes what a table is to Citus: `distributed by resource_id with resources`, `a reference table`, `a local table`.
constexpr void put_words(sql::writer& w, distribution const& d) {
    if (d.kind == placement::reference) return w.put("a reference table");
    if (d.kind == placement::local) return w.put("a local table");
    w.put("distributed by ");
    w.put(d.column);
    if (d.with.empty()) return;
    w.put(" with ");
    w.put(d.with);
}

/// Writes how a view is kept: `computed every 1 hour`, or `computed when it is read`.
constexpr void put_words(sql::writer& w, refresh const& r) {
    if (!r.is_continuous()) return w.put("computed when it is read");
    w.put("computed every ");
    w.put(r.every);
    if (!r.from.empty()) {
        w.put(" from ");
        w.put(r.from);
        w.put(" ago");
    }
    if (!r.until.empty()) {
        w.put(" until ");
        w.put(r.until);
        w.put(" ago");
    }
}

}  // namespace sark::schema
