// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/parameters.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/member.hpp>
#include <sark/reflect/names.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>
#include <sark/types/json.hpp>

namespace sark {

struct each_t {};
/// Means any element of a list: `meta<&HttpMetadata::tags>[each] == "x"`.
inline constexpr each_t each{};

namespace detail {

/// Says what a step of a path is, as far as documents with that path are concerned.
enum class step_kind { key, position, each };

/// The steps of a path. Each writes itself after an arrow and binds what it wrote a placeholder for.
template <fixed_string Name>
struct key_step {
    static constexpr step_kind kind = step_kind::key;
    static constexpr bool is_constant = true;
    static constexpr std::string_view name = Name.view();
    static constexpr void write(sql::writer& w) { sql::put_literal(w, name); }
    void bind(parameters&) const {}
    void append_key(std::string& out) const { append_json_string(out, name); }
};
template <auto M>
struct member_step {
    static constexpr step_kind kind = step_kind::key;
    static constexpr bool is_constant = true;
    static constexpr std::string_view name = without_trailing_underscore(member_name<M>);
    static constexpr void write(sql::writer& w) { sql::put_literal(w, name); }
    void bind(parameters&) const {}
    void append_key(std::string& out) const { append_json_string(out, name); }
};
struct bound_key_step {
    static constexpr step_kind kind = step_kind::key;
    static constexpr bool is_constant = false;
    static constexpr std::string_view name = {};
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
        w.put("::text");
    }
    void bind(parameters& out) const { out.add_borrowed(key); }
    void append_key(std::string& out) const { append_json_string(out, key); }

    std::string key;
};
template <std::int32_t Position>
struct index_step {
    static constexpr step_kind kind = step_kind::position;
    static constexpr bool is_constant = true;
    static constexpr std::string_view name = {};
    static constexpr void write(sql::writer& w) {
        if (Position < 0) w.put('-');
        w.put_number(static_cast<unsigned long long>(Position < 0 ? -std::int64_t{Position} : Position));
    }
    void bind(parameters&) const {}
    void append_key(std::string&) const {}
};
struct bound_index_step {
    static constexpr step_kind kind = step_kind::position;
    static constexpr bool is_constant = false;
    static constexpr std::string_view name = {};
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
        w.put("::integer");
    }
    void bind(parameters& out) const { out.add_trusted(std::to_string(position)); }
    void append_key(std::string&) const {}

    std::int32_t position;
};
struct each_step {
    static constexpr step_kind kind = step_kind::each;
    static constexpr bool is_constant = true;
    static constexpr std::string_view name = {};
    static constexpr void write(sql::writer&) {}
    void bind(parameters&) const {}
    void append_key(std::string&) const {}
};

/// Is the key of a step as an operand.
template <class Step>
struct constant_key : expression_node {
    using value_type = std::string;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Step::write(w);
    }
    void bind(parameters&) const {}
};

// ---- where a step leads

template <class T>
struct list_element {
    using type = void;
};
template <class T>
struct list_element<std::vector<T>> {
    using type = without_optional_t<T>;
};
template <>
struct list_element<json> {
    using type = json;
};
template <class T>
struct map_element {
    using type = void;
};
template <class T>
struct map_element<std::map<std::string, T>> {
    using type = without_optional_t<T>;
};
template <>
struct map_element<json> {
    using type = json;
};

template <class T, fixed_string Name>
consteval std::size_t field_named() {
    for (std::size_t i = 0; i < field_count<T>; ++i)
        if (without_trailing_underscore(field_names<T>[i]) == Name.view()) return i;
    return field_count<T>;
}

/// Gives the type behind a literal key: of a member, of any value of a map, json in a document of no known shape.
template <class T, fixed_string Name>
consteval auto behind_key() {
    using of_map = typename map_element<T>::type;
    if constexpr (!std::is_void_v<of_map>) {
        return std::type_identity<of_map>{};
    } else if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>) {
        if constexpr (field_named<T, Name>() < field_count<T>)
            return std::type_identity<without_optional_t<field_type<T, field_named<T, Name>()>>>{};
        else
            return std::type_identity<void>{};
    } else {
        return std::type_identity<void>{};
    }
}

// ---- how the value at the end is read

/// Says how SQL reads a value of T from a document: NULL where there is none, or one of another kind. Never an error,
/// because the server may read a document before it has looked at the protocol beside it.
template <class T>
struct json_reading {
    using value_type = std::conditional_t<json_scalar<T>, std::string, json>;
    static constexpr bool as_text = json_scalar<T>;  // what JSON writes as text: dates, times, UUIDs
    static constexpr std::string_view before = {};
    static constexpr std::string_view after = {};
};
template <class T>
    requires(std::is_same_v<T, std::string> || std::is_enum_v<T> || requires { T::max_characters; })
struct json_reading<T> {
    using value_type = T;
    static constexpr bool as_text = true;
    static constexpr std::string_view before = {};
    static constexpr std::string_view after = {};
};

inline constexpr std::string_view first_match = "jsonb_path_query_first(";

template <>
struct json_reading<bool> {
    using value_type = bool;
    static constexpr bool as_text = false;
    static constexpr std::string_view before = first_match;
    static constexpr std::string_view after = ", 'strict $ ? (@ == true || @ == false)')::boolean";
};
template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
struct json_reading<T> {
    using value_type = std::conditional_t<
        (std::is_signed_v<T> && sizeof(T) <= 2), std::int16_t,
        std::conditional_t<(sizeof(T) < 4 || (sizeof(T) == 4 && std::is_signed_v<T>)), std::int32_t, std::int64_t>>;
    static constexpr bool as_text = false;
    static constexpr std::string_view before = first_match;
    static constexpr std::string_view after =
        sizeof(value_type) == 2   ? ", 'strict $ ? (@ >= -32768 && @ <= 32767 && @ % 1 == 0)')::smallint"
        : sizeof(value_type) == 4 ? ", 'strict $ ? (@ >= -2147483648 && @ <= 2147483647 && @ % 1 == 0)')::integer"
                                  : ", 'strict $ ? (@ >= -9223372036854775808 && @ <= 9223372036854775807 && "
                                    "@ % 1 == 0)')::bigint";
};
template <class T>
    requires std::is_floating_point_v<T>
struct json_reading<T> {
    using value_type = double;
    static constexpr bool as_text = false;
    static constexpr std::string_view before = first_match;
    static constexpr std::string_view after =
        ", 'strict $ ? (@.abs() <= 1.7e308 && (@ == 0 || @.abs() >= 2.3e-308))')::double precision";
};
template <class T>
    requires requires { T::scale; }
struct json_reading<T> {
    using value_type = T;
    static constexpr bool as_text = false;
    static constexpr std::string_view before = first_match;
    static constexpr std::string_view after = R"(, 'strict $ ? (@.type() == "number")')::numeric)";
};

}  // namespace detail
}  // namespace sark
