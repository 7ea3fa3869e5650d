// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/jsonb/protocol.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/scope.hpp>
#include <sark/reflect/member.hpp>
#include <sark/types/json.hpp>

namespace sark {

namespace detail {

/// Stands in a condition's list of columns for "the document of whichever table has one for this path".
template <auto M>
struct document_path {
    static constexpr bool is_document_path = true;
};

template <class T>
inline constexpr bool has_documents = !document_columns_of<T>().table.empty();

template <class Tables>
struct document_in_scope;
template <>
struct document_in_scope<type_list<>> {
    static constexpr std::size_t count = 0;
    using table = void;
    static constexpr document_columns find() { return {}; }
};
template <class T, class... Ts>
struct document_in_scope<type_list<T, Ts...>> {
    using rest = document_in_scope<type_list<Ts...>>;
    static constexpr std::size_t count = rest::count + (has_documents<T> ? 1U : 0U);
    using table = std::conditional_t<has_documents<T>, T, typename rest::table>;
    static constexpr document_columns find() {
        if constexpr (has_documents<T>)
            return document_columns_of<T>();
        else
            return rest::find();
    }
};

/// Is the document that a member of a protocol's struct is read from, in whichever table of the query has one.
template <auto M>
struct document_root : expression_node {
    using value_type = json;
    using columns = type_list<document_path<M>>;
    using document_type = owner_of<M>;
    template <class Tables>
    using table_in = typename document_in_scope<Tables>::table;

    template <class Tables>
    static constexpr std::string_view column_in() {
        return document_in_scope<Tables>::find().document;
    }
    template <class Scope>
    static constexpr void write(sql::writer& w) {
        constexpr document_columns at = document_in_scope<Scope>::find();
        sql::put_qualified(w, at.table, at.document);
    }
    /// Writes that a row is of the protocol: a key means what the struct says in its documents only.
    template <class Scope>
    static constexpr void write_condition(sql::writer& w) {
        write_protocol_condition<document_type>(w, document_in_scope<Scope>::find());
    }
    /// Writes the same as the predicate of a partial index.
    template <class Scope>
    static constexpr void write_condition_key(sql::writer& w) {
        write_protocol_predicate<document_type>(w, document_in_scope<Scope>::find());
    }
    void bind(parameters&) const {}
};

template <class Root>
inline constexpr bool is_document_root = false;
template <auto M>
inline constexpr bool is_document_root<document_root<M>> = true;

/// Tells whether two paths start at the same document.
template <class A, class B>
inline constexpr bool is_same_root = std::is_same_v<A, B>;
template <auto A, auto B>
inline constexpr bool is_same_root<document_root<A>, document_root<B>> = std::is_same_v<owner_of<A>, owner_of<B>>;

}  // namespace detail

namespace rules {

template <auto M, class Tables>
struct column_is_of_a_table_in_the_query<detail::document_path<M>, Tables> {
    static constexpr bool holds = detail::document_in_scope<Tables>::count == 1;
};

}  // namespace rules

/// Adds to a condition that the row is of the protocol whose documents it reads.
template <class Root, class Condition>
struct protocol_condition : detail::node_of<Condition> {
    using value_type = typename Condition::value_type;
    static constexpr bool adds_protocol = true;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put('(');
        Root::template write_condition<Scope>(w);
        w.put(" AND ");
        Condition::template write<Scope>(w);
        w.put(')');
    }
    void bind(parameters& out) const { inner.bind(out); }

    Condition inner;

    constexpr explicit protocol_condition(Condition c) : inner{static_cast<Condition&&>(c)} {}
};

namespace detail {

template <class Root, class Condition>
constexpr auto in_its_protocol(Condition condition) {
    if constexpr (is_document_root<Root>)
        return protocol_condition<Root, Condition>{static_cast<Condition&&>(condition)};
    else
        return condition;
}

}  // namespace detail

}  // namespace sark
