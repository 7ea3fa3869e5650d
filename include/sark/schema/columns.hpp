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

/// Says what the type of a member means for its column; one per type, however many fields have it.
struct member_shape {
    std::string_view type = {};
    bool nullable = false;
    bool (*accepts)(std::string_view) = nullptr;  ///< null where no SQL type is mapped
};

template <class Member>
consteval member_shape make_shape() {
    using value = without_optional_t<Member>;
    if constexpr (mapped<Member>)
        return {sql_type<value>::name, is_optional<Member>,
                [](std::string_view t) { return sql_type<value>::accepts(t); }};
    else
        return {};
}

template <class Member>
inline constexpr member_shape shape_of = make_shape<Member>();

template <class T, class Sequence>
struct field_shapes;
template <class T, std::size_t... I>
struct field_shapes<T, std::index_sequence<I...>> {
    static constexpr std::array<member_shape const*, sizeof...(I)> shapes{&shape_of<field_type<T, I>>...};
};

template <class T>
inline constexpr auto const& shapes_of = field_shapes<T, std::make_index_sequence<field_count<T>>>::shapes;

/// Changes the columns as the column parts of a description say.
template <class T>
struct column_changes {
    std::array<column_facts, field_count<T>>& columns;

    template <class Part>
    constexpr void operator()(Part const& part) const {
        if constexpr (requires { Part::describes_column; }) apply(part);
    }

private:
    template <auto M>
    constexpr void apply(column<M> const& part) const {
        if constexpr (!std::is_same_v<owner_of<M>, T>) {
            static_assert(rules::part_is_about_a_member_of_its_table<T, M>::holds,
                          "sark: a column part of this table names a member of another struct. Name a member of the "
                          "struct whose table_of this is. [sark-T03]");
        } else {
            column_facts& facts = columns[member_position<M>];
            if (!part.type.empty()) facts.type = part.type;
            facts.fallback = part.fallback;
            facts.comment = part.comment;
            facts.managed = part.managed;
        }
    }
};

template <class T>
consteval std::array<column_facts, field_count<T>> make_columns() {
    std::array<column_facts, field_count<T>> columns{};
    for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i] = {.name = without_trailing_underscore(field_names<T>[i]),
                      .type = shapes_of<T>[i] -> type,
                      .fallback = {},
                      .comment = {},
                      .nullable = shapes_of<T>[i] -> nullable,
                      .managed = false};
    for_each_part<T>(column_changes<T>{columns});
    return columns;
}

template <class T>
inline constexpr std::array<column_facts, field_count<T>> described_columns = make_columns<T>();

/// Finds the first field whose column breaks a rule; the number of fields when none does.
template <class T>
consteval std::size_t first_wrong_column() {
    std::size_t i = 0;
    for (; i < field_count<T>; ++i) {
        member_shape const& shape = *shapes_of<T>[i];
        std::string_view const declared = described_columns<T>[i].type;
        if (shape.accepts == nullptr || !sql::is_identifier(described_columns<T>[i].name)) break;
        if (declared != shape.type && !shape.accepts(declared)) break;
    }
    return i;
}

/// Says which rule field I breaks. Only fields that do come here: the others cost nothing for messages.
template <class T, std::size_t I>
consteval void check_column() {
    using member = without_optional_t<field_type<T, I>>;
    if constexpr (!mapped<field_type<T, I>>)
        static_assert(rules::member_has_a_sql_type<T, field_address<T, I>(), field_type<T, I>>::holds,
                      "sark: a member of this struct has a type that no PostgreSQL type is mapped to. Use a mapped "
                      "type, or specialise sark::sql_type and sark::codec for yours. [sark-T01]");
    else if constexpr (!sql::is_identifier(described_columns<T>[I].name))
        static_assert(rules::column_name_is_an_identifier<T, field_address<T, I>(), I>::holds,
                      "sark: a member's name is longer than the 63 bytes of a PostgreSQL identifier, which the server "
                      "would cut. Shorten it. [sark-T04]");
    else
        static_assert(rules::declared_type_holds_the_member<T, field_address<T, I>(), member>::holds(
                          described_columns<T>[I].type),
                      "sark: a column is declared with a type that does not hold its member's values. Declare the "
                      "member's own SQL type or change the member. [sark-T02]");
}

template <class T>
consteval auto const& checked_columns() {
    constexpr std::size_t wrong = first_wrong_column<T>();
    if constexpr (wrong < field_count<T>) check_column<T, wrong>();
    return described_columns<T>;
}

}  // namespace detail

/// Lists the columns of T in the order of its fields.
template <class T>
inline constexpr auto const& columns_of = detail::checked_columns<T>();

/// Gives the column a member is mapped to.
template <auto M>
inline constexpr column_facts const& column_of = columns_of<owner_of<M>>[member_position<M>];

}  // namespace sark
