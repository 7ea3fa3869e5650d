// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/jsonb/detail/struct_writer.hpp>
#include <sark/jsonb/json_steps.hpp>
#include <sark/jsonb/path_containment.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/json_methods.hpp>
#include <sark/query/methods.hpp>
#include <sark/schema/columns.hpp>

namespace sark {

namespace rules {

template <class Path, class Value>
struct path_is_compared_with_its_own_type {
    static constexpr bool holds = !std::is_void_v<detail::stored_value_t<typename Path::target, Value>>;
};
template <class Path, class Type>
struct path_is_a_scalar {
    static constexpr bool holds = detail::json_scalar<Type>;
};
template <class Path, class Next>
struct step_leads_somewhere {
    static constexpr bool holds = !std::is_void_v<Next>;
};
template <auto M, class Value>
struct member_is_of_the_struct_before_it {
    static constexpr bool holds = std::is_same_v<owner_of<M>, Value> || std::is_same_v<Value, json>;
};
template <class Path>
struct path_reads_one_value {
    static constexpr bool holds = !Path::has_each;
};

}  // namespace rules

namespace detail {

template <class Path, class Next>
consteval bool check_step() {
    using leads = rules::step_leads_somewhere<Path, Next>;
    static_assert(leads::holds,
                  "sark: a path goes on where the struct has nothing: no member or no key of this name, or no list. "
                  "Follow the struct; as<json>() leaves it. [sark-J25]");
    return leads::holds;
}
template <class Path>
consteval bool check_reading() {
    using one = rules::path_reads_one_value<Path>;
    static_assert(one::holds,
                  "sark: [each] means any element, which has no one value to read. Compare it with ==, or name an "
                  "element: at<0>(). [sark-J26]");
    return one::holds;
}

/// Names the struct whose indexes can have a path as their key: that of the column where it starts.
template <class Root>
struct path_key {};
template <auto M>
struct path_key<col_t<M, owner_of<M>>> {
    using key_table = owner_of<M>;
};

template <class Path>
struct json_value;

}  // namespace detail

/// Refers to a place in a document. As an expression it is the value there, as the member's type, NULL where there is
/// none; compared by `==` it asks for the document that has this value there, which a GIN index on the column serves.
///
/// Root is the document, Value what the structs say is at the place (json where nothing is said), Steps lead to it.
template <class Root, class Value, class... Steps>
struct json_path
    : expression_node,
      detail::value_methods<json_path<Root, Value, Steps...>>,
      detail::json_methods_of<typename detail::json_reading<Value>::value_type, json_path<Root, Value, Steps...>>,
      detail::path_key<Root> {
    using root = Root;
    using target = Value;
    using reading = detail::json_reading<Value>;
    using value_type = std::conditional_t<sizeof...(Steps) == 0 && std::is_same_v<typename reading::value_type, json>,
                                          typename Root::value_type, std::optional<typename reading::value_type>>;
    using columns = typename Root::columns;
    static constexpr bool is_json_path = true;
    static constexpr std::size_t step_count = sizeof...(Steps);
    static constexpr bool has_each = ((Steps::kind == detail::step_kind::each) || ...);
    /// Tells whether a document with one value there says "equal": not where a position in a list is named.
    static constexpr bool is_containable = sizeof...(Steps) > 0 &&
                                           ((Steps::kind != detail::step_kind::position) && ...);
    static constexpr bool is_keyed = (Steps::is_constant && ...) && !has_each;
    static constexpr bool is_text_ordinal = std::is_enum_v<Value>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::check_reading<json_path>()) {
            constexpr bool plain = reading::before.empty() && step_count > 0;
            if (plain) w.put('(');
            write_value(w, [](sql::writer& to) { Root::template write<Scope>(to); });
            if (plain) w.put(')');
        }
    }
    /// Writes the value as an index has it: the same text, of the column without its table.
    template <class Tables>
    static constexpr void write_key(sql::writer& w) {
        write_value(w, [](sql::writer& to) {
            if constexpr (requires { Root::member; })
                sql::put_identifier(to, column_of<Root::member>.name);
            else
                sql::put_identifier(to, Root::template column_in<Tables>());
        });
    }
    static constexpr void write(sql::writer& w)
        requires requires { typename detail::path_key<Root>::key_table; }
    {
        write_key<type_list<>>(w);
    }
    void bind(parameters& out) const {
        start.bind(out);
        detail::bind_all(out, steps);
    }

    /// Goes on to a member of the struct that is here.
    template <auto M>
        requires data_member<M>
    [[nodiscard]] constexpr auto member() const {
        using of = rules::member_is_of_the_struct_before_it<M, Value>;
        static_assert(of::holds,
                      "sark: a path goes on by a member of another struct than the one that is there. Name a member of "
                      "the struct, of a list's elements after [each]. [sark-J27]");
        return go<without_optional<M>>(detail::member_step<M>{});
    }
    /// Goes on to a key that the program knows: of a map, of a struct, of a document nobody described.
    template <fixed_string Key>
    [[nodiscard]] constexpr auto at() const {
        using next = typename decltype(detail::behind_key<Value, Key>())::type;
        if constexpr (detail::check_step<json_path, next>()) return go<next>(detail::key_step<Key>{});
    }
    /// Goes on to the value of a key that is sent with the statement.
    [[nodiscard]] auto at(std::string_view key) const {
        using next = typename detail::map_element<Value>::type;
        if constexpr (detail::check_step<json_path, next>()) return go<next>(detail::bound_key_step{std::string{key}});
    }
    /// Goes on to an element of a list by its position.
    template <std::int32_t Position>
    [[nodiscard]] constexpr auto at() const {
        using next = typename detail::list_element<Value>::type;
        if constexpr (detail::check_step<json_path, next>()) return go<next>(detail::index_step<Position>{});
    }
    [[nodiscard]] constexpr auto operator[](std::int32_t position) const {
        using next = typename detail::list_element<Value>::type;
        if constexpr (detail::check_step<json_path, next>()) return go<next>(detail::bound_index_step{position});
    }
    /// Goes on to any element of a list.
    [[nodiscard]] constexpr auto operator[](each_t) const {
        using next = typename detail::list_element<Value>::type;
        if constexpr (detail::check_step<json_path, next>()) return go<next>(detail::each_step{});
    }
    /// Takes what is here for a T.
    template <class T>
    [[nodiscard]] constexpr auto as() const {
        return json_path<Root, T, Steps...>{start, steps};
    }

    /// Gives the value for comparisons by `=`, which an index on the path serves, and not one on the document.
    [[nodiscard]] constexpr auto value() const { return detail::json_value<json_path>{*this}; }
    /// Gives the text here, of whatever kind the value is: `->>`.
    [[nodiscard]] constexpr auto text() const { return as<std::string>().value(); }
    /// Gives the part of the document here: `->`.
    [[nodiscard]] constexpr auto document() const { return as<json>().value(); }

    /// Is true where the list here has all of these elements, or the object all of these members.
    [[nodiscard]] auto contains(Value const& part) const
        requires(!detail::json_scalar<Value> && !std::same_as<Value, json>)
    {
        static_assert(
            is_containable,
            "sark: contains(...) behind a position in a list, of which containment knows nothing. Use [each], "
            "or document().contains(...). [sark-J28]");
        std::string text;
        detail::write_document(text, part);
        return containment_of(std::move(text));
    }
    [[nodiscard]] auto contains(sark::json part) const
        requires(detail::json_scalar<Value> || std::same_as<Value, sark::json>)
    {
        return detail::value_methods<json_path>::contains(std::move(part));
    }

    /// Is true where the value is one of these.
    template <class Range>
        requires requires(Range const& r) { std::begin(r) != std::end(r); }
    [[nodiscard]] auto in(Range const& values) const {
        return among(values);
    }
    template <class V>
    [[nodiscard]] auto in(std::initializer_list<V> values) const {
        return among(values);
    }

    /// Is true where the key is there, whatever its value is.
    [[nodiscard]] constexpr auto exists() const {
        if constexpr (step_count == 1 && is_keyed && is_containable)
            return detail::in_its_protocol<Root>(
                json_test<"?", json_predicate::has_key, Root, detail::constant_key<Steps...>>{start, {}});
        else
            return detail::in_its_protocol<Root>(document().is_not_null());
    }
    /// Is true where the key, or one on the way to it, is not there; a value that is null is there.
    [[nodiscard]] constexpr auto is_missing() const { return detail::in_its_protocol<Root>(document().is_null()); }
    /// Is true where the value is JSON's null, which is neither missing nor NULL.
    [[nodiscard]] auto is_json_null() const
        requires(is_containable)
    {
        return containment_of("null");
    }

    /// Makes the condition that a document has a value here, given as JSON.
    [[nodiscard]] auto containment_of(std::string value) const {
        using leaf = detail::path_leaf<Steps...>;
        return path_containment<Root, leaf>{start, {{leaf{steps, std::move(value)}}}};
    }

    Root start;
    detail::bundle<Steps...> steps;

    constexpr json_path(Root r, detail::bundle<Steps...> s) : start{std::move(r)}, steps{std::move(s)} {}
    constexpr explicit json_path(Root r)
        requires(sizeof...(Steps) == 0)
        : start{std::move(r)}, steps{} {}

