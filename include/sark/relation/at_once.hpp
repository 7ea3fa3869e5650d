// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec.hpp>
#include <sark/query/query.hpp>
#include <sark/query/row.hpp>
#include <sark/relation/load.hpp>
#include <sark/schema/relation.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/text.hpp>

namespace sark {

namespace rules {

template <class Query, class Child>
struct children_come_with_whole_rows {
    static constexpr bool holds = [] {
        if constexpr (!std::is_same_v<typename Query::row, typename Query::root>)
            return false;
        else
            return children_are_found_by_one_column<
                relation_to<Child, typename row_traits<typename Query::root>::table>>::holds;
    }();
};

}  // namespace rules

/// Is a row with its children, read together.
template <class Row, class Child>
struct row_with : Row {
    std::vector<Child> child_rows;

    template <class C>
        requires std::is_same_v<C, Child>
    [[nodiscard]] std::vector<Child> const& children() const noexcept {
        return child_rows;
    }
};

namespace detail {

/// Is an array of rows of texts, flattened: what `ARRAY(SELECT ARRAY[a::text, …] …)` gives.
struct text_matrix {
    std::vector<std::optional<std::string>> cells;
};

template <class Query, class Child>
struct at_once_text {
    using parent = typename row_traits<typename Query::root>::table;
    using link = single_link<relation_to<Child, parent>>;

    static constexpr void write(sql::writer& w) {
        w.put("SELECT \"parent\".*, ARRAY(SELECT ARRAY[");
        bool first = true;
        for (column_facts const& c : columns_of<Child>) {
            w.put_separator(first, ", ");
            sql::put_qualified(w, table_name<Child>, c.name);
            w.put("::text");
        }
        w.put("] FROM ");
        sql::put_identifier(w, table_name<Child>);
        w.put(" WHERE ");
        sql::put_qualified(w, table_name<Child>, column_of<link::from>.name);
        w.put(" = \"parent\".");
        sql::put_identifier(w, column_of<link::to>.name);
        first = true;
        for (std::size_t i = 0; i < field_count<Child>; ++i) {
            if (!key_fields<Child>[i]) continue;
            w.put(first ? " ORDER BY " : ", ");
            first = false;
            sql::put_qualified(w, table_name<Child>, columns_of<Child>[i].name);
        }
        w.put(") FROM (");
        w.put(Query::sql);
        w.put(") AS \"parent\"");
    }
};

/// Is the statement that `at_once` makes.
template <class Query, class Child>
struct at_once_statement {
    using row = row_with<typename Query::row, Child>;
    static constexpr std::string_view sql = sark::sql::text<at_once_text<Query, Child>>::value;

    Query query;

    void bind(parameters& out) const { query.bind(out); }

    template <class Fields>
    static row decode(Fields const& fields) {
        constexpr std::size_t parent_columns = field_count<typename row_traits<typename Query::root>::table>;
        constexpr std::size_t child_columns = field_count<Child>;
        row whole{Query::decode(fields), {}};
        auto const matrix = decode_value<text_matrix>(fields(parent_columns), selected);
        whole.child_rows.reserve(matrix.cells.size() / child_columns);
        for (std::size_t at = 0; at + child_columns <= matrix.cells.size(); at += child_columns)
            whole.child_rows.push_back(row_traits<Child>::decode([&](std::size_t column) {
                std::optional<std::string> const& cell = matrix.cells[at + column];
                return cell ? field{.data = cell->c_str(), .size = cell->size()} : field{.is_null = true};
            }));
        return whole;
    }
};

}  // namespace detail

template <>
struct codec<detail::text_matrix> {
    static constexpr bool reads_binary(std::uint32_t type) { return detail::is_plain_text(detail::element_oid(type)); }

    static detail::text_matrix decode(field const& f, field_place const& place) {
        return f.is_binary ? from_binary(f.text(), place) : from_text(f.text(), place);
    }

private:
    static detail::text_matrix from_binary(std::string_view rest, field_place const& place) {
        detail::text_matrix matrix;
        auto const number = [&] {
            if (rest.size() < 4) detail::refuse_binary(place);
            auto const value = detail::read_network<std::int32_t>(rest.data());
            rest.remove_prefix(4);
            return value;
        };
        std::int32_t const dimensions = number();
        if (dimensions < 0 || rest.size() < 8U + 8U * static_cast<std::size_t>(dimensions))
            detail::refuse_binary(place);
        rest.remove_prefix(8U + 8U * static_cast<std::size_t>(dimensions));
        while (!rest.empty()) {
            std::int32_t const size = number();
            if (size == -1) {
                matrix.cells.emplace_back();
                continue;
            }
            if (size < 0 || static_cast<std::size_t>(size) > rest.size()) detail::refuse_binary(place);
            matrix.cells.emplace_back(rest.substr(0, static_cast<std::size_t>(size)));
            rest.remove_prefix(static_cast<std::size_t>(size));
        }
        return matrix;
    }

    static detail::text_matrix from_text(std::string_view text, field_place const& place) {
        detail::text_matrix matrix;
        if (text == "{}") return matrix;
        if (!text.starts_with("{{") || !text.ends_with("}}")) detail::array_reader::refuse(place);
        text = text.substr(1, text.size() - 2);
        while (!text.empty()) {
            // The end of a row: the first brace outside of quotes.
            bool quoted = false;
            std::size_t end = 0;
            for (; end < text.size() && (quoted || text[end] != '}'); ++end) {
                if (text[end] == '\\')
                    ++end;
                else if (text[end] == '"')
                    quoted = !quoted;
            }
            if (end >= text.size()) detail::array_reader::refuse(place);
            detail::array_reader cells{text.substr(0, end + 1), place};
            while (!cells.at_end()) matrix.cells.push_back(cells.next());
            text.remove_prefix(end + 1);
            if (text.starts_with(',')) text.remove_prefix(1);
        }
        return matrix;
    }
};

/// Makes a statement that reads rows together with their children, in one round trip.
///
///     for (auto const& r : db.all(sark::at_once<Capability>(from<Resource>()))) use(r.children<Capability>());
///
/// The server gathers each row's children beside it, so a parent is sent once however many it has. `with<T>()` sends
/// two statements instead, and is the better one where several rows share their children.
template <class Child, class Query>
[[nodiscard]] auto at_once(Query query) {
    using whole = rules::children_come_with_whole_rows<Query, Child>;
    static_assert(whole::holds,
                  "sark: at_once<T>(...) takes a query of whole rows, and children with one declared relation of one "
                  "column to them. Leave select(...) and with<T>() out, or declare references<…> in the child's "
                  "table_of. [sark-D04]");
    if constexpr (whole::holds)
        return detail::at_once_statement<Query, Child>{std::move(query)};
    else
        return query;
}

}  // namespace sark
