// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <sark/jsonb/document_traits.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/query/row.hpp>
#include <sark/reflect/enum_names.hpp>

namespace sark {

/// Is a row of any protocol: `metadata` is the struct of its protocol, or an unknown_document for all others.
///
/// Reading it selects all rows, and parses each document once; that of an unknown protocol not at all.
template <class Row, class... Metas>
struct typed_any_row : Row {
    std::variant<Metas..., unknown_document> metadata;
};

namespace rules {

template <class Row>
struct table_has_a_polymorphic_document {
    static constexpr bool holds = !detail::document_columns_of<Row>().table.empty();
};

template <class... Metas>
struct protocols_are_different {
    static constexpr bool holds = [] {
        std::array<std::string_view, sizeof...(Metas)> const names{protocol_of<Metas>...};
        for (std::size_t i = 0; i < names.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (names[i] == names[j]) return false;
        return true;
    }();
};

template <class Handlers, class Meta>
struct document_is_handled {
    static constexpr bool holds = std::is_invocable_v<Handlers const&, Meta const&>;
};

}  // namespace rules

namespace detail {

template <class... Fs>
struct handlers : Fs... {
    using Fs::operator()...;
};

template <class Row, class... Metas>
consteval bool check_protocols() {
    using polymorphic_table = rules::table_has_a_polymorphic_document<Row>;
    using different = rules::protocols_are_different<Metas...>;
    if constexpr (!polymorphic_table::holds) {
        static_assert(polymorphic_table::holds,
                      "sark: the table of this row has no polymorphic document. Declare polymorphic<...> in its "
                      "table_of. [sark-J38]");
        return false;
    } else if constexpr (!(check_protocol<Metas>() && ...)) {
        return false;
    } else {
        static_assert(different::holds,
                      "sark: two of these structs describe one protocol, so a row would not say which to read. Name "
                      "one. [sark-J37]");
        return different::holds;
    }
}

template <class Handlers, class Meta>
consteval bool check_handler() {
    using handled = rules::document_is_handled<Handlers, Meta>;
    static_assert(handled::holds,
                  "sark: nothing handles the documents of one protocol. Pass a function that takes its struct, and one "
                  "that takes sark::unknown_document for all others. [sark-J36]");
    return handled::holds;
}

template <auto Discriminator, auto Document>
constexpr auto discriminator_member(polymorphic<Discriminator, Document>*) {
    return Discriminator;
}

template <class Row>
[[nodiscard]] std::string_view protocol_of_row(Row const& row) {
    std::string_view protocol;
    for_each_part<Row>([&]<class Part>(Part const&) {
        if constexpr (requires { discriminator_member(static_cast<Part*>(nullptr)); }) {
            auto const& value = row.*discriminator_member(static_cast<Part*>(nullptr));
            if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(value)>>)
                protocol = label_of(value);
            else
                protocol = value;
        }
    });
    return protocol;
}

template <class Row, class... Metas>
[[nodiscard]] auto read_any(Row const& row) {
    using any = std::variant<Metas..., unknown_document>;
    std::string_view const protocol = protocol_of_row(row);
    json const& document = polymorphic_document_of(row);
    any found{std::in_place_type<unknown_document>};
    bool const is_known = ((protocol == protocol_of<Metas> &&
                            (found.template emplace<Metas>(document_access<Metas>::read(document.text())), true)) ||
                           ...);
    if (!is_known) std::get<unknown_document>(found).document = document;
    return found;
}

}  // namespace detail

/// Reads a row's document as the struct of its protocol and gives it to the handler that takes it.
///
/// A row of another protocol is an `unknown_document` with the text as it is. All handlers give what that one gives.
/// @code
/// sark::visit<McpMetadata, HttpMetadata>(resource, [](McpMetadata const& m) { … }, [](HttpMetadata const& h) { … },
///                                        [](sark::unknown_document const& other) { … });
/// @endcode
/// @throws error with the path where a document does not fit the struct of its protocol
template <class... Metas, class Row, class... Fs>
    requires(sizeof...(Metas) > 0)
auto visit(Row const& row, Fs&&... fs) {
    using all = detail::handlers<std::decay_t<Fs>...>;
    if constexpr (detail::check_protocols<Row, Metas...>() && (detail::check_typed_row<Row, Metas>() && ...) &&
                  (detail::check_handler<all, Metas>() && ...) && detail::check_handler<all, unknown_document>()) {
        using answer = std::invoke_result_t<all const&, unknown_document const&>;
        all const handle{std::forward<Fs>(fs)...};
        return std::visit([&](auto const& document) -> answer { return handle(document); },
                          detail::read_any<Row, Metas...>(row));
    }
}

/// Gives the document of a row that was read as one of several to the handler that takes it.
template <class Row, class... Metas, class... Fs>
auto visit(typed_any_row<Row, Metas...> const& row, Fs&&... fs) {
    using all = detail::handlers<std::decay_t<Fs>...>;
    if constexpr ((detail::check_handler<all, Metas>() && ...) && detail::check_handler<all, unknown_document>()) {
        using answer = std::invoke_result_t<all const&, unknown_document const&>;
        all const handle{std::forward<Fs>(fs)...};
        return std::visit([&](auto const& document) -> answer { return handle(document); }, row.metadata);
    }
}

template <class Row, class... Metas>
struct row_traits<typed_any_row<Row, Metas...>> {
    using table = Row;

    static constexpr bool has_condition = false;
    static constexpr void write_condition(sql::writer&) {}

    template <class Fields>
    static typed_any_row<Row, Metas...> decode(Fields const& fields) {
        if constexpr (detail::check_protocols<Row, Metas...>() && (detail::check_typed_row<Row, Metas>() && ...)) {
            Row row = detail::decode_struct<Row>(fields);
            auto metadata = detail::read_any<Row, Metas...>(row);
            return {std::move(row), std::move(metadata)};
        } else {
            return {};
        }
    }
};

}  // namespace sark
