// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/query/column_ref.hpp>
#include <sark/query/comparison.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/source.hpp>
#include <sark/schema/json_service.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/text.hpp>

/// Finds out what a condition asks of which document, and which indexes there are on it.
namespace sark::detail {

// ---- the indexes of a table, read once

struct index_facts {
    std::string_view column;
    std::string_view expression;
    std::string_view where;
    json_index kind = json_index::btree;
};

template <class F>
constexpr void each_index_fact(schema::table const& t, F const& f) {
    for (schema::constraint const& c : t.constraints)
        if (c.kind == schema::constraint_kind::primary_key || c.kind == schema::constraint_kind::unique)
            f(index_facts{.column = c.columns.front(), .expression = {}, .where = {}});
    for (schema::index const& i : t.indexes) {
        bool first = true;
        for (schema::index_key const& key : i.keys) {
            // Every key of a GIN index is looked up for itself, of the others the first.
            if (i.method == "gin")
                f(index_facts{key.column, key.expression, i.where,
                              key.operator_class == "jsonb_path_ops" ? json_index::gin_path : json_index::gin});
            else if (first && (i.method == "btree" || i.method == "hash"))
                f(index_facts{key.column, key.expression, i.where,
                              i.method == "hash" ? json_index::hash : json_index::btree});
            first = false;
        }
    }
}

template <class T>
inline constexpr std::size_t index_fact_count = [] {
    std::size_t n = 0;
    each_index_fact(definition_of<T>(), [&](index_facts const&) { ++n; });
    return n;
}();

template <class T>
inline constexpr auto index_facts_of = [] {
    std::array<index_facts, index_fact_count<T> + 1> facts{};
    std::size_t n = 0;
    each_index_fact(definition_of<T>(), [&](index_facts const& f) { facts[n++] = f; });
    return facts;
}();

// ---- what a condition tests

template <class C>
inline constexpr bool is_json_column = [] {
    if constexpr (requires { C::is_document_path; })
        return true;
    else if constexpr (requires { typename C::value_type; })
        return std::is_same_v<without_optional_t<typename C::value_type>, json>;
    else
        return false;
}();
template <class... Cs>
consteval bool any_json_column(type_list<Cs...>) {
    return (is_json_column<Cs> || ...);
}

template <class E>
inline constexpr bool is_tested_json = requires { E::is_json_path; } || [] {
    if constexpr (requires {
                      typename E::table;
                      typename E::value_type;
                  })
        return std::is_same_v<without_optional_t<typename E::value_type>, json>;
    else
        return false;
}();

template <class E>
    struct is_json_part : std::bool_constant < requires {
    E::asked;
} || requires { E::is_json_path; } > {};

/// Says what a leaf of a condition asks of which document; `tested` is void where it asks nothing of one.
template <class Tested, json_predicate Asked>
struct json_question {
    using tested = Tested;
    static constexpr json_predicate asked = Asked;
};
template <class E>
struct question_of : json_question<std::conditional_t<finds<is_json_part, E>(), E, void>, json_predicate::other> {};
template <class E>
    requires requires { typename E::tested; }
struct question_of<E> : json_question<typename E::tested, E::asked> {};

consteval json_predicate predicate_of_comparison(std::string_view op) {
    return op == "=" ? json_predicate::equals : op == "<>" ? json_predicate::other : json_predicate::orders;
}
template <fixed_string Op, class L, class R>
    requires(is_tested_json<L> || is_tested_json<R>)
struct question_of<comparison<Op, L, R>>
    : json_question<std::conditional_t<is_tested_json<L>, L, R>, predicate_of_comparison(Op.view())> {};
template <class L, class Element>
    requires is_tested_json<L>
struct question_of<any_of<L, Element>> : json_question<L, json_predicate::equals> {};
template <class L, bool Negated>
    requires requires { L::is_json_path; }
struct question_of<null_test<L, Negated>>
    : json_question<L, Negated ? json_predicate::other : json_predicate::is_null> {};
template <bool Distinct, class L, class R>
    requires(is_tested_json<L> || is_tested_json<R>)
struct question_of<distinction<Distinct, L, R>>
    : json_question<std::conditional_t<is_tested_json<L>, L, R>, json_predicate::other> {};

// ---- where it is, and what an index on it would be

struct tested_place {
    std::string_view table;  ///< empty where it is no column and no path of one
    std::string_view column;
    std::string_view expression;  ///< empty for the column itself
    std::string_view condition;   ///< what else the condition says, as a partial index would
};

template <class Path, class Tables>
struct path_key_text {
    static constexpr void write(sql::writer& w) { Path::template write_key<Tables>(w); }
};
template <class Root, class Tables>
struct root_condition_text {
    static constexpr void write(sql::writer& w) { Root::template write_condition_key<Tables>(w); }
};

/// Gives the table of what is tested as a type, void where there is none.
template <class Tested, class Tables>
consteval auto tested_table() {
    if constexpr (requires { typename Tested::template table_in<Tables>; })
        return std::type_identity<typename Tested::template table_in<Tables>>{};
    else if constexpr (requires { typename Tested::root; })
        return tested_table<typename Tested::root, Tables>();
    else if constexpr (requires {
                           typename Tested::table;
                           Tested::member;
                       })
        return std::type_identity<typename Tested::table>{};
    else
        return std::type_identity<void>{};
}

template <class Tested, class Tables>
consteval tested_place place_of_tested() {
    if constexpr (requires { typename Tested::root; }) {
        tested_place place = place_of_tested<typename Tested::root, Tables>();
        if constexpr (Tested::is_keyed) {
            if constexpr (Tested::step_count > 0) place.expression = sql::text<path_key_text<Tested, Tables>>::value;
        } else {
            place.table = {};
        }
        return place;
    } else if constexpr (requires { typename Tested::template table_in<Tables>; }) {
        return {table_name<typename Tested::template table_in<Tables>>,
                Tested::template column_in<Tables>(),
                {},
                sql::text<root_condition_text<Tested, Tables>>::value};
    } else if constexpr (requires {
                             typename Tested::table;
                             Tested::member;
                         }) {
        return {table_name<typename Tested::table>, column_of<Tested::member>.name, {}, {}};
    } else {
        return {};
    }
}

template <class T>
consteval bool has_index_for(tested_place const& place, json_predicate asked) {
    for (std::size_t i = 0; i + 1 < index_facts_of<T>.size(); ++i) {
        index_facts const& f = index_facts_of<T>[i];
        bool const same = place.expression.empty() ? f.expression.empty() && f.column == place.column
                                                   : f.expression == place.expression;
        bool const all_rows = f.where.empty() || (!place.condition.empty() && f.where == place.condition);
        if (same && all_rows && serves(f.kind, asked)) return true;
    }
    return false;
}
/// Tells whether a B-tree begins with a column.
template <class T>
consteval bool has_index_on(std::string_view column) {
    return has_index_for<T>({.table = {}, .column = column, .expression = {}, .condition = {}}, json_predicate::orders);
}

}  // namespace sark::detail
