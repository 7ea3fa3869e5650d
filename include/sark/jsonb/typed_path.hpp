// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include <sark/codec/text.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/value.hpp>
#include <sark/reflect/member.hpp>

namespace sark {

namespace detail {

/// Stands in a condition's list of columns for "the document of whichever table has one for this path".
template <auto M>
struct document_path {
    static constexpr bool is_document_path = true;
};

template <class Tables>
struct document_in_scope;
template <class... Ts>
struct document_in_scope<type_list<Ts...>> {
    static constexpr std::size_t count = (std::size_t{0} + ... + (document_columns_of<Ts>().table.empty() ? 0U : 1U));

    static constexpr document_columns find() {
        document_columns found{};
        ((document_columns_of<Ts>().table.empty() ? void() : void(found = document_columns_of<Ts>())), ...);
        return found;
    }
};

}  // namespace detail

namespace rules {

template <auto M, class Tables>
struct column_is_of_a_table_in_the_query<detail::document_path<M>, Tables> {
    static constexpr bool holds = detail::document_in_scope<Tables>::count == 1;
};

template <auto M, class Value>
struct path_is_compared_with_its_own_type {
    static constexpr bool holds =
        !std::is_void_v<detail::stored_value_t<detail::without_optional_t<value_of<M>>, Value>>;
};

template <auto M, class Type>
struct path_is_a_scalar {
    static constexpr bool holds = detail::json_scalar<Type>;
};

}  // namespace rules

/// Tests a member of a typed document for equality, as containment of a document with that one member.
///
/// One GIN index on the whole column serves it, and so it serves every path. The protocol is part of the condition:
/// a key means what the struct says only in documents of its protocol.
template <auto M>
struct path_equality : expression_node {
    using value_type = bool;
    using columns = type_list<detail::document_path<M>>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        constexpr detail::document_columns at = detail::document_in_scope<Scope>::find();
        w.put('(');
        detail::write_protocol_condition<owner_of<M>>(w, at);
        w.put(" AND ");
        sql::put_qualified(w, at.table, at.document);
        w.put(" @> ");
        w.put_placeholder();
        w.put("::jsonb)");
    }
    void bind(parameters& out) const { out.add_borrowed(document); }

    std::string document;

    explicit path_equality(std::string d) : document{std::move(d)} {}
};

/// Refers to a member of a typed document; spelled `meta<&HttpMetadata::auth_method>`.
template <auto M>
    requires data_member<M>
struct meta_t {
    template <class V>
    [[nodiscard]] friend auto operator==(meta_t, V&& value) {
        using member = detail::without_optional_t<value_of<M>>;
        using match = rules::path_is_compared_with_its_own_type<M, std::decay_t<V>>;
        static_assert(match::holds,
                      "sark: a member of a document is compared with a value of another type. Pass a value of the "
                      "member's type. [sark-J03]");
        using scalar = rules::path_is_a_scalar<M, member>;
        static_assert(!match::holds || scalar::holds,
                      "sark: a list or an object in a document is contained in larger ones, so containment is no "
                      "equality. Use contains(...) to say what is meant. [sark-J07]");
        if constexpr (match::holds && scalar::holds && detail::check_protocol<owner_of<M>>()) {
            std::string document{"{"};
            detail::append_json_string(document, without_trailing_underscore(member_name<M>));
            document += ':';
            detail::append_json(document, detail::store_value<member>(std::forward<V>(value)));
            document += '}';
            return path_equality<M>{std::move(document)};
        } else {
            return detail::refused_expression{};
        }
    }
};

/// Refers to a member of a typed document, in whichever table of the query holds documents of its protocol.
template <auto M>
inline constexpr meta_t<M> meta{};

}  // namespace sark
