// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <sark/codec/json_text.hpp>
#include <sark/jsonb/document_traits.hpp>
#include <sark/jsonb/maybe.hpp>
#include <sark/jsonb/other_members.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/meta/same_text.hpp>
#include <sark/meta/type_list.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/names.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

namespace detail {

/// The ways a C++ type can stand in a document; reader, writer and both schemas decide by it.
enum class json_form {
    none,
    scalar,
    instant,
    raw,
    optional,
    maybe,
    list,
    array,
    set,
    map,
    choice,
    others,
    versions,
    object
};

template <class T>
inline constexpr json_form generic_form = json_form::none;
template <class T>
inline constexpr json_form generic_form<std::optional<T>> = json_form::optional;
template <class T>
inline constexpr json_form generic_form<maybe<T>> = json_form::maybe;
template <class T>
inline constexpr json_form generic_form<std::vector<T>> = json_form::list;
template <class T, std::size_t N>
inline constexpr json_form generic_form<std::array<T, N>> = json_form::array;
template <class T>
inline constexpr json_form generic_form<std::set<T>> = json_form::set;
template <class T>
inline constexpr json_form generic_form<std::map<std::string, T>> = json_form::map;
template <class... Ts>
inline constexpr json_form generic_form<std::variant<Ts...>> = json_form::choice;
template <>
inline constexpr json_form generic_form<timestamp> = json_form::instant;
template <>
inline constexpr json_form generic_form<json> = json_form::raw;
template <>
inline constexpr json_form generic_form<other_members> = json_form::others;

template <class T>
inline constexpr json_form form_of = [] {
    if constexpr (json_scalar<T>)
        return json_form::scalar;
    else if constexpr (generic_form<T> != json_form::none)
        return generic_form<T>;
    else if constexpr (is_versioned<T>)
        return json_form::versions;
    else if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>)
        return json_form::object;
    else
        return json_form::none;
}();

/// Some forms make sense as a member of a struct only: an element of a list is never absent.
template <class T>
inline constexpr bool is_member_only = form_of<T> == json_form::maybe || form_of<T> == json_form::others;

template <class T>
inline constexpr bool has_json_form = form_of<T> != json_form::none && !is_member_only<T>;
template <class T>
inline constexpr bool has_member_form = form_of<T> != json_form::none;

template <class T>
inline constexpr bool may_be_absent = form_of<T> == json_form::optional || is_member_only<T>;

}  // namespace detail

