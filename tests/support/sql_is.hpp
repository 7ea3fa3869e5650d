// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/codec/parameters.hpp>
#include <sark/query/query.hpp>
#include <sark/sql/text.hpp>

#include "catch.hpp"

namespace sark::test {

/// Compares the text of a query, which is a constant, with what it has to be.
template <class Query>
void sql_is(Query const&, std::string_view expected) {
    CHECK(Query::sql == expected);
}

/// Compares the text of a statement of one row: `sql_is<sark::insert_statement<Resource>>("INSERT …")`.
template <class Statement>
void sql_is(std::string_view expected) {
    CHECK(sark::sql::text<Statement>::value == expected);
}

/// Gives the values a query sends, in the order of its placeholders; `NULL` for none.
template <class Query>
std::vector<std::string> values_of(Query const& query) {
    sark::parameters bound;
    query.bind(bound);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < bound.size(); ++i)
        values.emplace_back(bound.values()[i] == nullptr ? "NULL" : bound.values()[i]);
    return values;
}

}  // namespace sark::test
