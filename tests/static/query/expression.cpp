// SPDX-License-Identifier: MIT
//
// What may stand in a query is asked in both directions: what can, and what cannot.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <sark/models.hpp>
#include <sark/query.hpp>

#include "catch.hpp"

using sark::Capability, sark::CostTracking, sark::Resource, sark::Sensitivity, sark::col, sark::from;

namespace {

template <class Left, class Right>
constexpr bool match = sark::rules::compared_types_match<std::remove_cvref_t<Left>, Right>::holds;

constexpr auto& name = col<&Resource::name>;
constexpr auto& level = col<&Resource::sensitivity_level>;
constexpr auto& id = col<&CostTracking::id>;
constexpr auto& cost = col<&CostTracking::actual_cost>;
constexpr auto& created = col<&Resource::created_at>;
constexpr auto& enabled = col<&sark::FederationNode::enabled>;

template <class Row, class Child>
concept has_children = requires(Row const& row) { row.template children<Child>(); };

template <class Q>
using row_of = typename Q::row;

}  // namespace

TEST_CASE("columns and what is made of them are expressions, values are not") {
    STATIC_REQUIRE(sark::expression_like<decltype(name)>);
    STATIC_REQUIRE(sark::expression_like<decltype(name == "a")>);
    STATIC_REQUIRE_FALSE(sark::expression_like<int>);
    STATIC_REQUIRE_FALSE(sark::expression_like<std::string>);
    STATIC_REQUIRE_FALSE(sark::expression_like<Resource>);
    STATIC_REQUIRE_FALSE(sark::expression_like<decltype(sark::desc(name))>);
}

TEST_CASE("comparisons, their combinations and boolean columns are conditions") {
    STATIC_REQUIRE(sark::condition<decltype(name == "a")>);
    STATIC_REQUIRE(sark::condition<decltype(name == "a" && level > Sensitivity::low)>);
    STATIC_REQUIRE(sark::condition<decltype(!(name == "a") || cost.is_null())>);
    STATIC_REQUIRE(sark::condition<decltype(name.in({"a", "b"}))>);
    STATIC_REQUIRE(sark::condition<decltype(enabled)>);
    STATIC_REQUIRE_FALSE(sark::condition<decltype(name)>);
    STATIC_REQUIRE_FALSE(sark::condition<bool>);
}

TEST_CASE("a column is compared with values of its type only") {
    STATIC_REQUIRE(match<decltype(name), char const*>);
    STATIC_REQUIRE(match<decltype(name), std::string>);
    STATIC_REQUIRE(match<decltype(name), std::string_view>);
    STATIC_REQUIRE(match<decltype(name), sark::varchar<9>>);
    STATIC_REQUIRE_FALSE(match<decltype(name), int>);
    STATIC_REQUIRE_FALSE(match<decltype(name), bool>);
    STATIC_REQUIRE_FALSE(match<decltype(name), Sensitivity>);
    STATIC_REQUIRE_FALSE(match<decltype(name), sark::json>);
    STATIC_REQUIRE(match<decltype(id), int>);
    STATIC_REQUIRE(match<decltype(id), std::uint64_t>);  // the range is checked at run time
    STATIC_REQUIRE_FALSE(match<decltype(id), double>);
    STATIC_REQUIRE_FALSE(match<decltype(id), bool>);
    STATIC_REQUIRE_FALSE(match<decltype(id), char const*>);
    STATIC_REQUIRE(match<decltype(cost), sark::money>);
    STATIC_REQUIRE(match<decltype(cost), int>);
    STATIC_REQUIRE_FALSE(match<decltype(cost), double>);
    STATIC_REQUIRE_FALSE(match<decltype(cost), sark::numeric<10, 2>>);
    STATIC_REQUIRE(match<decltype(level), Sensitivity>);
    STATIC_REQUIRE_FALSE(match<decltype(level), int>);
    STATIC_REQUIRE_FALSE(match<decltype(level), char const*>);
    STATIC_REQUIRE(match<decltype(created), sark::timestamp>);
    STATIC_REQUIRE(match<decltype(created), sark::timestamp::time_point>);
    STATIC_REQUIRE_FALSE(match<decltype(created), sark::date>);
    STATIC_REQUIRE(match<decltype(enabled), bool>);
    STATIC_REQUIRE_FALSE(match<decltype(enabled), int>);
}

TEST_CASE("columns are compared with columns of the same type, NULL or not") {
    STATIC_REQUIRE(match<decltype(name), sark::col_t<&Capability::name>>);
    STATIC_REQUIRE(match<decltype(name), sark::col_t<&Capability::description>>);
    STATIC_REQUIRE_FALSE(match<decltype(name), sark::col_t<&CostTracking::id>>);
}

TEST_CASE("the rows of a query are what was selected") {
    STATIC_REQUIRE(std::is_same_v<row_of<decltype(from<Resource>())>, Resource>);
    STATIC_REQUIRE(std::is_same_v<row_of<decltype(from<Resource>().select(name))>, std::string>);
    STATIC_REQUIRE(
        std::is_same_v<row_of<decltype(from<Resource>().select(name, level))>, std::tuple<std::string, Sensitivity>>);
    STATIC_REQUIRE(std::is_same_v<row_of<decltype(from<CostTracking>().select(cost))>, std::optional<sark::money>>);
    struct named_level {
        std::string name;
        std::optional<Sensitivity> level;
    };
    STATIC_REQUIRE(std::is_same_v<row_of<decltype(from<Resource>().select<named_level>(name, level))>, named_level>);
    using loaded = row_of<decltype(from<Resource>().with<Capability>())>;
    STATIC_REQUIRE(std::is_base_of_v<Resource, loaded>);
    STATIC_REQUIRE(has_children<loaded, Capability>);
    STATIC_REQUIRE_FALSE(has_children<loaded, CostTracking>);
    STATIC_REQUIRE_FALSE(has_children<Resource, Capability>);
}

TEST_CASE("selected columns fit a struct or not") {
    struct two {
        std::string a;
        std::optional<int> b;
    };
    using sark::rules::selected_columns_fit_the_struct;
    STATIC_REQUIRE(selected_columns_fit_the_struct<two, std::string, int>::holds);
    STATIC_REQUIRE(selected_columns_fit_the_struct<two, std::string, std::optional<int>>::holds);
    STATIC_REQUIRE_FALSE(selected_columns_fit_the_struct<two, std::optional<std::string>, int>::holds);
    STATIC_REQUIRE_FALSE(selected_columns_fit_the_struct<two, std::string, long>::holds);
    STATIC_REQUIRE_FALSE(selected_columns_fit_the_struct<two, std::string>::holds);
    STATIC_REQUIRE_FALSE(selected_columns_fit_the_struct<two, std::string, int, int>::holds);
}

TEST_CASE("texts are constants that end in a zero") {
    using query = decltype(from<Resource>().where(name == "a").limit(1));
    STATIC_REQUIRE(query::sql.ends_with(" LIMIT $2"));
    STATIC_REQUIRE(query::sql.data()[query::sql.size()] == '\0');
    STATIC_REQUIRE(sark::sql::text<sark::erase_statement<Resource>>::value ==
                   R"(DELETE FROM "resources" WHERE "resources"."id" = $1)");
    STATIC_REQUIRE(sark::sql::text<sark::erase_statement<Resource>>::placeholders == 1);
}
