// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <initializer_list>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/query/comparison.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>
#include <sark/schema/columns.hpp>
#include <sark/sql/identifier.hpp>

namespace sark {

namespace rules {

template <class Column>
struct column_is_jsonb {
    static constexpr bool holds = std::is_same_v<detail::without_optional_t<typename Column::value_type>, json>;
};

template <class Column>
struct column_is_nullable {
    static constexpr bool holds = detail::is_optional<typename Column::value_type>;
};

}  // namespace rules

/// Refers to the column of a member; spelled `col<&Resource::name>`.
template <auto M>
    requires data_member<M>
struct col_t : expression_node {
    using table = owner_of<M>;
    using value_type = value_of<M>;
    using columns = type_list<col_t>;
    static constexpr auto member = M;

    /// An enum stored as text sorts by its letters on the server, so its order is written out.
    static constexpr bool is_text_ordinal = std::is_enum_v<detail::without_optional_t<value_type>> &&
                                            detail::is_text_type(column_of<M>.type);

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        sql::put_qualified(w, table_name<table>, column_of<M>.name);
    }
    void bind(parameters&) const {}

    /// Is true where the column equals any of the values; they travel as one array, however many there are.
    template <class Range>
        requires requires(Range const& r) { std::begin(r) != std::end(r); }
    [[nodiscard]] auto in(Range const& values) const {
        using target = detail::without_optional_t<value_type>;
        using value = std::remove_cvref_t<decltype(*std::begin(values))>;
        using match = rules::compared_types_match<col_t, value>;
        static_assert(match::holds,
                      "sark: a column is compared with a value of another type. Pass a value of the column's type; "
                      "text, numbers, enums and times do not mix. [sark-Q03]");
        if constexpr (match::holds) {
            // Texts are copied: the query may outlive the range.
            std::vector<target> copy;
            for (auto const& v : values) copy.push_back(target(detail::store_value<target>(v)));
            return any_of<col_t, target>{*this, std::move(copy)};
        } else {
            return detail::refused_expression{};
        }
    }

    /// Takes a list in braces: `col<&Resource::protocol>.in({"mcp", "http"})`.
    template <class V>
    [[nodiscard]] auto in(std::initializer_list<V> values) const {
        return in(std::span<V const>{values.begin(), values.size()});
    }

    /// Is true where the document contains the other one (`@>`), which a GIN index serves.
    [[nodiscard]] auto contains(json document) const {
        static_assert(rules::column_is_jsonb<col_t>::holds,
                      "sark: contains(...) compares JSON documents, and this column is not jsonb. Use ==, or in(...) "
                      "for several values. [sark-Q06]");
        return containment<col_t>{*this, std::move(document)};
    }

    [[nodiscard]] constexpr auto is_null() const {
        static_assert(rules::column_is_nullable<col_t>::holds,
                      "sark: this column is never NULL, so the test has one answer only. Drop it, or make the member "
                      "a std::optional. [sark-Q07]");
        return null_test<col_t, false>{*this};
    }
    [[nodiscard]] constexpr auto is_not_null() const {
        static_assert(rules::column_is_nullable<col_t>::holds,
                      "sark: this column is never NULL, so the test has one answer only. Drop it, or make the member "
                      "a std::optional. [sark-Q07]");
        return null_test<col_t, true>{*this};
    }
};

/// Refers to the column of a member.
template <auto M>
inline constexpr col_t<M> col{};

}  // namespace sark
