// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <string>
#include <utility>

#include <sark/compare/detail/texts.hpp>
#include <sark/upgrade/detail/moves.hpp>
#include <sark/upgrade/detail/rollback_texts.hpp>

namespace {

constexpr sark::compare::column columns[] = {{"id", "text"}, {"name", "text"}, {"doc", "jsonb"}};
constexpr sark::compare::sides sides{.source = "old",
                                     .source_key = "s.\"id\"",
                                     .key_type = "uuid",
                                     .expected = R"(SELECT s."id"::text AS "id", s."name", s."doc" FROM "old" AS s)",
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
        d::bound_text(sides) ==
        R"(SELECT "id" FROM "old" WHERE ($1::uuid IS NULL OR "id" > $1) AND ($2::uuid IS NULL OR "id" <= $2) ORDER BY "id" OFFSET $3::bigint LIMIT 1)");
    std::string const differs =
        R"(t."id" IS NULL OR NOT (m."name"::text IS NOT DISTINCT FROM t."name"::text AND record_image_eq(ROW(m."doc"::jsonb), ROW(t."doc"::jsonb))) AND (m."name"::text IS DISTINCT FROM t."name"::text OR m."doc"::jsonb IS DISTINCT FROM t."doc"::jsonb))";
    // Both sides are read by range, so memory does not grow with the tables; a text of an id sorts as the id does in "C".
    std::string const beside =
        R"(FROM (SELECT s."id"::text AS "id", s."name", s."doc" FROM "old" AS s
WHERE ($1::uuid IS NULL OR s."id" > $1) AND ($2::uuid IS NULL OR s."id" <= $2)) AS m
LEFT JOIN "new" AS t ON t."id" = m."id" AND ($1::uuid IS NULL OR t."id" COLLATE "C" > $1::uuid::text) AND ($2::uuid IS NULL OR t."id" COLLATE "C" <= $2::uuid::text))";
    CHECK(d::range_text(sides) == "SELECT count(*), count(*) FILTER (WHERE " + differs + ") = 0\n" + beside);
    CHECK(d::keys_text(sides) == "SELECT m.\"id\" " + beside + "\nWHERE " + differs + "\nORDER BY 1");
    // Values are secret unless they are asked for.
    CHECK(times(d::fields_text(sides, false), "NULL::text") == 9);
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
        std::string before;
        for (std::size_t p = text.find("\n           '", built); p != std::string::npos;
             p = text.find("\n           '", p + 1)) {
            std::string const key = text.substr(p + 12, text.find('\'', p + 13) - p - 11);
            INFO(key);
            CHECK(keys.find(key) != std::string::npos);
            // In the order in which the server keeps keys: then it has nothing to sort, a tenth of a server's mapping.
            CHECK(std::pair{before.size(), before} < std::pair{key.size(), key});
            before = key;
            ++n;
        }
        CHECK(times(keys, "'") == 2 * n);
    }
}
