// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/array.hpp>
#include <sark/codec/text.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>
#include <sark/schema/json_service.hpp>
#include <sark/types/json.hpp>

namespace sark {

/// Applies an operator of jsonb that is true or false; `asked` says which indexes serve it.
template <fixed_string Operator, json_predicate Asked, class Left, class Right>
struct json_test : detail::node_of<Left, Right> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left, Right>, bool>;
    using tested = Left;
    static constexpr json_predicate asked = Asked;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(' ');
        w.put(Operator.view());
        w.put(' ');
        Right::template write<Scope>(w);
    }
    void bind(parameters& out) const {
        left.bind(out);
        right.bind(out);
    }

    Left left;
    Right right;

    constexpr json_test(Left l, Right r) : left{static_cast<Left&&>(l)}, right{static_cast<Right&&>(r)} {}
};

/// Declares that a condition on documents may read the whole table: no index serves it, and that is meant.
template <class Condition>
struct unindexed_condition : detail::node_of<Condition> {
    using value_type = typename Condition::value_type;
    using strict = detail::strict_columns_t<Condition>;
    static constexpr bool is_unindexed = true;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Condition::template write<Scope>(w);
    }
    void bind(parameters& out) const { inner.bind(out); }

    Condition inner;

    constexpr explicit unindexed_condition(Condition c) : inner{std::move(c)} {}
};

/// Says that a condition on documents may read the whole table, where no declared index serves it.
/// @code
/// from<Resource>().where(unindexed(col<&Resource::metadata_>.contained_in(json{…})))
/// @endcode
template <condition C>
[[nodiscard]] constexpr auto unindexed(C condition) {
    return unindexed_condition<C>{std::move(condition)};
}

namespace detail {

/// Sends a document. The cast is written, for the server would take a parameter of unknown type for text.
struct bound_json : expression_node {
    using value_type = json;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
        w.put("::jsonb");
    }
    void bind(parameters& out) const { codec<json>::encode(out, document); }

    json document;
};

/// Sends one key.
struct bound_key : expression_node {
    using value_type = std::string;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
        w.put("::text");
    }
    void bind(parameters& out) const { out.add_borrowed(key); }

    std::string key;
};

/// Sends keys, or a path of keys and positions, as one array.
struct bound_keys : expression_node {
    using value_type = std::vector<std::string>;
    using columns = type_list<>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put_placeholder();
        w.put("::text[]");
    }
    void bind(parameters& out) const {
        for (std::string const& key : keys) check_text(key, "a key of a document");
        encode_array<std::string>(out, keys);
    }

    std::vector<std::string> keys;
};

/// Makes the right side of an operator: another expression, or a document that is sent.
template <class V>
constexpr auto json_operand(V&& value) {
    if constexpr (expression_like<V>)
        return std::remove_cvref_t<V>{std::forward<V>(value)};
    else
        return bound_json{{}, json{std::forward<V>(value)}};
}

}  // namespace detail

/// Is a condition that a document contains another one, `@>`.
template <class Left, class Right = detail::bound_json>
using containment = json_test<"@>", json_predicate::contains, Left, Right>;

}  // namespace sark
