// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/meta/signature.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/member.hpp>
#include <sark/reflect/names.hpp>
#include <sark/schema/parts.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace detail {

template <class T>
inline constexpr bool is_described = !std::is_null_pointer_v<std::remove_cv_t<decltype(table_of<T>)>>;

/// Calls f for each part of T's description; for none when T maps by convention.
template <class T, class F>
constexpr void for_each_part([[maybe_unused]] F&& f) {
    if constexpr (is_described<T>) table_of<T>.parts.each(f);
}

template <class T>
struct conventional_name {
    // HttpRoute is http_route.
    static constexpr void write(sql::writer& w) {
        constexpr std::string_view name = type_name<T>();
        for (std::size_t i = 0; i < name.size(); ++i) {
            bool const upper = name[i] >= 'A' && name[i] <= 'Z';
            bool const after_lower = i > 0 && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z') && name[i - 1] != '_';
            if (upper && after_lower) w.put('_');
            w.put(upper ? static_cast<char>(name[i] - 'A' + 'a') : name[i]);
        }
    }
};

template <class T>
consteval std::string_view table_name_of() {
    if constexpr (is_described<T>)
        return table_of<T>.name;
    else
        return sql::text<conventional_name<T>>::value;
}

}  // namespace detail

/// Names the table of T: as described, or the type's name in snake_case.
template <class T>
inline constexpr std::string_view table_name = detail::table_name_of<T>();

/// The rules of table descriptions.
namespace rules {

template <class Table, auto Member, class Type>
struct member_has_a_sql_type {
    static constexpr bool holds = mapped<Type>;
};

template <class Table, auto Member>
struct part_is_about_a_member_of_its_table {
    static constexpr bool holds = std::is_same_v<Table, owner_of<Member>>;
};

template <class Table, auto Member, class Type>
struct declared_type_holds_the_member {
    static constexpr bool holds(std::string_view declared) { return sql_type<Type>::accepts(declared); }
};

template <class Table, auto Member, std::size_t Position>
struct column_name_is_an_identifier {
    static constexpr bool holds = sql::is_identifier(without_trailing_underscore(field_name<Table, Position>));
};

}  // namespace rules

/// Describes a column as statements need it.
struct column_facts {
    std::string_view name;
    std::string_view type;
    std::string_view fallback;
    std::string_view comment;
    bool nullable;
    bool managed;

    /// Tells whether an unset value takes the column's default.
    [[nodiscard]] constexpr bool has_default() const { return !fallback.empty() || is_serial(); }
    [[nodiscard]] constexpr bool is_serial() const {
        return type == "bigserial" || type == "serial" || type == "smallserial";
    }
    /// Gives the type that values have: `bigserial` is a bigint with a sequence.
    [[nodiscard]] constexpr std::string_view storage_type() const {
        return type == "bigserial"     ? "bigint"
               : type == "serial"      ? "integer"
               : type == "smallserial" ? "smallint"
                                       : type;
    }
};

namespace detail {

/// Makes the column of a field as the convention has it.
template <class T, std::size_t I>
consteval column_facts conventional_column() {
    using member = field_type<T, I>;
    constexpr std::string_view name = without_trailing_underscore(field_names<T>[I]);
    // The rules are only instantiated where they are broken: a field costs nothing for the messages it does not need.
    if constexpr (!mapped<member>) {
        static_assert(rules::member_has_a_sql_type<T, field_address<T, I>(), member>::holds,
                      "sark: a member of this struct has a type that no PostgreSQL type is mapped to. Use a mapped "
                      "type, or specialise sark::sql_type and sark::codec for yours. [sark-T01]");
        return {};
    } else if constexpr (!sql::is_identifier(name)) {
        static_assert(rules::column_name_is_an_identifier<T, field_address<T, I>(), I>::holds,
                      "sark: a member's name is longer than the 63 bytes of a PostgreSQL identifier, which the server "
                      "would cut. Shorten it. [sark-T04]");
        return {};
    } else {
        return {.name = name,
                .type = sql_type<without_optional_t<member>>::name,
                .fallback = {},
                .comment = {},
                .nullable = is_optional<member>,
                .managed = false};
    }
}

template <class T, auto M, std::size_t N>
constexpr void apply_part(std::array<column_facts, N>& columns, column<M> const& part) {
    if constexpr (!std::is_same_v<owner_of<M>, T>) {
        static_assert(rules::part_is_about_a_member_of_its_table<T, M>::holds,
                      "sark: a column part of this table names a member of another struct. Name a member of the struct "
                      "whose table_of this is. [sark-T03]");
    } else {
        column_facts& facts = columns[member_position<M>];
        if (!part.type.empty()) facts.type = part.type;
        facts.fallback = part.fallback;
        facts.comment = part.comment;
        facts.managed = part.managed;
    }
}
template <class T, std::size_t... I>
consteval auto make_columns(std::index_sequence<I...>) {
    std::array<column_facts, sizeof...(I)> columns{conventional_column<T, I>()...};
    for_each_part<T>([&]<class Part>(Part const& part) {
        if constexpr (requires { Part::describes_column; }) apply_part<T>(columns, part);
    });
    return columns;
}

template <class T>
inline constexpr auto described_columns = make_columns<T>(std::make_index_sequence<field_count<T>>{});

template <class T, std::size_t I>
consteval bool check_declared_type() {
    using member = without_optional_t<field_type<T, I>>;
    if constexpr (!mapped<member> || !sql::is_identifier(without_trailing_underscore(field_names<T>[I]))) {
        return true;  // has had its message
    } else {
        constexpr std::string_view declared = described_columns<T>[I].type;
        constexpr bool holds = declared == sql_type<member>::name || sql_type<member>::accepts(declared);
        if constexpr (!holds)
            static_assert(rules::declared_type_holds_the_member<T, field_address<T, I>(), member>::holds(declared),
                          "sark: a column is declared with a type that does not hold its member's values. Declare the "
                          "member's own SQL type or change the member. [sark-T02]");
        return holds;
    }
}

template <class T, std::size_t... I>
consteval auto const& checked_columns(std::index_sequence<I...>) {
    static_cast<void>((check_declared_type<T, I>() && ...));
    return described_columns<T>;
}

}  // namespace detail

/// Lists the columns of T in the order of its fields.
template <class T>
inline constexpr auto const& columns_of = detail::checked_columns<T>(std::make_index_sequence<field_count<T>>{});

/// Gives the column a member is mapped to.
template <auto M>
inline constexpr column_facts const& column_of = columns_of<owner_of<M>>[member_position<M>];

}  // namespace sark
