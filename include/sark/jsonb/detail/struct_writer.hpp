// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <sark/jsonb/scalar.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/names.hpp>

namespace sark {

namespace detail {

template <class T>
inline constexpr bool is_json_optional = false;
template <class T>
inline constexpr bool is_json_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_json_list = false;
template <class T>
inline constexpr bool is_json_list<std::vector<T>> = true;

template <class T>
inline constexpr bool is_json_map = false;
template <class T>
inline constexpr bool is_json_map<std::map<std::string, T>> = true;

template <class T>
inline constexpr bool has_json_form = json_scalar<T> || is_json_optional<T> || is_json_list<T> || is_json_map<T> ||
                                      (std::is_aggregate_v<T> && std::is_class_v<T>);

}  // namespace detail

namespace rules {

template <class Type>
struct type_has_a_json_form {
    static constexpr bool holds = detail::has_json_form<Type>;
};

template <class Struct, auto Member, class Type>
struct member_has_a_json_form {
    static constexpr bool holds = detail::has_json_form<Type>;
};

}  // namespace rules

namespace detail {

template <class T>
consteval bool check_json_type() {
    if constexpr (!has_json_form<T>)
        static_assert(rules::type_has_a_json_form<T>::holds,
                      "sark: this type has no JSON form. Use bool, integers, floating-point numbers, text, enums, "
                      "std::optional, std::vector, std::map from std::string, or structs of these. [sark-J05]");
    return has_json_form<T>;
}

/// Names the struct and the member, which the type alone does not.
template <class T, std::size_t I>
consteval bool check_json_member() {
    if constexpr (!has_json_form<field_type<T, I>>)
        static_assert(rules::member_has_a_json_form<T, field_address<T, I>(), field_type<T, I>>::holds,
                      "sark: a member of this struct has no JSON form. Use bool, integers, floating-point numbers, "
                      "text, enums, std::optional, std::vector, std::map from std::string, or structs of these. "
                      "[sark-J05]");
    return has_json_form<field_type<T, I>>;
}

/// Writes structs, lists, maps and scalars as JSON; the order of members is the order of fields.
template <class T>
void write_document(std::string& out, T const& value) {
    if constexpr (!check_json_type<T>()) {
        return;
    } else if constexpr (json_scalar<T>) {
        append_json(out, value);
    } else if constexpr (is_json_optional<T>) {
        if (value)
            write_document(out, *value);
        else
            out += "null";
    } else if constexpr (is_json_list<T>) {
        out += '[';
        bool first = true;
        for (auto const& element : value) {
            if (!first) out += ',';
            first = false;
            write_document<typename T::value_type>(out, element);
        }
        out += ']';
    } else if constexpr (is_json_map<T>) {
        out += '{';
        for (auto const& [name, element] : value) {
            if (out.back() != '{') out += ',';
            append_json_string(out, name);
            out += ':';
            write_document(out, element);
        }
        out += '}';
    } else {
        out += '{';
        bool first = true;
        for_each_position<T>([&](auto i) {
            if constexpr (check_json_member<T, i>()) {
                auto const& member = get_field<i>(value);
                // An absent member is not a member that is null.
                if constexpr (is_json_optional<field_type<T, i>>)
                    if (!member) return;
                if (!first) out += ',';
                first = false;
                append_json_string(out, without_trailing_underscore(field_name<T, i>));
                out += ':';
                write_document(out, member);
            }
        });
        out += '}';
    }
}

}  // namespace detail
}  // namespace sark
