// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/query/column_ref.hpp>
#include <sark/query/query.hpp>
#include <sark/query/with.hpp>
#include <sark/reflect/member.hpp>
#include <sark/schema/relation.hpp>
#include <sark/schema/table.hpp>

namespace sark {

namespace rules {

template <class Link>
struct children_are_found_by_one_column {
    static constexpr bool holds = false;
};
template <auto From, auto To>
struct children_are_found_by_one_column<detail::link<key<From>, key<To>>> {
    static constexpr bool holds = true;
};

/// Children that have children of their own are related as they are without them.
template <class Child, class... Grandchildren, class Parent>
struct child_has_one_relation_to_its_parent<with_children<Child, Grandchildren...>, Parent>
    : child_has_one_relation_to_its_parent<Child, Parent> {};

}  // namespace rules

namespace detail {

/// Says which table children come from, and makes their query load what hangs on them.
template <class Child>
struct loaded_child {
    using table = Child;
    static constexpr bool is_plain = true;
    template <class Query>
    static auto completed(Query const& query) {
        return query;
    }
};
template <class Child, class... Grandchildren>
struct loaded_child<with_children<Child, Grandchildren...>> {
    using table = Child;
    static constexpr bool is_plain = false;
    template <class Query>
    static auto completed(Query const& query) {
        return add<Grandchildren...>(query);
    }

private:
    template <class First, class... Others, class Query>
    static auto add(Query const& query) {
        if constexpr (sizeof...(Others) == 0)
            return query.template with<First>();
        else
            return add<Others...>(query.template with<First>());
    }
};

template <class Link>
struct single_link;
template <auto From, auto To>
struct single_link<link<key<From>, key<To>>> {
    static constexpr auto from = From;
    static constexpr auto to = To;
};

/// Loads the children of all rows with one statement, which takes their keys as one array.
///
/// Children come in the order of their primary key's first column, so the same data gives the same order. What hangs on
/// them, `with<with_children<Child, Grandchild>>()`, is loaded by one statement per level, however wide the tree is.
template <class Child>
struct child_loader {
    using table = typename loaded_child<Child>::table;

    template <class Session, class Row, class... Children>
    static void load(Session& session, std::vector<with_children<Row, Children...>>& rows) {
        using parent = typename row_traits<Row>::table;
        using relation = relation_to<table, parent>;
        using single = rules::children_are_found_by_one_column<relation>;
        static_assert(single::holds,
                      "sark: with<T>() follows relations of one column, and this one has several. Load the children "
                      "with a query of their own. [sark-Q22]");
        if constexpr (single::holds) {
            constexpr auto from_member = single_link<relation>::from;
            constexpr auto to_member = single_link<relation>::to;
            using key_type = value_of<to_member>;
            if (rows.empty()) return;
            std::map<key_type, std::vector<std::size_t>> rows_by_key;
            for (std::size_t r = 0; r < rows.size(); ++r) rows_by_key[rows[r].*to_member].push_back(r);
            std::vector<key_type> keys;
            keys.reserve(rows_by_key.size());
            for (auto const& entry : rows_by_key) keys.push_back(entry.first);
            auto place = [&](Child&& child) {
                std::vector<std::size_t> const& owners = rows_by_key.at(key_of(child.*from_member));
                // A row can stand in the result more than once; each gets the child.
                for (std::size_t i = 0; i + 1 < owners.size(); ++i)
                    rows[owners[i]].template children<Child>().push_back(child);
                rows[owners.back()].template children<Child>().push_back(std::move(child));
            };
            auto const query = sorted(sark::from<table>().where(col<from_member>.in(keys)));
            if constexpr (loaded_child<Child>::is_plain)
                session.each(query, place);
            else
                for (Child& child : session.all(loaded_child<Child>::completed(query))) place(std::move(child));
        }
    }

private:
    template <class K>
    static K const& key_of(K const& key) {
        return key;
    }
    template <class K>
    static K const& key_of(std::optional<K> const& key) {
        return *key;  // NULL is no member of an array, so it was not selected
    }

    struct by_key : expression_node {
        using value_type = bool;
        using columns = type_list<>;

        template <class Scope>
        static constexpr void write(sql::writer& w) {
            for (std::size_t i = 0; i < field_count<table>; ++i)
                if (key_fields<table>[i]) return sql::put_qualified(w, table_name<table>, columns_of<table>[i].name);
        }
        static void bind(parameters&) {}
    };

    template <class Query>
    static auto sorted(Query const& query) {
        if constexpr (key_size<table> == 0)
            return query;
        else
            return query.order_by(by_key{});
    }
};

}  // namespace detail
}  // namespace sark
