// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/detail/lint_rewrites.hpp>
#include <sark/sql/writer.hpp>

namespace sark::migrate::detail {

/// Groups the types between which the server converts by itself when a column changes its type.
enum class type_family { other, text, numeric, integer };

/// Is a type as far as pre-flight assertions need it.
struct known_type {
    type_family family = type_family::other;
    long size = -1;   ///< characters, digits, or bytes of an integer; -1 for no limit
    long scale = -1;  ///< digits behind the point
};

[[nodiscard]] constexpr known_type known_type_of(std::string_view type) {
    type_words const words = words_of_type(type);
    std::string_view const name = words.name;
    auto const is = [name](std::string_view a, std::string_view b = {}, std::string_view c = {}) {
        auto const same = [name](std::string_view x) { return x.size() == name.size() && begins_with(name, x); };
        return same(a) || (!b.empty() && same(b)) || (!c.empty() && same(c));
    };
    if (is("text")) return {.family = type_family::text};
    if (is("varchar", "character varying")) return {.family = type_family::text, .size = words.first};
    if (is("numeric", "decimal"))
        return {.family = type_family::numeric,
                .size = words.first,
                .scale = words.first >= 0 && words.second < 0 ? 0 : words.second};
    if (is("smallint", "int2", "smallserial")) return {.family = type_family::integer, .size = 2};
    if (is("integer", "int4", "int") || is("serial")) return {.family = type_family::integer, .size = 4};
    if (is("bigint", "int8", "bigserial")) return {.family = type_family::integer, .size = 8};
    return {};
}

/// Tells whether every value of one type is the same value of the other.
[[nodiscard]] constexpr bool keeps_values(std::string_view from, std::string_view to) {
    known_type const a = known_type_of(from);
    known_type const b = known_type_of(to);
    if (a.family == type_family::other || a.family != b.family) return from == to;
    if (a.family != type_family::numeric) return b.size < 0 || (a.size >= 0 && a.size <= b.size);
    return b.size < 0 || (a.size >= 0 && a.size - a.scale <= b.size - b.scale && a.scale <= b.scale);
}

/// Writes the smallest number with more digits than a numeric(size, scale) has before the point.
constexpr void put_numeric_bound(sql::writer& w, known_type const& t) {
    w.put('1');
    for (long i = 0; i < t.size - t.scale; ++i) w.put('0');
}

/// Writes the condition under which a value does not fit a type; nothing when every value of the old type fits.
///
/// Sources: an assignment cast to varchar(n) drops blanks at the end and refuses everything else that is too long; NaN
/// fits every numeric, an infinity none that has a precision; an integer takes rounded numbers.
template <class PutValue>
constexpr void put_too_big(sql::writer& w, known_type const& from, known_type const& to, PutValue const& put_value) {
    if (to.family == type_family::text && to.size >= 0) {
        w.put("char_length(rtrim((");
        put_value(w);
        w.put(")::text, ' ')) > ");
        w.put_number(static_cast<unsigned long long>(to.size));
    } else if (to.family == type_family::numeric && to.size >= to.scale && to.size >= 0 &&
               (from.family == type_family::numeric || from.family == type_family::integer)) {
        if (from.family == type_family::numeric) {
            put_value(w);
            w.put(" <> 'NaN' AND ");
        }
        w.put("abs(round(");
        put_value(w);
        w.put(", ");
        w.put_number(static_cast<unsigned long long>(to.scale));
        w.put(")) >= ");
        put_numeric_bound(w, to);
    } else if (to.family == type_family::integer &&
               (from.family == type_family::numeric || from.family == type_family::integer)) {
        constexpr std::string_view ranges[] = {"-32768 AND 32767", "-2147483648 AND 2147483647",
                                               "-9223372036854775808 AND 9223372036854775807"};
        w.put(from.family == type_family::numeric ? "round(" : "(");
        put_value(w);
        w.put(") NOT BETWEEN ");
        w.put(ranges[to.size == 2 ? 0 : to.size == 4 ? 1 : 2]);
    }
}

/// Writes the condition under which a value fits, but not exactly; nothing when none is rounded.
template <class PutValue>
constexpr void put_rounded(sql::writer& w, known_type const& from, known_type const& to, PutValue const& put_value) {
    if (from.family != type_family::numeric || (to.family != type_family::numeric && to.family != type_family::integer))
        return;
    long const scale = to.family == type_family::integer ? 0 : to.scale;
    if (scale < 0 || (from.scale >= 0 && from.scale <= scale)) return;
    put_value(w);
    w.put(" <> round(");
    put_value(w);
    w.put(", ");
    w.put_number(static_cast<unsigned long long>(scale));
    w.put(')');
}

static_assert(keeps_values("numeric(10,4)", "numeric(20,8)") && !keeps_values("numeric(20,8)", "numeric(10,4)"));
static_assert(keeps_values("varchar(9)", "text") && !keeps_values("text", "varchar(9)"));
static_assert(keeps_values("int4", "bigint") && !keeps_values("timestamp", "timestamptz"));

}  // namespace sark::migrate::detail
