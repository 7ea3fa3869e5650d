// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <string>

#include <sark/compare/detail/texts.hpp>
#include <sark/upgrade/detail/moves.hpp>
#include <sark/upgrade/detail/rollback_texts.hpp>

namespace {

constexpr sark::compare::column columns[] = {{"id", "text"}, {"doc", "jsonb"}};
constexpr sark::compare::sides sides{.source = "old",
                                     .source_key = "s.\"id\"",
                                     .key_type = "uuid",
                                     .expected = R"(SELECT s."id"::text AS "id", s."doc" FROM "old" AS s)",
                                     .actual = "new",
                                     .columns = columns};

std::size_t times(std::string const& text, std::string const& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("a comparison asks by range, then for rows, then for fields", "[compare][sql]") {
    namespace d = sark::compare::detail;
    CHECK(d::count_text(sides) == R"(SELECT count(*) FROM "old")");
    CHECK(
        d::bounds_text(sides) ==
        R"(SELECT "id" FROM (SELECT "id", row_number() OVER (ORDER BY "id") AS place, lead("id") OVER (ORDER BY "id") IS NULL AS is_last FROM "old") AS keys WHERE place % $1::bigint = 0 OR is_last ORDER BY "id")");
    CHECK(
        d::range_text(sides) ==
        R"(SELECT count(*), count(*) FILTER (WHERE t."id" IS NULL OR NOT record_image_eq(ROW(m."doc"::jsonb), ROW(t."doc"::jsonb)) AND (m."doc"::jsonb IS DISTINCT FROM t."doc"::jsonb)) = 0
FROM (SELECT s."id"::text AS "id", s."doc" FROM "old" AS s
WHERE ($1::uuid IS NULL OR s."id" > $1) AND s."id" <= $2) AS m
LEFT JOIN "new" AS t ON t."id" = m."id")");
    CHECK(d::keys_text(sides) ==
          R"(SELECT m."id" FROM (SELECT s."id"::text AS "id", s."doc" FROM "old" AS s
WHERE ($1::uuid IS NULL OR s."id" > $1) AND s."id" <= $2) AS m
LEFT JOIN "new" AS t ON t."id" = m."id"
WHERE t."id" IS NULL OR NOT record_image_eq(ROW(m."doc"::jsonb), ROW(t."doc"::jsonb)) AND (m."doc"::jsonb IS DISTINCT FROM t."doc"::jsonb)
ORDER BY 1)");
    // Values are secret unless they are asked for.
    CHECK(times(d::fields_text(sides, false), "NULL::text") == 7);
    CHECK(times(d::fields_text(sides, true), "NULL::text") == 3);
}

TEST_CASE("a scan writes nothing, and the move is the scan and what it decides", "[upgrade][sql]") {
    namespace d = sark::upgrade::detail;
    for (d::move const* of : d::moves) {
        std::string const scan = d::scan_text(*of);
        std::string const move = d::move_text(*of);
        std::string const plain = d::new_text(*of);
        for (char const* const word : {"INSERT", "UPDATE ", "DELETE", "sark_upgrade_"}) {
            CHECK(times(scan, word) == 0);
            CHECK(times(move, word) > 0);
        }
        // v1 is read only.
        std::string const source{of->sides.source};
        for (std::string const& write : {"INTO \"" + source, "UPDATE \"" + source, "DELETE FROM \"" + source})
            CHECK(times(move + plain + d::remove_text(*of) + d::again_text(*of), write) == 0);
        // The one mapping, whole.
        CHECK(times(scan, std::string{of->sides.expected}) == 1);
        CHECK(times(move, std::string{of->sides.expected}) == 1);
        CHECK(times(move, "ON CONFLICT (\"id\") DO NOTHING") == 1);
        CHECK(times(plain, std::string{of->sides.expected}) == 1);
        // Where no row was moved before, nothing but parents is looked for, and what is there is an error.
        CHECK(times(plain, "JOIN \"migrated_rows\"") == 0);
        CHECK(times(plain, "LEFT JOIN") == 0);
        CHECK(times(plain, "ON CONFLICT") == 1);  // of the quarantine
        CHECK(times(plain, "UPDATE \"") == 0);
        // The text of a document is made once for all who need it.
        for (std::string const& text : {scan, plain}) {
            CHECK(times(text, "m.\"metadata\"::text") == 1);
            CHECK(times(text, "hash_record_extended(ROW(m.") == 1);
        }
    }
    CHECK(
        d::bound_text(d::move_tools) ==
        R"(SELECT "id" FROM "mcp_tools" WHERE ($1::uuid IS NULL OR "id" > $1) AND "id" <= $2 ORDER BY "id" OFFSET $3::bigint LIMIT 1)");
    CHECK(
        d::again_text(d::move_servers) ==
        R"(UPDATE "resources" AS t SET "updated_at" = s."updated_at" FROM "mcp_servers" AS s WHERE s."id" = ANY ($1::uuid[]) AND t."id" = ANY ($1::text[]) AND s."id"::text = t."id")");
}

TEST_CASE("the tool's capabilities are those of revision 006 with the times of 008", "[upgrade][sql]") {
    namespace mapping = sark::migrations::mapping;
    std::string const old{mapping::select_capabilities};
    std::string timed{mapping::select_timed_capabilities};
    std::string const times_of_tools =
        ",\n       t.\"created_at\" AS \"created_at\",\n       t.\"updated_at\" AS \"updated_at\"";
    std::size_t const at = timed.find(times_of_tools);
    REQUIRE(at != std::string::npos);
    CHECK(timed.erase(at, times_of_tools.size()) == old);
    // The keys a collision is asked for are the keys that are built.
    for (std::string const& text : {std::string{mapping::select_resources}, old}) {
        std::size_t const built = text.find("jsonb_build_object(\n");
        std::size_t const asked = text.find("ARRAY[");
        std::string const keys = text.substr(asked, text.find(']', asked) - asked);
        std::size_t n = 1;  // extra_metadata itself
        for (std::size_t p = text.find("\n           '", built); p != std::string::npos;
             p = text.find("\n           '", p + 1)) {
            std::string const key = text.substr(p + 12, text.find('\'', p + 13) - p - 11);
            INFO(key);
            CHECK(keys.find(key) != std::string::npos);
            ++n;
        }
        CHECK(times(keys, "'") == 2 * n);
    }
}
