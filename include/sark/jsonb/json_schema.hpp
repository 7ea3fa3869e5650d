// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <sark/jsonb/detail/schema_types.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>

namespace sark {

namespace detail {

template <class T>
constexpr void put_schema(sql::writer& w, json_own_keys const& own = {}, std::string_view tag = {},
                          std::size_t version = 0);

template <class T>
constexpr void put_scalar_schema(sql::writer& w) {
    if constexpr (std::same_as<T, bool>) {
        w.put(R"({"type":"boolean"})");
    } else if constexpr (std::is_enum_v<T>) {
        w.put(R"({"enum":[)");
        bool first = true;
        for (std::string_view const label : labels_of<T>) {
            w.put_separator(first, ",");
            put_json_string(w, label);
        }
        w.put("]}");
    } else if constexpr (std::same_as<T, std::string>) {
        w.put(R"({"type":"string"})");
    } else if constexpr (is_bounded_text<T>) {
        w.put(R"({"type":"string","maxLength":)");
        w.put_number(T::max_characters);
        w.put('}');
    } else if constexpr (!text_pattern<T>.empty()) {
        w.put(R"({"type":"string","pattern":)");
        put_json_string(w, text_pattern<T>);
        w.put('}');
    } else {
        constexpr number_bounds bounds = bounds_of<T>;
        w.put(std::is_integral_v<T> ? R"({"type":"integer")" : R"({"type":"number")");
        w.put(bounds.is_open ? R"(,"exclusiveMinimum":)" : R"(,"minimum":)");
        put_bound(w, bounds.low, true);
        w.put(bounds.is_open ? R"(,"exclusiveMaximum":)" : R"(,"maximum":)");
        put_bound(w, bounds.high, false);
        if (!bounds.is_continuous && !std::is_integral_v<T>) {
            w.put(R"(,"multipleOf":1)");
            if (bounds.scale != 0) {
                w.put("e-");
                w.put_number(bounds.scale);
            }
        }
        w.put('}');
    }
}

/// Writes the schema of an object; a tag or a version is one of its properties, with one value.
template <class T>
constexpr void put_object_schema(sql::writer& w, json_own_keys const& own, std::string_view tag, std::size_t version) {
    w.put(R"({"type":"object","properties":{)");
    bool first = true;
    auto const begin_property = [&](std::string_view name) {
        w.put_separator(first, ",");
        put_json_string(w, name);
        w.put(':');
    };
    if (own.tag.data() != nullptr) {
        begin_property(own.tag);
        w.put(R"({"const":)");
        put_json_string(w, tag);
        w.put('}');
    }
    if (own.version.data() != nullptr) {
        begin_property(own.version);
        w.put(R"({"const":)");
        w.put_number(version);
        w.put('}');
    }
    for_each_position<T>([&](auto i) {
        using member = field_type<T, i>;
        if constexpr (form_of<member> != json_form::others) {
            begin_property(json_names<T>[i]);
            if constexpr (may_be_absent<member>) {
                w.put(R"({"anyOf":[)");
                put_schema<typename member::value_type>(w);
                w.put(R"(,{"type":"null"}]})");
            } else {
                put_schema<member>(w);
            }
        }
    });
    w.put('}');
    first = true;
    auto const put_required = [&](std::string_view name) {
        w.put(first ? R"(,"required":[)" : ",");
        first = false;
        put_json_string(w, name);
    };
    if (own.tag.data() != nullptr) put_required(own.tag);
    // Documents from before there were versions have none.
    if (own.version.data() != nullptr && version != 1) put_required(own.version);
    for_each_position<T>([&](auto i) {
        if constexpr (!may_be_absent<field_type<T, i>>) put_required(json_names<T>[i]);
    });
    if (!first) w.put(']');
    if (unknown_members_of<T> == unknown_members::reject) w.put(R"(,"additionalProperties":false)");
    w.put('}');
}

template <class T>
constexpr void put_versions_schema(sql::writer& w, json_own_keys own, std::string_view tag) {
    own.version = versions_of<T>.key;
    w.put(R"({"oneOf":[)");
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        bool first = true;
        ((w.put_separator(first, ","),
          put_object_schema<typename versions_list<T>::template at<I>>(w, own, tag, I + 1)),
         ...);
    }(std::make_index_sequence<versions_list<T>::size>{});
    w.put("]}");
}

template <class Variant>
struct choice_schema_writer;
template <class... As>
struct choice_schema_writer<std::variant<As...>> {
    static constexpr std::string_view key = tag_key_of<std::variant<As...>>;