namespace rules {

template <class Type>
struct type_has_a_json_form {
    static constexpr bool holds = detail::has_json_form<Type>;
};

template <class Struct, auto Member, class Type>
struct member_has_a_json_form {
    static constexpr bool holds = detail::has_member_form<Type>;
};

template <class Struct, std::size_t Count>
struct unknown_members_have_one_place {
    static constexpr bool holds = Count == 0 || (Count == 1 && unknown_members_of<Struct> == unknown_members::ignore);
};

template <class Struct>
struct members_have_different_names {
    static constexpr bool holds = [] {
        for (std::size_t i = 0; i < field_count<Struct>; ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (without_trailing_underscore(field_names<Struct>[i]) ==
                    without_trailing_underscore(field_names<Struct>[j]))
                    return false;
        return true;
    }();
};

template <class Variant, class Alternative>
struct alternative_has_a_tag {
    static constexpr bool holds = std::same_as<Alternative, unknown_document> ||
                                  (!tag_of<Alternative>.empty() &&
                                   (detail::form_of<Alternative> == detail::json_form::object ||
                                    detail::form_of<Alternative> == detail::json_form::versions));
};

template <class Variant>
struct alternatives_have_different_tags;
template <class... As>
struct alternatives_have_different_tags<std::variant<As...>> {
    static constexpr bool holds = [] {
        std::array<std::string_view, sizeof...(As)> const tags{tag_of<As>...};
        for (std::size_t i = 0; i < tags.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (tags[i] == tags[j]) return false;
        return true;
    }();
};

/// A tag or a version number has a key of its own.
template <class Struct, class Key>
struct key_is_no_member {
    static constexpr bool holds = [] {
        for (std::string_view const name : field_names<Struct>)
            if (without_trailing_underscore(name) == Key::value) return false;
        return true;
    }();
};

template <class Old, class New>
struct version_can_be_raised {
    static constexpr bool holds = requires(Old&& old) {
        { upcast(std::move(old)) } -> std::same_as<New>;
    };
};

template <class Newest, class List>
struct versions_end_with_the_newest;
template <class Newest, class... Vs>
struct versions_end_with_the_newest<Newest, versions<Vs...> const> {
    static constexpr bool holds = [] {
        bool last = false;
        ((last = std::same_as<Vs, Newest>), ...);
        return last;
    }();
};

}  // namespace rules

namespace detail {

template <class T>
consteval bool check_json_type() {
    if constexpr (!has_json_form<T>)
        static_assert(rules::type_has_a_json_form<T>::holds,
                      "sark: this type has no JSON form. Use bool, numbers, text, enums, dates, uuid, json, "
                      "std::optional, std::vector, std::array, std::set, std::map from std::string, std::variant, or "
                      "structs of these. [sark-J05]");
    return has_json_form<T>;
}

/// Names the struct and the member, which the type alone does not.
template <class T, std::size_t I>
consteval bool check_json_member() {
    if constexpr (!has_member_form<field_type<T, I>>)
        static_assert(rules::member_has_a_json_form<T, field_address<T, I>(), field_type<T, I>>::holds,
                      "sark: a member of this struct has no JSON form. Use bool, numbers, text, enums, dates, uuid, "
                      "json, std::optional, sark::maybe, std::vector, std::array, std::set, std::map from std::string, "
                      "std::variant, or structs of these. [sark-J05]");
    return has_member_form<field_type<T, I>>;
}

template <class T>
inline constexpr std::size_t count_of_others = []<std::size_t... I>(std::index_sequence<I...>) {
    return (std::size_t{0} + ... + (form_of<field_type<T, I>> == json_form::others ? 1U : 0U));
}(std::make_index_sequence<field_count<T>>{});

/// Enforces what concerns the struct as a whole; the first broken rule speaks.
template <class T>
consteval bool check_json_struct() {
    using one_place = rules::unknown_members_have_one_place<T, count_of_others<T>>;
    if constexpr (!rules::members_have_different_names<T>::holds) {
        static_assert(rules::members_have_different_names<T>::holds,
                      "sark: two members of this struct have one name in a document, for a trailing underscore is "
                      "dropped. Rename one. [sark-J30]");
        return false;
    } else if constexpr (!one_place::holds) {
        static_assert(one_place::holds,
                      "sark: unknown members of this struct are kept in more than one place, or kept and rejected at "
                      "once. Leave one sark::other_members, or the policy. [sark-J31]");
        return false;
    } else {
        return true;
    }
}

template <class T>
struct tag_key_text {
    static constexpr std::string_view value = tag_key_of<T>;
};
template <class T>
struct version_key_text {
    static constexpr std::string_view value = versions_of<T>.key;
};

template <class Struct, class Key>
consteval bool check_own_key() {
    if constexpr (form_of<Struct> == json_form::object || form_of<Struct> == json_form::versions) {
        static_assert(rules::key_is_no_member<Struct, Key>::holds,
                      "sark: the key of a tag or of a version number is a member of the struct, too. Rename the "
                      "member, or choose another key. [sark-J33]");
        return rules::key_is_no_member<Struct, Key>::holds;
    } else {
        return true;
    }
}

template <class Variant, class A>
consteval bool check_alternative() {
    static_assert(rules::alternative_has_a_tag<Variant, A>::holds,
                  "sark: an alternative of this std::variant has no tag, or is no struct. Specialise sark::tag_of for "
                  "it. [sark-J32]");
    if constexpr (rules::alternative_has_a_tag<Variant, A>::holds && !std::same_as<A, unknown_document>)
        return check_own_key<A, tag_key_text<Variant>>();
    else
        return rules::alternative_has_a_tag<Variant, A>::holds;
}

template <class Variant>
struct choice_check;
template <class... As>
struct choice_check<std::variant<As...>> {
    using variant = std::variant<As...>;
    static consteval bool run() {
        if constexpr (!(check_alternative<variant, As>() && ...)) {
            return false;
        } else {
            static_assert(rules::alternatives_have_different_tags<variant>::holds,
                          "sark: two alternatives of this std::variant have one tag, so a document would not say which "
                          "it is. Give each its own sark::tag_of. [sark-J32]");
            return rules::alternatives_have_different_tags<variant>::holds;
        }
    }
};

/// Walks along the versions of T by position.
template <class List>
struct version_list;
template <class... Vs>
struct version_list<versions<Vs...> const> {
    static constexpr std::size_t size = sizeof...(Vs);
    template <std::size_t I>
    using at = std::variant_alternative_t<I, std::variant<Vs...>>;
};
template <class T>
using versions_list = version_list<decltype(versions_of<T>)>;

template <class T, std::size_t I>
consteval bool check_upcast() {
    using list = versions_list<T>;
    using old = typename list::template at<I>;
    using next = typename list::template at<I + 1>;
    static_assert(rules::version_can_be_raised<old, next>::holds,
                  "sark: nothing makes the next version of a document out of this one. Write upcast(Old) -> New in the "
                  "namespace of the older struct. [sark-J34]");
    return rules::version_can_be_raised<old, next>::holds;
}

template <class T>
consteval bool check_versions() {
    using ends_well = rules::versions_end_with_the_newest<T, decltype(versions_of<T>)>;
    if constexpr (!ends_well::holds) {
        static_assert(ends_well::holds,
                      "sark: the versions of a document end with the struct that they are versions of. List it last. "
                      "[sark-J34]");
        return false;
    } else {
        using list = versions_list<T>;
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return (check_own_key<typename list::template at<I>, version_key_text<T>>() && ...);
        }(std::make_index_sequence<list::size>{}) &&
               []<std::size_t... I>(std::index_sequence<I...>) {
                   return (check_upcast<T, I>() && ...);
               }(std::make_index_sequence<list::size - 1>{});
    }
}

/// Names the members in documents, in the order of fields.
template <class T>
inline constexpr auto json_names = [] {
    std::array<std::string_view, field_count<T>> names = field_names<T>;
    for (std::string_view& name : names) name = without_trailing_underscore(name);
    return names;
}();

/// Says where a value stands: a chain on the stack, written out only for messages.
struct json_place {
    json_place const* up = nullptr;
    std::string_view name = {};
    std::size_t index = 0;  ///< for elements, whose name has no data

    void append_to(std::string& path) const {
        if (up == nullptr) {
            path += "$";
            return;
        }
        up->append_to(path);
        if (name.data() == nullptr)
            path += "[" + std::to_string(index) + "]";
        else
            append_path_step(path, name);
    }
};

/// Keys of a document that are no members of its struct, yet known: the tag and the version number.
struct json_own_keys {
    std::string_view tag = {};
    std::string_view version = {};

    [[nodiscard]] bool has(std::string_view name) const {
        return (tag.data() != nullptr && name == tag) || (version.data() != nullptr && name == version);
    }
};

}  // namespace detail
}  // namespace sark
