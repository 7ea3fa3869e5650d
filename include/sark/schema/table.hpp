// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/reflect/member.hpp>
#include <sark/schema/columns.hpp>
#include <sark/schema/definition.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/schema/parts.hpp>
#include <sark/schema/rank.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

/// Marks the fields that are parts of the primary key.
template <class T>
consteval auto mark_key_fields() {
    std::array<bool, field_count<T> == 0 ? 1 : field_count<T>> marks{};
    bool declared = false;
    for_each_part<T>([&]<class Part>(Part const&) {
        if constexpr (is_enforced_key<Part>) {
            declared = true;
            [&]<auto... Ms>(primary_key<Ms...>*) {
                static_assert((rules::part_is_about_a_member_of_its_table<T, Ms>::holds && ...),
                              "sark: the primary key of this table names a member of another struct. Name a member of "
                              "the struct whose table_of this is. [sark-T05]");
                ((marks[member_position<Ms>] = true), ...);
            }(static_cast<Part*>(nullptr));
        }
    });
    if (!declared)
        for (std::size_t i = 0; i < field_count<T>; ++i)
            if (columns_of<T>[i].name == "id") marks[i] = true;
    return marks;
}

}  // namespace detail

/// Marks, by position, the fields that make up the primary key of T.
template <class T>
inline constexpr auto key_fields = detail::mark_key_fields<T>();

/// Counts the columns of the primary key; 0 for a struct without a key.
template <class T>
inline constexpr std::size_t key_size = [] {
    std::size_t n = 0;
    for (bool marked : key_fields<T>) n += marked ? 1U : 0U;
    return n;
}();

/// Tells whether T reads a view and takes no rows.
template <class T>
inline constexpr bool is_view = [] {
    if constexpr (detail::is_described<T>)
        return !table_of<T>.view_query.empty();
    else
        return false;
}();

