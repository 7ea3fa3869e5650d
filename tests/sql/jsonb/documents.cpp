// SPDX-License-Identifier: MIT
//
// The text of conditions on documents: the protocol is part of them, the document is a parameter.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb/typed_path.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

#include "catch.hpp"
#include "sql_is.hpp"

using sark::Capability, sark::HttpMetadata, sark::Resource, sark::col, sark::from, sark::meta;
using sark::test::values_of;
using values = std::vector<std::string>;

namespace documents {

struct Odd {
    std::optional<int> number_{};
    bool flag{};
    std::string text{};
    double ratio{};
};

}  // namespace documents

template <>
inline constexpr std::string_view sark::protocol_of<documents::Odd> = "it's";

using documents::Odd;

TEST_CASE("a path is containment in documents of its protocol") {
    auto const query = from<Resource>().where(meta<&HttpMetadata::auth_method> == "oauth2");
    CHECK(query.sql.ends_with(
        R"( FROM "resources" WHERE ("resources"."protocol" = 'http' AND "resources"."metadata" @> $1::jsonb))"));
    CHECK(values_of(query) == values{R"({"auth_method":"oauth2"})"});
    CHECK(from<Resource>()
              .where(meta<&Odd::flag> == true)
              .sql.ends_with(R"( WHERE ("resources"."protocol" = 'it''s' AND "resources"."metadata" @> $1::jsonb))"));
}

TEST_CASE("the document has the one member, spelled as JSON") {
    CHECK(values_of(from<Resource>().where(meta<&Odd::number_> == 7)) == values{R"({"number":7})"});
    CHECK(values_of(from<Resource>().where(meta<&Odd::flag> == false)) == values{R"({"flag":false})"});
    CHECK(values_of(from<Resource>().where(meta<&Odd::ratio> == 0.1)) == values{R"({"ratio":0.1})"});
    CHECK(values_of(from<Resource>().where(meta<&Odd::text> == "a\"\\\n,}")) == values{R"({"text":"a\"\\\n,}"})"});
    CHECK_THROWS_AS(meta<&Odd::text> == "\xFF", sark::error);
}

TEST_CASE("a typed row selects its protocol") {
    CHECK(
        from<sark::typed<HttpMetadata>>().sql ==
        R"(SELECT "resources"."id", "resources"."name", "resources"."protocol", "resources"."endpoint", "resources"."sensitivity_level", "resources"."metadata", "resources"."created_at", "resources"."updated_at" FROM "resources" WHERE "resources"."protocol" = 'http')");
    CHECK(from<sark::typed<HttpMetadata>>()
              .where(col<&Resource::id> == "i")
              .sql.ends_with(R"( WHERE "resources"."protocol" = 'http' AND "resources"."id" = $1)"));
    CHECK(from<sark::typed<HttpMetadata>>().count_sql ==
          R"(SELECT count(*) FROM "resources" WHERE "resources"."protocol" = 'http')");
}

TEST_CASE("a path finds the table with the document in a join") {
    CHECK(
        from<Capability>()
            .join<Resource>()
            .where(meta<&HttpMetadata::api_version> == "v2")
            .sql.ends_with(
                R"( JOIN "resources" ON "capabilities"."resource_id" = "resources"."id" WHERE ("resources"."protocol" = 'http' AND "resources"."metadata" @> $1::jsonb))"));
}
