// SPDX-License-Identifier: MIT
//
// What is decided at run time has finitely many texts, and making one costs no allocation.

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

#include "catch.hpp"
#include "unit/codec/allocations.hpp"

using sark::col, sark::CostTracking, sark::from, sark::when;

namespace {

constexpr auto& id = col<&CostTracking::id>;
constexpr auto& who = col<&CostTracking::principal_id>;

/// Makes a query with eight optional conditions, of which a mask says which are wanted.
sark::any_query<std::string> filtered(unsigned mask, std::string_view text) {
    auto const wanted = [&](unsigned bit) { return (mask >> bit & 1U) != 0; };
    std::optional<std::string_view> const name = wanted(0) ? std::optional{text} : std::nullopt;
    return from<CostTracking>()
        .where(when(name, [](std::string_view n) { return who == n; }), when(wanted(1), id > 1),
               when(wanted(2), id < 9), when(wanted(3), col<&CostTracking::actual_cost>.is_null()),
               when(wanted(4), id != 5), when(wanted(5), col<&CostTracking::resource_id> == text),
               when(wanted(6), who != "x"), when(wanted(7), col<&CostTracking::protocol> == "mcp"))
        .order_by(id)
        .select(who);
}

}  // namespace

TEST_CASE("eight optional conditions make 256 texts, each with as many placeholders as values") {
    std::set<std::string> texts;
    for (unsigned mask = 0; mask < 256; ++mask) {
        auto const query = filtered(mask, "p");
        sark::parameters bound;
        query.bind(bound);
        std::size_t placeholders = 0;
        for (char c : query.sql) placeholders += c == '$' ? 1U : 0U;
        CHECK(bound.size() == placeholders);
        texts.emplace(query.sql);
        CHECK(query.sql.data()[query.sql.size()] == '\0');
    }
    CHECK(texts.size() == 256);
    CHECK(texts.contains(R"(SELECT "cost_tracking"."principal_id" FROM "cost_tracking" WHERE true ORDER BY )"
                         R"("cost_tracking"."id")"));
}

TEST_CASE("a query of choices is made, copied, moved and bound without an allocation") {
    std::size_t parameters = 0;
    std::size_t const before = sark::test::allocations();
    for (unsigned mask = 0; mask < 256; ++mask) {
        auto query = filtered(mask, "principal");
        auto copy = query;
        query = std::move(copy);
        sark::parameters bound;
        query.bind(bound);
        parameters += bound.size();
    }
    CHECK(sark::test::allocations() == before);
    CHECK(parameters == 128 * 7);  // each of the seven conditions with a value is in half of the queries
}

TEST_CASE("an erased query is a value: copies do not share, whatever their size") {
    auto const small = filtered(1, "a");
    std::string const long_text(100, 'z');
    auto const query = from<CostTracking>().where(who == long_text, who.in({"a", "b"}), when(true, who == long_text));
    sark::any_query<CostTracking> first = query;
    sark::any_query<CostTracking> second = first;
    first = from<CostTracking>();
    sark::parameters bound;
    second.bind(bound);
    REQUIRE(bound.size() == 3);
    CHECK(std::string_view{bound.values()[2]} == long_text);
    CHECK(second.sql == std::string_view{query.sql});
    CHECK(second.sql.data() != std::string_view{query.sql}.data());
    sark::any_query<CostTracking> const third = std::move(second);
    CHECK(third.sql.ends_with("= $3"));
    CHECK(first.sql == from<CostTracking>().sql);
    CHECK(small.sql.ends_with(R"(ORDER BY "cost_tracking"."id")"));
}