namespace detail {

template <auto... Ms>
constexpr std::vector<std::string_view> names_of_columns() {
    return {column_of<Ms>.name...};
}

template <auto M>
constexpr void add_index_key(schema::index& i, std::integral_constant<decltype(M), M>) {
    i.keys.push_back({.column = column_of<M>.name});
}
template <auto M>
constexpr void add_index_key(schema::index& i, rank_t<M>) {
    i.keys.push_back({.expression = sql::text<rank_expression<M>>::value});
}
template <auto... Ms>
constexpr void add_index_key(schema::index& i, covering_t<Ms...>) {
    (i.include.push_back(column_of<Ms>.name), ...);
}
template <fixed_string Sql>
constexpr void add_index_key(schema::index& i, expression_t<Sql>) {
    i.keys.push_back({.expression = expression<Sql>.sql.view()});
}

/// Accepts keys that know their text, such as `path<…>`.
template <class Key>
concept written_key = requires(sql::writer& w) {
    typename Key::key_table;
    Key::write(w);
};
template <written_key Key>
constexpr void add_index_key(schema::index& i, Key) {
    i.keys.push_back({.expression = sql::text<Key>::value});
}

template <auto Key>
constexpr auto index_key_tag() {
    if constexpr (data_member<Key>)
        return std::integral_constant<decltype(Key), Key>{};
    else
        return Key;
}

template <auto Key>
constexpr void add_index_key(schema::index& i, descending_t<Key>) {
    add_index_key(i, index_key_tag<Key>());
    i.keys.back().descending = true;
}

template <auto... Keys>
constexpr schema::index make_index(std::string_view name, std::string_view method, std::string_view operator_class,
                                   bool unique, std::string_view where) {
    schema::index i{.name = name, .method = method, .unique = unique, .where = where};
    (add_index_key(i, index_key_tag<Keys>()), ...);
    for (schema::index_key& key : i.keys) key.operator_class = operator_class;
    return i;
}

template <auto... Ms>
constexpr void add_part(schema::table& t, primary_key<Ms...> const& p) {
    t.constraints.insert(t.constraints.begin(), schema::constraint{.kind = schema::constraint_kind::primary_key,
                                                                   .name = p.name,
                                                                   .columns = names_of_columns<Ms...>()});
}
template <auto... Ms>
constexpr void add_part(schema::table& t, unique<Ms...> const& p) {
    t.constraints.push_back(
        {.kind = schema::constraint_kind::unique, .name = p.name, .columns = names_of_columns<Ms...>()});
}
template <auto... From, auto... To>
constexpr void add_part(schema::table& t, foreign_key<key<From...>, key<To...>> const& p) {
    using other = owner_of<detail::first_of<To...>>;
    t.constraints.push_back({.kind = schema::constraint_kind::foreign_key,
                             .name = p.name,
                             .columns = names_of_columns<From...>(),
                             .references = table_name<other>,
                             .referenced = names_of_columns<To...>(),
                             .on_delete = p.on_delete,
                             .not_valid = p.not_valid});
}
constexpr void add_part(schema::table& t, check const& p) {
    t.constraints.push_back(
        {.kind = schema::constraint_kind::check, .name = p.name, .expression = p.expression, .not_valid = p.not_valid});
}
constexpr void add_part(schema::table& t, comment const& p) { t.comment = p.text; }
template <auto... Keys>
constexpr void add_part(schema::table& t, index<Keys...> const& p) {
    t.indexes.push_back(make_index<Keys...>(p.name, "btree", "", p.unique, p.where));
}
template <auto... Keys>
constexpr void add_part(schema::table& t, gin<Keys...> const& p) {
    t.indexes.push_back(make_index<Keys...>(p.name, "gin", "", false, p.where));
}
template <auto... Keys>
constexpr void add_part(schema::table& t, gin_path<Keys...> const& p) {
    t.indexes.push_back(make_index<Keys...>(p.name, "gin", "jsonb_path_ops", false, p.where));
}
template <auto Key>
constexpr void add_part(schema::table& t, hash_index<Key> const& p) {
    t.indexes.push_back(make_index<Key>(p.name, "hash", "", false, p.where));
}
template <json_predicate... Asked>
consteval std::string_view smallest_class() {
    constexpr bool served = sizeof...(Asked) > 0 && (serves(json_index::gin, Asked) && ...);
    static_assert(served,
                  "sark: gin_for<...> names a predicate that no GIN index serves. Index the path with index<...> where "
                  "it is =, an order or IS NULL, and leave the others out. [sark-J21]");
    return (serves(json_index::gin_path, Asked) && ...) ? "jsonb_path_ops" : "";
}
template <auto Key, json_predicate... Asked>
constexpr void add_part(schema::table& t, gin_for<Key, Asked...> const& p) {
    t.indexes.push_back(make_index<Key>(p.name, "gin", smallest_class<Asked...>(), false, p.where));
}
template <auto Time, auto... Space>
constexpr void add_part(schema::table& t, hypertable<Time, Space...> const& p) {
    t.chunks.time = column_of<Time>.name;
    t.chunks.chunk = p.chunk;
    ((t.chunks.space = column_of<Space>.name), ...);
    t.chunks.partitions = p.partitions;
}
template <auto... SegmentBy>
constexpr void add_part(schema::table& t, compressed<SegmentBy...> const& p) {
    t.chunks.compress_after = p.after;
    t.chunks.segment_by = names_of_columns<SegmentBy...>();
}
constexpr void add_part(schema::table& t, retention const& p) { t.chunks.drop_after = p.after; }
template <auto Column, class With>
constexpr void add_part(schema::table& t, distributed_by<Column, With> const&) {
    t.shards = {.kind = schema::placement::distributed, .column = column_of<Column>.name};
    if constexpr (!std::is_void_v<With>) t.shards.with = table_name<With>;
}
constexpr void add_part(schema::table& t, reference_table const&) { t.shards.kind = schema::placement::reference; }
// Columns are read by columns_of; relations and polymorphic documents leave no trace in the schema.
template <class Part>
constexpr void add_part(schema::table&, Part const&) {}

}  // namespace detail

