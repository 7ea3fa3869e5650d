// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <sark/jsonb/detail/schema_types.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark::detail {

/// Writes a predicate of an SQL/JSON path in strict mode that is true for the documents of T, and never unknown: every
/// accessor stands behind a test of the kind that it needs, and `&&` and `||` stop at what decides.
template <class T>
struct check_path;

/// Stands for the place that a predicate is about: `$`, or `@` in a filter, and the members below it.
struct path_text {
    path_text const* up = nullptr;
    std::string_view name = "$";

    constexpr void write(sql::writer& w) const {
        if (up == nullptr) return w.put(name);
        up->write(w);
        w.put('.');
        put_json_string(w, name);
    }
};

constexpr void put_kind(sql::writer& w, path_text const& at, std::string_view kind) {
    at.write(w);
    w.put(".type() == \"");
    w.put(kind);
    w.put('"');
}

constexpr void put_has(sql::writer& w, path_text const& object, std::string_view name) {
    object.write(w);
    w.put(".keyvalue().key == ");
    put_json_string(w, name);
}

constexpr void put_pattern(sql::writer& w, path_text const& at, std::string_view pattern) {
    put_kind(w, at, "string");
    w.put(" && ");
    at.write(w);
    w.put(" like_regex ");
    put_json_string(w, pattern);
}

/// Compares with texts, which first need it to be one: a comparison of two kinds is unknown.
template <class Texts>
constexpr void put_one_of(sql::writer& w, path_text const& at, Texts const& texts) {
    put_kind(w, at, "string");
    w.put(" && (");
    bool first = true;
    for (std::string_view const text : texts) {
        w.put_separator(first, " || ");
        at.write(w);
        w.put(" == ");
        put_json_string(w, text);
    }
    w.put(')');
}

template <class T>
constexpr void put_check(sql::writer& w, path_text const& at, json_own_keys const& own = {});

template <class T>
constexpr void put_scalar_check(sql::writer& w, path_text const& at) {
    if constexpr (std::same_as<T, bool>) {
        put_kind(w, at, "boolean");
    } else if constexpr (std::is_enum_v<T>) {
        put_one_of(w, at, labels_of<T>);
    } else if constexpr (std::same_as<T, std::string>) {
        put_kind(w, at, "string");
    } else if constexpr (is_bounded_text<T>) {
        // A bound of a regular expression ends at 255; several follow each other.
        put_kind(w, at, "string");
        w.put(" && ");
        at.write(w);
        w.put(" like_regex \"^");
        for (std::size_t left = T::max_characters; left > 0;) {
            std::size_t const part = left < 255 ? left : 255;
            w.put(".{0,");
            w.put_number(part);
            w.put('}');
            left -= part;
        }
        w.put("$\" flag \"s\"");
    } else if constexpr (!text_pattern<T>.empty()) {
        put_pattern(w, at, text_pattern<T>);
    } else {
        number_bounds const bounds = bounds_of<T>;
        put_kind(w, at, "number");
        w.put(" && ");
        at.write(w);
        w.put(bounds.is_open ? " > " : " >= ");
        put_bound(w, bounds.low, true);
        w.put(" && ");
        at.write(w);
        w.put(bounds.is_open ? " < " : " <= ");
        put_bound(w, bounds.high, false);
        if (bounds.is_continuous) return;
        w.put(" && (");
        at.write(w);
        put_scale(w, bounds.scale);
        w.put(").floor() == ");
        at.write(w);
        put_scale(w, bounds.scale);
    }
}

/// Writes "no element is none of T": a filter asks each one.
template <class Element>
constexpr void put_each(sql::writer& w, path_text const& at, std::string_view accessor) {
    w.put("!exists(");
    at.write(w);
    w.put(accessor);
    w.put(" ? (!(");
    put_check<Element>(w, path_text{nullptr, "@"});
    w.put(")))");
}

template <class T, std::size_t I>
constexpr void put_member_check(sql::writer& w, path_text const& at) {
    using member = field_type<T, I>;
    if constexpr (form_of<member> != json_form::others) {
        path_text const here{&at, json_names<T>[I]};
        w.put(" && (");
        if constexpr (may_be_absent<member>) {
            w.put("!(");
            put_has(w, at, here.name);
            w.put(") || ");
            put_kind(w, here, "null");
            w.put(" || ");
            put_check<typename member::value_type>(w, here);
        } else {
            put_has(w, at, here.name);
            w.put(" && ");
            put_check<member>(w, here);
        }
        w.put(')');
    }
}