    static constexpr void write(sql::writer& w) {
        w.put(R"({"oneOf":[)");
        bool first = true;
        (write_one<As>(w, first), ...);
        w.put("]}");
    }

    template <class A>
    static constexpr void write_one(sql::writer& w, bool& first) {
        w.put_separator(first, ",");
        if constexpr (std::same_as<A, unknown_document>) {
            w.put(R"({"type":"object","not":{"properties":{)");
            put_json_string(w, key);
            w.put(R"(:{"enum":[)");
            bool first_tag = true;
            (put_tag<As>(w, first_tag), ...);
            w.put(R"(]}},"required":[)");
            put_json_string(w, key);
            w.put("]}}");
        } else if constexpr (form_of<A> == json_form::versions) {
            put_versions_schema<A>(w, {.tag = key}, tag_of<A>);
        } else {
            put_object_schema<A>(w, {.tag = key}, tag_of<A>, 0);
        }
    }

    template <class A>
    static constexpr void put_tag(sql::writer& w, bool& first) {
        if constexpr (!std::same_as<A, unknown_document>) {
            w.put_separator(first, ",");
            put_json_string(w, tag_of<A>);
        }
    }
};

template <class T>
constexpr void put_schema(sql::writer& w, json_own_keys const& own, std::string_view tag, std::size_t version) {
    constexpr json_form form = form_of<T>;
    if constexpr (form == json_form::scalar || form == json_form::instant) {
        put_scalar_schema<T>(w);
    } else if constexpr (form == json_form::raw) {
        w.put("true");
    } else if constexpr (form == json_form::optional) {
        w.put(R"({"anyOf":[)");
        put_schema<typename T::value_type>(w);
        w.put(R"(,{"type":"null"}]})");
    } else if constexpr (form == json_form::list || form == json_form::set || form == json_form::array) {
        w.put(R"({"type":"array","items":)");
        put_schema<typename T::value_type>(w);
        if constexpr (form == json_form::array) {
            w.put(R"(,"minItems":)");
            w.put_number(std::tuple_size_v<T>);
            w.put(R"(,"maxItems":)");
            w.put_number(std::tuple_size_v<T>);
        }
        w.put('}');
    } else if constexpr (form == json_form::map) {
        w.put(R"({"type":"object","additionalProperties":)");
        put_schema<typename T::mapped_type>(w);
        w.put('}');
    } else if constexpr (form == json_form::choice) {
        choice_schema_writer<T>::write(w);
    } else if constexpr (form == json_form::versions) {
        put_versions_schema<T>(w, {}, {});
    } else {
        put_object_schema<T>(w, own, tag, version);
    }
}

template <class T>
struct json_schema_text {
    static constexpr void write(sql::writer& w) {
        if constexpr (check_schema_type<T>()) {
            w.put(R"({"$schema":"https://json-schema.org/draft/2020-12/schema","allOf":[)");
            put_schema<T>(w);
            w.put("]}");
        }
    }
};

}  // namespace detail

/// Is the JSON Schema (draft 2020-12) of the documents that `from_json<T>` reads, as a constant.
template <class T>
inline constexpr std::string_view json_schema = sql::text<detail::json_schema_text<T>>::value;

}  // namespace sark
