// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

/// Calls `visit(table, column)` for each column that the migration makes, or gives another type or default.
template <class Visit>
constexpr void each_new_column(scene const& s, Visit const& visit) {
    for (touched_table const& touched : s.tables) {
        if (!touched.columns) continue;
        schema::table const& t = *touched.now;
        schema::table const* const old = touched.old;
        for (schema::column const& c : t.columns) {
            schema::column const* const was = old == nullptr ? nullptr : find_named(old->columns, c.name);
            if (was == nullptr || was->type != c.type || was->fallback != c.fallback) visit(t, c);
        }
    }
}

[[nodiscard]] constexpr bool is_one_of(std::string_view word, std::string_view const* begin,
                                       std::string_view const* end) {
    for (; begin != end; ++begin)
        if (word == *begin) return true;
    return false;
}

/// Tells whether one of the words that a name is made of is in the list.
template <std::size_t N>
[[nodiscard]] constexpr bool name_speaks_of(std::string_view name, std::string_view const (&words)[N]) {
    for (std::size_t at = 0; at <= name.size();) {
        std::size_t const end = name.find('_', at) == std::string_view::npos ? name.size() : name.find('_', at);
        if (is_one_of(name.substr(at, end - at), words, words + N)) return true;
        at = end + 1;
    }
    return false;
}

[[nodiscard]] constexpr bool is_small_integer(std::string_view type) {
    constexpr std::string_view small[] = {"integer", "int", "int4", "smallint", "int2", "serial", "smallserial"};
    std::size_t const end = type.find(' ');
    return is_one_of(type.substr(0, end), small, small + 7);
}

[[nodiscard]] constexpr bool is_key_column(schema::table const& t, std::string_view column) {
    for (schema::constraint const& c : t.constraints) {
        bool const counts = c.kind == schema::constraint_kind::foreign_key ||
                            (c.kind == schema::constraint_kind::primary_key && c.columns.size() == 1);
        for (std::string_view name : c.columns)
            if (counts && name == column) return true;
    }
    return false;
}

constexpr void lint_type(scene const& s, schema::table const& t, schema::column const& c) {
    constexpr std::string_view money_words[] = {"cost",  "costs",   "price",  "amount", "balance", "budget",
                                                "spent", "revenue", "salary", "fee",    "total",   "paid"};
    constexpr std::string_view rank_words[] = {"severity", "priority", "sensitivity", "criticality", "urgency"};
    std::string_view const type = c.type;
    if (s.errors_only && !type.starts_with('r') && !type.starts_with('f') && !type.starts_with('d')) return;
    type_words const words = words_of_type(type);
    bool const is_float = type == "real" || type == "float4" || type == "float8" || words.name == "double precision" ||
                          words.name == "float";
    if (is_float && name_speaks_of(c.name, money_words)) s.report("float-money", t.name, c.name);
    if (s.errors_only) return;
    bool const is_time = words.name == "timestamp" || type == "timestamp without time zone";
    if (is_time && !has_words(type, "with time zone")) s.advise("timestamp-without-zone", t.name, c.name);
    if (is_small_integer(type) && is_key_column(t, c.name)) s.advise("integer-key", t.name, c.name);
    if (has_text(type, "serial")) s.advise("serial", t.name, c.name);
    if (type == "json") s.advise("json-not-jsonb", t.name, c.name);
    if (words.name == "char" || words.name == "character" || words.name == "bpchar")
        s.advise("char-type", t.name, c.name);
    if (is_text_type(words.name) && words.first >= 0) s.advise("varchar-limit", t.name, c.name);
    if (type == "money") s.advise("money-type", t.name, c.name);
    for (std::string_view frozen : {"'now'", "'today'", "'tomorrow'", "'yesterday'"})
        if (begins_with(c.fallback, frozen)) s.advise("frozen-default", t.name, c.name);
    if ((type == "boolean" || type == "bool") && c.nullable) s.advise("nullable-boolean", t.name, c.name);
    if (is_text_type(words.name) && name_speaks_of(c.name, rank_words)) s.advise("ordinal-as-text", t.name, c.name);
}

/// Reports types that are chosen once and regretted long.
constexpr void lint_types(scene const& s) {
    each_new_column(s, [&](schema::table const& t, schema::column const& c) { lint_type(s, t, c); });
}

static_assert(is_small_integer("integer") && !is_small_integer("bigint"));

}  // namespace sark::migrate::detail