template <class T>
constexpr void put_object_check(sql::writer& w, path_text const& at, json_own_keys const& own) {
    put_kind(w, at, "object");
    for_each_position<T>([&](auto i) { put_member_check<T, i>(w, at); });
    if constexpr (unknown_members_of<T> == unknown_members::reject) {
        w.put(" && !exists(");
        at.write(w);
        w.put(".keyvalue()");
        bool first = true;
        auto const put_name = [&](std::string_view name) {
            w.put(first ? " ? (!(" : " || ");
            first = false;
            w.put("@.key == ");
            put_json_string(w, name);
        };
        for (std::string_view const name : json_names<T>) put_name(name);
        if (own.tag.data() != nullptr) put_name(own.tag);
        if (own.version.data() != nullptr) put_name(own.version);
        w.put(first ? ")" : ")))");
    }
}

template <class T>
constexpr void put_versions_check(sql::writer& w, path_text const& at, json_own_keys own) {
    own.version = versions_of<T>.key;
    path_text const number{&at, own.version};
    put_kind(w, at, "object");
    w.put(" && (");
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        bool first = true;
        ((w.put_separator(first, " || "), w.put('('),
          I == 0 ? (w.put("(!("), put_has(w, at, own.version), w.put(") || ")) : void(), put_has(w, at, own.version),
          w.put(" && "), put_kind(w, number, "number"), w.put(" && "), number.write(w), w.put(" == "),
          w.put_number(I + 1), I == 0 ? w.put(')') : void(), w.put(" && "),
          put_object_check<typename versions_list<T>::template at<I>>(w, at, own), w.put(')')),
         ...);
    }(std::make_index_sequence<versions_list<T>::size>{});
    w.put(')');
}

template <class A>
constexpr void put_struct_check(sql::writer& w, path_text const& at, json_own_keys const& own) {
    if constexpr (form_of<A> == json_form::versions)
        put_versions_check<A>(w, at, own);
    else
        put_object_check<A>(w, at, own);
}

template <class Variant>
struct choice_check_writer;
template <class... As>
struct choice_check_writer<std::variant<As...>> {
    static constexpr bool has_unknown = (std::same_as<As, unknown_document> || ...);

    static constexpr void write(sql::writer& w, path_text const& at) {
        constexpr std::string_view key = tag_key_of<std::variant<As...>>;
        path_text const tag{&at, key};
        put_kind(w, at, "object");
        w.put(" && (");
        if (has_unknown) {
            // Whatever has no tag of ours is somebody else's.
            w.put("!(");
            put_has(w, at, key);
            w.put(") || !(");
            put_kind(w, tag, "string");
            w.put(") || (");
        } else {
            put_has(w, at, key);
            w.put(" && ");
            put_kind(w, tag, "string");
            w.put(" && (");
        }
        bool first = true;
        (write_one<As>(w, at, tag, first), ...);
        w.put("))");
    }

    template <class A>
    static constexpr void write_one(sql::writer& w, path_text const& at, path_text const& tag, bool& first) {
        if constexpr (!std::same_as<A, unknown_document>) {
            w.put_separator(first, has_unknown ? " && " : " || ");
            w.put('(');
            tag.write(w);
            w.put(has_unknown ? " != " : " == ");
            put_json_string(w, tag_of<A>);
            w.put(has_unknown ? " || " : " && ");
            put_struct_check<A>(w, at, {.tag = tag.name});
            w.put(')');
        }
    }
};

template <class T>
constexpr void put_check(sql::writer& w, path_text const& at, json_own_keys const& own) {
    constexpr json_form form = form_of<T>;
    w.put('(');
    if constexpr (form == json_form::scalar || form == json_form::instant) {
        put_scalar_check<T>(w, at);
    } else if constexpr (form == json_form::raw) {
        // Anything; and a predicate, as the others.
        w.put("1 == 1");
    } else if constexpr (form == json_form::optional) {
        put_kind(w, at, "null");
        w.put(" || ");
        put_check<typename T::value_type>(w, at);
    } else if constexpr (form == json_form::list || form == json_form::set || form == json_form::array) {
        put_kind(w, at, "array");
        if constexpr (form == json_form::array) {
            w.put(" && ");
            at.write(w);
            w.put(".size() == ");
            w.put_number(std::tuple_size_v<T>);
        }
        w.put(" && ");
        put_each<typename T::value_type>(w, at, "[*]");
    } else if constexpr (form == json_form::map) {
        put_kind(w, at, "object");
        w.put(" && ");
        put_each<typename T::mapped_type>(w, at, ".*");
    } else if constexpr (form == json_form::choice) {
        choice_check_writer<T>::write(w, at);
    } else {
        put_struct_check<T>(w, at, own);
    }
    w.put(')');
}

template <class T>
struct check_path {
    static constexpr void write(sql::writer& w) {
        w.put("strict ");
        put_check<T>(w, path_text{});
    }
};

}  // namespace sark::detail
