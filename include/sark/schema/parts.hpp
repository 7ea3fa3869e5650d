// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/fixed_string.hpp>
#include <sark/reflect/member.hpp>
#include <sark/schema/definition.hpp>
#include <sark/schema/json_service.hpp>

namespace sark {

/// The parts of a table's description. Each says one thing about members that the struct itself does not say.

/// Says how a member's column differs from the convention.
template <auto M>
    requires data_member<M>
struct column {
    static constexpr bool describes_column = true;

    std::string_view type = {};      ///< SQL type when not the mapped one: `varchar(255)`
    std::string_view fallback = {};  ///< DEFAULT expression: `now()`
    std::string_view comment = {};
    /// The server or a trigger keeps it (created_at, updated_at): sent on insert when set, never by an update.
    bool managed = false;
};

/// Names the key; without this part a member called `id` is the key.
template <auto... Ms>
    requires(data_member<Ms> && ...)
struct primary_key {
    std::string_view name = {};
};

template <auto... Ms>
    requires(data_member<Ms> && ...)
struct unique {
    std::string_view name = {};
};

/// Lists members of one struct, for composite foreign keys.
template <auto... Ms>
    requires(data_member<Ms> && ...)
struct key {};

template <class From, class To>
struct foreign_key;
/// References the key of another table, and declares the relation that `join<T>()` and `with<T>()` follow.
template <auto... From, auto... To>
    requires(sizeof...(From) == sizeof...(To))
struct foreign_key<key<From...>, key<To...>> {
    std::string_view name = {};
    schema::referential_action on_delete = schema::referential_action::no_action;
    bool not_valid = false;  ///< rows from before the key are not checked: migrations add it so and validate it later
};

/// References one column of another table.
template <auto From, auto To>
using references = foreign_key<key<From>, key<To>>;

/// Declares a relation that the database does not enforce.
template <auto From, auto To>
struct relation {};

struct check {
    std::string_view name;
    std::string_view expression;
    bool not_valid = false;  ///< rows from before the check are not read
};

struct comment {
    std::string_view text;
};

// ---- keys of indexes, beside plain member pointers

template <auto Key>
struct descending_t {};
/// Sorts an index key downwards: a member, an expression or a rank.
template <auto Key>
inline constexpr descending_t<Key> descending{};

template <auto... Ms>
struct covering_t {};
/// Adds columns that the index carries without sorting by them (INCLUDE).
template <auto... Ms>
inline constexpr covering_t<Ms...> covering{};

template <fixed_string Sql>
struct expression_t {
    static constexpr auto sql = Sql;
};
/// Indexes an expression: `expression<"lower(name)">`.
template <fixed_string Sql>
inline constexpr expression_t<Sql> expression{};

/// Declares a B-tree index; keys are members, `descending<…>`, `expression<…>`, and `covering<…>` last.
template <auto... Keys>
struct index {
    std::string_view name;
    bool unique = false;
    std::string_view where = {};
};

/// Declares a GIN index with the default class: containment and key existence.
template <auto... Keys>
struct gin {
    std::string_view name;
    std::string_view where = {};
};

/// Declares a GIN index with jsonb_path_ops: containment and JSON path only, smaller and quicker.
template <auto... Keys>
struct gin_path {
    std::string_view name;
    std::string_view where = {};
};

/// Declares a GIN index with the smallest operator class that serves all these predicates: a program says what it asks,
/// and need not know the classes.
/// @code
/// sark::gin_for<&Event::payload, sark::json_predicate::contains>{"ix_events_payload"}     // jsonb_path_ops
/// @endcode
template <auto Key, json_predicate... Asked>
struct gin_for {
    std::string_view name;
    std::string_view where = {};
};

/// Declares a hash index: equality only, and smaller than a B-tree where values are long.
template <auto Key>
struct hash_index {
    std::string_view name;
    std::string_view where = {};
};

/// Says which document of a row has which shape: the member `Discriminator` names the protocol of the document `M`.
///
/// It lets `meta<&HttpMetadata::field>` find the document and the protocol's column.
template <auto Discriminator, auto M>
struct polymorphic {};

namespace detail {

template <auto First, auto...>
inline constexpr auto first_of = First;

template <std::size_t I, class Part>
struct part_slot {
    Part part;
};

template <class Sequence, class... Parts>
struct part_list;
template <std::size_t... I, class... Parts>
struct part_list<std::index_sequence<I...>, Parts...> : part_slot<I, Parts>... {
    template <class F>
    constexpr void each(F&& f) const {
        (f(static_cast<part_slot<I, Parts> const&>(*this).part), ...);
    }
};

/// Holds the parts that a table has where the server has, or lacks, an extension.
template <bool Present, class Parts>
struct extension_parts {
    std::string_view extension;
    Parts parts;

    [[nodiscard]] constexpr bool apply_where(std::string_view installed) const {
        return (extension == installed) == Present;
    }
};

template <class T>
inline constexpr bool depends_on_extension = false;
template <bool Present, class Parts>
inline constexpr bool depends_on_extension<extension_parts<Present, Parts>> = true;

template <class T>
inline constexpr bool is_enforced_key = false;
template <auto... Ms>
inline constexpr bool is_enforced_key<primary_key<Ms...>> = true;

}  // namespace detail

/// Holds a table's name and parts; made by `table(…)`.
template <class... Parts>
struct table_parts {
    static constexpr bool has_extension_parts = (detail::depends_on_extension<Parts> || ...);

    std::string_view name;
    detail::part_list<std::index_sequence_for<Parts...>, Parts...> parts;
    std::string_view view_query = {};
    bool materialized = false;
    schema::refresh continuous = {};
};

/// Says which constraints and indexes a table has, and where its rows are, only where an extension is installed; the
/// columns are the same everywhere, since one struct reads them.
/// @code
/// sark::with_extension("citus", sark::primary_key<&Order::tenant, &Order::id>{}),
/// sark::without_extension("citus", sark::unique<&Order::number>{})
/// @endcode
template <class... Parts>
[[nodiscard]] constexpr auto with_extension(std::string_view extension, Parts... parts) {
    using list = detail::part_list<std::index_sequence_for<Parts...>, Parts...>;
    return detail::extension_parts<true, list>{extension, {{parts}...}};
}

/// Says which constraints and indexes a table has only where an extension is not installed.
template <class... Parts>
[[nodiscard]] constexpr auto without_extension(std::string_view extension, Parts... parts) {
    using list = detail::part_list<std::index_sequence_for<Parts...>, Parts...>;
    return detail::extension_parts<false, list>{extension, {{parts}...}};
}

/// Describes a table: its name, then its parts in any order.
template <class... Parts>
[[nodiscard]] constexpr table_parts<Parts...> table(std::string_view name, Parts... parts) {
    return {name, {{parts}...}};
}

/// Describes a materialized view whose rows the struct reads.
template <class... Parts>
[[nodiscard]] constexpr table_parts<Parts...> materialized_view(std::string_view name, std::string_view query,
                                                                Parts... parts) {
    return {name, {{parts}...}, query, true};
}

/// Describes the table of T; specialise it beside the struct. Without it T maps by convention.
/// @code
/// template <> inline constexpr auto sark::table_of<Book> =
///     sark::table("books", sark::column<&Book::title>{.type = "varchar(200)"}, sark::unique<&Book::title>{});
/// @endcode
template <class T>
inline constexpr auto table_of = nullptr;

}  // namespace sark
