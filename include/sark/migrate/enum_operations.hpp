// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/schema/ddl.hpp>

namespace sark::migrate {

/// Names a column that has the enum type; `key` is what an error names its rows by, `fallback` the column's default.
struct enum_use {
    std::string_view table;
    std::string_view column;
    std::string_view key = "id";
    std::string_view fallback = {};
};

/// Lists labels in order.
template <class... Labels>
[[nodiscard]] constexpr auto labels(Labels const&... names) {
    return std::array<std::string_view, sizeof...(Labels)>{detail::checked_name(names)...};
}

/// Lists the columns of an enum type.
template <class... Uses>
[[nodiscard]] constexpr auto used_by(Uses const&... uses) {
    return std::array<enum_use, sizeof...(Uses)>{uses...};
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

using label_span = std::span<std::string_view const>;
using use_span = std::span<migrate::enum_use const>;

/// Counts the statements of a rebuild: per column one guard and one change, and three for the type itself.
[[nodiscard]] constexpr std::size_t enum_rebuild_count(use_span uses) { return 2 * uses.size() + 3; }

/// Writes a statement that fails when a row of the column has none of these labels.
constexpr void put_enum_guard(sql::writer& w, migrate::enum_use const& use, label_span to) {
    auto const put_rows = [&](sql::writer& out) {
        sql::put_identifier(out, use.column);
        out.put("::text NOT IN (");
        bool first = true;
        for (std::string_view label : to) {
            out.put_separator(first, ", ");
            sql::put_literal(out, label);
        }
        out.put(')');
    };
    put_requirement(w, use.table, use.key, put_rows, "use a label that the enum type does not have afterwards");
}

/// Writes statement `i` of the rebuild of an enum type with other labels: guards first, so that a row that uses a
/// label which goes away stops everything before anything is changed.
constexpr void put_enum_rebuild(sql::writer& w, std::size_t i, std::string_view type, label_span to, use_span uses) {
    auto const put_old_name = [&] {
        w.put('"');
        w.put(type);
        w.put("__old\"");
    };
    if (i < uses.size()) return put_enum_guard(w, uses[i], to);
    i -= uses.size();
    if (i == 0) {
        w.put("ALTER TYPE ");
        sql::put_identifier(w, type);
        w.put(" RENAME TO ");
        put_old_name();
    } else if (i == 1) {
        schema::put_create_enum(w, {.name = type, .labels = {to.begin(), to.end()}});
    } else if (i < 2 + uses.size()) {
        migrate::enum_use const& use = uses[i - 2];
        w.put("ALTER TABLE ");
        sql::put_identifier(w, use.table);
        auto const alter = [&](std::string_view action) {
            w.put("\n    ALTER COLUMN ");
            sql::put_identifier(w, use.column);
            w.put(action);
        };
        if (!use.fallback.empty()) alter(" DROP DEFAULT,");
        alter(" TYPE ");
        sql::put_identifier(w, type);
        w.put(" USING ");
        sql::put_identifier(w, use.column);
        w.put("::text::");
        sql::put_identifier(w, type);
        if (!use.fallback.empty()) {
            w.put(',');
            alter(" SET DEFAULT ");
            w.put(use.fallback);
        }
    } else {
        w.put("DROP TYPE ");
        put_old_name();
    }
}

constexpr void change_labels(schema::definition& d, std::string_view type, label_span before, label_span after) {
    schema::enum_type& e = named(d.enums, type, "sark: a migration changes an enum type that does not exist there.");
    if (!std::equal(e.labels.begin(), e.labels.end(), before.begin(), before.end()))
        throw misfit{"sark: a migration changes an enum type that has other labels at that point."};
    e.labels.assign(after.begin(), after.end());
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Creates an enum type; its down drops it.
template <std::size_t N>
struct create_enum_t {
    std::string_view name;
    std::array<std::string_view, N> labels;

    [[nodiscard]] constexpr schema::enum_type to_schema() const {
        return {.name = name, .labels = {labels.begin(), labels.end()}};
    }
    constexpr void up(sql::writer& w) const { schema::put_create_enum(w, to_schema()); }
    constexpr void down(sql::writer& w) const {
        w.put("DROP TYPE ");
        sql::put_identifier(w, name);
    }
    constexpr void apply(schema::definition& d) const { detail::add_new(d.enums, to_schema()); }
    constexpr void revert(schema::definition& d) const { detail::remove_equal(d.enums, to_schema()); }
    [[nodiscard]] constexpr facts up_facts() const { return {}; }
    [[nodiscard]] constexpr facts down_facts() const { return {}; }
};

template <class... Labels>
[[nodiscard]] constexpr auto create_enum(std::string_view name, Labels const&... names) {
    return create_enum_t<sizeof...(Labels)>{detail::checked_name(name), labels(names...)};
}

/// Drops an enum type; takes its labels, so that its down creates it again.
template <class... Labels>
[[nodiscard]] constexpr auto drop_enum(std::string_view name, Labels const&... names) {
    return reverse(create_enum(name, names...));
}

/// Builds an enum type anew with other labels. Rows that use a label which goes away stop it.
template <std::size_t From, std::size_t To, std::size_t Uses>
struct rebuild_enum_t {
    std::string_view type;
    std::array<std::string_view, From> from;
    std::array<std::string_view, To> to;
    std::array<enum_use, Uses> uses;

    [[nodiscard]] constexpr std::size_t up_count() const { return detail::enum_rebuild_count(uses); }
    [[nodiscard]] constexpr std::size_t down_count() const { return detail::enum_rebuild_count(uses); }
    constexpr void up(sql::writer& w, std::size_t i) const { detail::put_enum_rebuild(w, i, type, to, uses); }
    constexpr void down(sql::writer& w, std::size_t i) const { detail::put_enum_rebuild(w, i, type, from, uses); }
    constexpr void apply(schema::definition& d) const { detail::change_labels(d, type, from, to); }
    constexpr void revert(schema::definition& d) const { detail::change_labels(d, type, to, from); }
    [[nodiscard]] constexpr facts up_facts() const {
        return {.relation = Uses == 0 ? std::string_view{} : uses[0].table,
                .lock = lock_level::access_exclusive,
                .rewrites = true,
                .scans = true};
    }
    [[nodiscard]] constexpr facts down_facts() const { return up_facts(); }
};

/// `rebuild_enum("mood", labels("sad"), labels("sad", "happy"), used_by(enum_use{.table = …, .column = …}))`.
template <std::size_t From, std::size_t To, std::size_t Uses>
[[nodiscard]] constexpr rebuild_enum_t<From, To, Uses> rebuild_enum(std::string_view type,
                                                                    std::array<std::string_view, From> const& from,
                                                                    std::array<std::string_view, To> const& to,
                                                                    std::array<enum_use, Uses> const& uses) {
    return {detail::checked_name(type), from, to, uses};
}

/// Appends labels to an enum type. The server cannot remove labels, so the way back builds the type anew: it needs the
/// labels there were before and the columns that have the type. A new label cannot be used before the commit.
template <std::size_t Before, std::size_t Added, std::size_t Uses>
struct add_enum_labels_t {
    std::string_view type;
    std::array<std::string_view, Before> before;
    std::array<std::string_view, Added> added;
    std::array<enum_use, Uses> uses;

    [[nodiscard]] constexpr std::size_t up_count() const { return Added; }
    [[nodiscard]] constexpr std::size_t down_count() const { return detail::enum_rebuild_count(uses); }
    constexpr void up(sql::writer& w, std::size_t i) const {
        w.put("ALTER TYPE ");
        sql::put_identifier(w, type);
        w.put(" ADD VALUE ");
        sql::put_literal(w, added[i]);
    }
    constexpr void down(sql::writer& w, std::size_t i) const { detail::put_enum_rebuild(w, i, type, before, uses); }
    constexpr void apply(schema::definition& d) const { detail::change_labels(d, type, before, all()); }
    constexpr void revert(schema::definition& d) const { detail::change_labels(d, type, all(), before); }
    [[nodiscard]] constexpr facts up_facts() const { return {}; }
    [[nodiscard]] constexpr facts down_facts() const {
        return {.relation = Uses == 0 ? std::string_view{} : uses[0].table,
                .lock = lock_level::access_exclusive,
                .rewrites = true,
                .scans = true};
    }

private:
    [[nodiscard]] constexpr std::array<std::string_view, Before + Added> all() const {
        std::array<std::string_view, Before + Added> joined{};
        std::copy(before.begin(), before.end(), joined.begin());
        std::copy(added.begin(), added.end(), joined.begin() + Before);
        return joined;
    }
};

/// `add_enum_labels("mood", labels("sad"), labels("happy"), used_by(enum_use{.table = …, .column = …}))`: the labels
/// there were, the ones that come, and the columns that have the type.
template <std::size_t Before, std::size_t Added, std::size_t Uses>
[[nodiscard]] constexpr add_enum_labels_t<Before, Added, Uses> add_enum_labels(
    std::string_view type, std::array<std::string_view, Before> const& before,
    std::array<std::string_view, Added> const& added, std::array<enum_use, Uses> const& uses) {
    return {detail::checked_name(type), before, added, uses};
}

}  // namespace sark::migrate