private:
    template <auto M>
    using without_optional = detail::without_optional_t<value_of<M>>;

    template <class Next, class Step>
    constexpr auto go(Step step) const {
        return json_path<Root, Next, Steps..., Step>{start, detail::append(steps, std::move(step))};
    }

    template <class PutRoot>
    static constexpr void write_value(sql::writer& w, PutRoot put_root) {
        w.put(reading::before);
        put_root(w);
        [[maybe_unused]] std::size_t n = 0;
        ((w.put(reading::as_text && ++n == sizeof...(Steps) ? " ->> " : " -> "), Steps::write(w)), ...);
        if constexpr (reading::as_text && sizeof...(Steps) == 0) w.put(" #>> '{}'");
        w.put(reading::after);
    }

    template <class Range>
    auto among(Range const& values) const {
        using given = std::remove_cvref_t<decltype(*std::begin(values))>;
        if constexpr (is_containable && detail::json_scalar<Value> &&
                      rules::path_is_compared_with_its_own_type<json_path, given>::holds) {
            std::vector<std::string> documents;
            for (auto const& v : values) {
                std::string text;
                detail::append_json(text, detail::store_value<Value>(v));
                documents.push_back(containment_of(std::move(text)).document());
            }
            return path_containment_any<Root>{start, std::move(documents)};
        } else {
            return detail::in_its_protocol<Root>(value().in(values));
        }
    }
};

namespace detail {

/// Is the value at a path without what `==` means for paths.
template <class Path>
struct json_value : expression_node,
                    value_methods<json_value<Path>>,
                    json_methods_of<typename Path::value_type, json_value<Path>> {
    using root = typename Path::root;
    using value_type = typename Path::value_type;
    using columns = typename Path::columns;
    static constexpr bool is_json_path = true;
    static constexpr bool is_keyed = Path::is_keyed;
    static constexpr std::size_t step_count = Path::step_count;
    static constexpr bool is_text_ordinal = Path::is_text_ordinal;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Path::template write<Scope>(w);
    }
    template <class Tables>
    static constexpr void write_key(sql::writer& w) {
        Path::template write_key<Tables>(w);
    }
    void bind(parameters& out) const { path.bind(out); }

    Path path;

    constexpr explicit json_value(Path p) : path{std::move(p)} {}
};

template <class P>
inline constexpr bool is_path = false;
template <class Root, class Value, class... Steps>
inline constexpr bool is_path<json_path<Root, Value, Steps...>> = true;

template <class P>
concept path_like = expression_like<P> && is_path<std::remove_cvref_t<P>>;

}  // namespace detail
}  // namespace sark
