// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/meta/fixed_string.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/sql/text.hpp>
#include <sark/types/json.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>
#include <sark/types/varchar.hpp>

namespace sark {

/// Maps a C++ type to its PostgreSQL type; specialise it (and `sark::codec`) for a type of your own.
///
/// A mapping has `name`, the SQL type by convention, and `accepts(declared)`, which tells whether a column declared
/// otherwise holds every value of the C++ type and nothing else.
template <class T>
struct sql_type;

/// Names the PostgreSQL enum that stores E; without one E is stored as text.
template <class E>
inline constexpr std::string_view enum_type_of = {};

namespace detail {

template <class... Names>
[[nodiscard]] constexpr bool is_one_of(std::string_view name, Names... names) {
    return ((name == std::string_view{names}) || ...);
}

/// Drops the arguments of a type: `varchar(255)` is `varchar`.
[[nodiscard]] constexpr std::string_view without_arguments(std::string_view type) {
    return type.substr(0, type.find('('));
}

[[nodiscard]] constexpr bool is_text_type(std::string_view type) {
    return is_one_of(without_arguments(type), "text", "varchar", "char", "bpchar", "citext", "name",
                     "character varying", "character");
}

template <fixed_string Name, fixed_string... Aliases>
struct plain_sql_type {
    static constexpr std::string_view name = Name.view();
    static constexpr bool accepts(std::string_view declared) {
        return declared == Name.view() || ((declared == Aliases.view()) || ...);
    }
};

}  // namespace detail

// clang-format off
template <> struct sql_type<bool> : detail::plain_sql_type<"boolean", "bool"> {};
template <> struct sql_type<std::int16_t> : detail::plain_sql_type<"smallint", "int2", "smallserial"> {};
template <> struct sql_type<std::int32_t> : detail::plain_sql_type<"integer", "int", "int4", "serial"> {};
template <> struct sql_type<std::int64_t> : detail::plain_sql_type<"bigint", "int8", "bigserial"> {};
template <> struct sql_type<float> : detail::plain_sql_type<"real", "float4"> {};
template <> struct sql_type<double> : detail::plain_sql_type<"double precision", "float8"> {};
template <> struct sql_type<json> : detail::plain_sql_type<"jsonb", "json"> {};
template <> struct sql_type<timestamp> : detail::plain_sql_type<"timestamptz", "timestamp with time zone"> {};
template <> struct sql_type<date> : detail::plain_sql_type<"date"> {};
template <> struct sql_type<uuid> : detail::plain_sql_type<"uuid"> {};
template <> struct sql_type<std::vector<std::byte>> : detail::plain_sql_type<"bytea"> {};
// clang-format on

// Where long long is not std::int64_t (Linux has long), it still has 64 bits.
template <>
struct sql_type<std::conditional_t<std::same_as<std::int64_t, long>, long long, long>> : sql_type<std::int64_t> {};

/// Text holds any type whose text form the program wants to see, but not one that has a C++ type of its own.
template <>
struct sql_type<std::string> {
    static constexpr std::string_view name = "text";
    static constexpr bool accepts(std::string_view declared) {
        return !detail::is_one_of(detail::without_arguments(declared), "boolean", "smallint", "integer", "bigint",
                                  "bigserial", "serial", "real", "double precision", "jsonb", "json", "timestamptz",
                                  "date", "uuid", "bytea") &&
               !declared.ends_with("[]");
    }
};

template <std::size_t N>
struct sql_type<varchar<N>> {
private:
    struct spelled {
        static constexpr void write(sql::writer& w) {
            w.put("varchar(");
            w.put_number(N);
            w.put(')');
        }
    };

public:
    static constexpr std::string_view name = sql::text<spelled>::value;
    static constexpr bool accepts(std::string_view declared) { return declared == name || declared == "text"; }
};

template <unsigned P, unsigned S>
struct sql_type<numeric<P, S>> {
private:
    struct spelled {
        static constexpr void write(sql::writer& w) {
            w.put("numeric(");
            w.put_number(P);
            w.put(',');
            w.put_number(S);
            w.put(')');
        }
    };

public:
    static constexpr std::string_view name = sql::text<spelled>::value;
    static constexpr bool accepts(std::string_view declared) { return declared == name; }
};

template <class E>
    requires std::is_enum_v<E>
struct sql_type<E> {
    static constexpr std::string_view name = enum_type_of<E>.empty() ? std::string_view{"text"} : enum_type_of<E>;
    static constexpr bool accepts(std::string_view declared) {
        return declared == enum_type_of<E> || detail::is_text_type(declared);
    }
};

namespace detail {

template <class T>
struct without_optional {
    using type = T;
};
template <class T>
struct without_optional<std::optional<T>> {
    using type = T;
};
template <class T>
using without_optional_t = typename without_optional<T>::type;

template <class T>
inline constexpr bool is_optional = !std::is_same_v<T, without_optional_t<T>>;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::is_same_v<T, std::byte>;

}  // namespace detail

/// An array has one dimension; `std::optional` elements may be NULL.
template <class T>
    requires(!detail::is_list<detail::without_optional_t<T>>) &&
            requires { sql_type<detail::without_optional_t<T>>::name; }
struct sql_type<std::vector<T>> {
private:
    using element = sql_type<detail::without_optional_t<T>>;
    struct spelled {
        static constexpr void write(sql::writer& w) {
            w.put(element::name);
            w.put("[]");
        }
    };

public:
    static constexpr std::string_view name = sql::text<spelled>::value;
    static constexpr bool accepts(std::string_view declared) {
        return declared.ends_with("[]") && element::accepts(declared.substr(0, declared.size() - 2));
    }
};

/// Accepts types that a column can hold; `std::optional` of one is a nullable column.
template <class T>
concept mapped = requires { sql_type<detail::without_optional_t<T>>::name; };

}  // namespace sark