namespace detail {

template <class T, auto M>
consteval void check_member() {
    if constexpr (!rules::part_is_about_a_member_of_its_table<T, M>::holds)
        static_assert(rules::part_is_about_a_member_of_its_table<T, M>::holds,
                      "sark: a constraint, index or relation of this table names a member of another struct. Name a "
                      "member of the struct whose table_of this is. [sark-T06]");
}

template <class T, auto Key>
constexpr void check_index_key(std::integral_constant<decltype(Key), Key>) {
    check_member<T, Key>();
}
template <class T, auto M>
constexpr void check_index_key(rank_t<M>) {
    check_member<T, M>();
}
template <class T, auto... Ms>
constexpr void check_index_key(covering_t<Ms...>) {
    (check_member<T, Ms>(), ...);
}
template <class T, fixed_string Sql>
constexpr void check_index_key(expression_t<Sql>) {}
template <class T, written_key Key>
constexpr void check_index_key(Key) {
    static_assert(std::is_same_v<typename Key::key_table, T>,
                  "sark: a constraint, index or relation of this table names a member of another struct. Name a member "
                  "of the struct whose table_of this is. [sark-T06]");
}
template <class T, auto Key>
constexpr void check_index_key(descending_t<Key>) {
    check_index_key<T>(index_key_tag<Key>());
}

template <class T, auto... Ms>
constexpr void check_part(unique<Ms...> const&) {
    (check_member<T, Ms>(), ...);
}
template <class T, auto... From, class To>
constexpr void check_part(foreign_key<key<From...>, To> const&) {
    (check_member<T, From>(), ...);
}
template <class T, auto From, auto To>
constexpr void check_part(relation<From, To> const&) {
    check_member<T, From>();
}
template <class T, auto Discriminator, auto Document>
constexpr void check_part(polymorphic<Discriminator, Document> const&) {
    check_member<T, Discriminator>();
    check_member<T, Document>();
}
template <class T, template <auto...> class Index, auto... Keys>
    requires requires(Index<Keys...> const& i) { i.where; }
constexpr void check_part(Index<Keys...> const&) {
    (check_index_key<T>(index_key_tag<Keys>()), ...);
}
template <class T, auto Key, json_predicate... Asked>
constexpr void check_part(gin_for<Key, Asked...> const&) {
    check_index_key<T>(index_key_tag<Key>());
}
template <class T, auto Time, auto... Space>
constexpr void check_part(hypertable<Time, Space...> const&) {
    check_member<T, Time>();
    (check_member<T, Space>(), ...);
}
template <class T, auto... SegmentBy>
constexpr void check_part(compressed<SegmentBy...> const&) {
    (check_member<T, SegmentBy>(), ...);
}
template <class T, auto Column, class With>
constexpr void check_part(distributed_by<Column, With> const&) {
    check_member<T, Column>();
}
// Columns and primary keys are checked where they are read; checks and comments name no members.
template <class T>
constexpr void check_part(...) {}

}  // namespace detail

namespace detail {

/// Adds parts to a table; tells whether a primary key is among them. The key of a server with an extension takes the
/// place of the one that others have.
template <class T, class Parts>
constexpr bool add_parts(schema::table& t, Parts const& parts, std::string_view extension, bool special = false) {
    bool has_key = false;
    parts.each([&]<class Part>(Part const& part) {
        if constexpr (depends_on_extension<Part>) {
            if (part.apply_where(extension)) has_key = add_parts<T>(t, part.parts, extension, true) || has_key;
        } else if constexpr (!requires { Part::describes_column; }) {
            check_part<T>(part);
            if constexpr (is_enforced_key<Part>) {
                bool const other = !t.constraints.empty() &&
                                   t.constraints.front().kind == schema::constraint_kind::primary_key;
                has_key = true;
                if (other && !special) return;
                if (other) t.constraints.erase(t.constraints.begin());
            }
            add_part(t, part);
        }
    });
    return has_key;
}

}  // namespace detail

/// Gives the definition of T's table as a value: what the DDL says and what migrations are compared with.
///
/// With the name of an extension it is the table of a server that has it: `definition_of<T>("citus")`.
template <class T>
[[nodiscard]] constexpr schema::table definition_of(std::string_view extension = {}) {
    schema::table t{.name = table_name<T>};
    t.columns.reserve(columns_of<T>.size());
    for (column_facts const& c : columns_of<T>)
        t.columns.push_back(
            {.name = c.name, .type = c.type, .nullable = c.nullable, .fallback = c.fallback, .comment = c.comment});
    bool has_key = false;
    if constexpr (detail::is_described<T>) has_key = detail::add_parts<T>(t, table_of<T>.parts, extension);
    if (!has_key && key_size<T> > 0 && !is_view<T>)
        t.constraints.insert(t.constraints.begin(),
                             schema::constraint{.kind = schema::constraint_kind::primary_key, .columns = {"id"}});
    return t;
}

/// Gives the definition of T's materialized view as a value.
template <class T>
    requires is_view<T>
[[nodiscard]] constexpr schema::view view_definition_of(std::string_view extension = {}) {
    return {.name = table_name<T>,
            .query = table_of<T>.view_query,
            .materialized = table_of<T>.materialized,
            .indexes = definition_of<T>(extension).indexes,
            .continuous = table_of<T>.continuous};
}

}  // namespace sark
