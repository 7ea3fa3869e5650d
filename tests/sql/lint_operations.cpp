// SPDX-License-Identifier: MIT
//
// The operations that keep locks short: the exact texts of both directions, and their effect on the schema value.
#include "support/catch.hpp"
#include "support/operation_texts.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <sark/migrate.hpp>

namespace {

using namespace sark::migrate;  // the words under test
using strings = std::vector<std::string>;
using sark::test::downs, sark::test::ups;

sark::schema::definition sample() {
    sark::schema::definition d;
    create_table("people", column{.name = "id", .type = "uuid"}, primary_key("id")).apply(d);
    create_table("notes", column{.name = "id", .type = "uuid"},
                 column{.name = "person", .type = "uuid", .nullable = true})
        .apply(d);
    return d;
}

template <operation Op>
void check_both(Op const& op, strings const& up, strings const& down,
                sark::schema::definition const& before = sample()) {
    CHECK(ups(op) == up);
    CHECK(downs(op) == down);
    auto changed = before;
    op.apply(changed);
    op.revert(changed);
    CHECK(same_schema(changed, before));
}

}  // namespace

TEST_CASE("constraints that are not valid yet", "[migrate][lint][sql]") {
    auto const in_notes = foreign_key("person").references("people", "id").on_delete(cascade);
    check_both(add_constraint{"notes", not_valid(in_notes)},
               {R"(ALTER TABLE "notes" ADD CONSTRAINT "notes_person_fkey" FOREIGN KEY ("person") )"
                R"(REFERENCES "people" ("id") ON DELETE CASCADE NOT VALID)"},
               {R"(ALTER TABLE "notes" DROP CONSTRAINT "notes_person_fkey")"});
    check_both(add_constraint{"notes", not_valid(check("ck", "person IS NOT NULL"))},
               {R"(ALTER TABLE "notes" ADD CONSTRAINT "ck" CHECK (person IS NOT NULL) NOT VALID)"},
               {R"(ALTER TABLE "notes" DROP CONSTRAINT "ck")"});
    CHECK(add_constraint{"notes", in_notes}.up_facts().scans);
    CHECK_FALSE(add_constraint{"notes", not_valid(in_notes)}.up_facts().scans);
    CHECK_THROWS(not_valid(unique("person")));

    auto with_key = sample();
    add_constraint{"notes", not_valid(in_notes)}.apply(with_key);
    check_both(validate_constraint{"notes", in_notes},
               {R"(ALTER TABLE "notes" VALIDATE CONSTRAINT "notes_person_fkey")"}, {}, with_key);
    auto without = sample();
    CHECK_THROWS(validate_constraint{"notes", in_notes}.apply(without));
}

TEST_CASE("indexes built while others write", "[migrate][lint][sql]") {
    check_both(create_unique_index("ux", "notes", concurrently, "id", where{"person IS NULL"}),
               {R"(CREATE UNIQUE INDEX CONCURRENTLY "ux" ON "notes" USING btree ("id") WHERE person IS NULL)"},
               {R"(DROP INDEX CONCURRENTLY "ux")"});
    auto with_index = sample();
    create_index("ix", "notes", "id").apply(with_index);
    auto const dropped = drop_index("ix", "notes", concurrently, "id");
    check_both(dropped, {R"(DROP INDEX CONCURRENTLY "ix")"},
               {R"(CREATE INDEX CONCURRENTLY "ix" ON "notes" USING btree ("id"))"}, with_index);
    CHECK_FALSE(dropped.up_facts().needs_transaction);
    CHECK_FALSE(dropped.down_facts().needs_transaction);
    CHECK(create_index("ix", "notes", "id").up_facts().needs_transaction);
}

TEST_CASE("keys made of an index", "[migrate][lint][sql]") {
    auto with_index = sample();
    create_unique_index("ux_notes_id", "notes", concurrently, "id").apply(with_index);
    check_both(add_constraint_using_index{"notes", primary_key("id"), "ux_notes_id"},
               {R"(ALTER TABLE "notes" ADD CONSTRAINT "notes_pkey" PRIMARY KEY USING INDEX "ux_notes_id")"},
               {R"(ALTER TABLE "notes" DROP CONSTRAINT "notes_pkey")",
                R"(CREATE UNIQUE INDEX "ux_notes_id" ON "notes" USING btree ("id"))"},
               with_index);
    CHECK(ups(add_constraint_using_index{"notes", unique("id").named("uq"), "ux_notes_id"}) ==
          strings{R"(ALTER TABLE "notes" ADD CONSTRAINT "uq" UNIQUE USING INDEX "ux_notes_id")"});
    CHECK_THROWS(add_constraint_using_index{"notes", unique("id"), "another"}.apply(with_index));
    auto with_null = sample();
    create_unique_index("ux", "notes", "person").apply(with_null);
    CHECK_THROWS(add_constraint_using_index{"notes", primary_key("person"), "ux"}.apply(with_null));
}

TEST_CASE("NOT NULL proven by a check", "[migrate][lint][sql]") {
    auto proven = sample();
    add_constraint{"notes", check("ck_person", "person IS NOT NULL")}.apply(proven);
    set_not_null const op{"notes", "person", "ck_person"};
    check_both(op, {R"(ALTER TABLE "notes" ALTER COLUMN "person" SET NOT NULL)"},
               {R"(ALTER TABLE "notes" ALTER COLUMN "person" DROP NOT NULL)"}, proven);
    CHECK_FALSE(op.up_facts().scans);
    CHECK(set_not_null{"notes", "person"}.up_facts().scans);
    auto unproven = sample();
    CHECK_THROWS(op.apply(unproven));
}

TEST_CASE("operations that ask for an extension", "[migrate][lint][sql]") {
    auto const op = when_extension("timescaledb", data("SELECT f('it''s')", nothing_to_undo{"goes with the table"}),
                                   create_index("ix", "notes", "id"));
    check_both(op,
               {"DO $sark_when$ -- where timescaledb is installed\nBEGIN\n"
                "    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb') THEN\n"
                "        EXECUTE $sark_run$SELECT f('it''s')$sark_run$;\n    END IF;\nEND\n$sark_when$",
                "DO $sark_when$ -- where timescaledb is installed\nBEGIN\n"
                "    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb') THEN\n"
                "        EXECUTE $sark_run$CREATE INDEX \"ix\" ON \"notes\" USING btree (\"id\")$sark_run$;\n"
                "    END IF;\nEND\n$sark_when$"},
               {"DO $sark_when$ -- where timescaledb is installed\nBEGIN\n"
                "    IF EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'timescaledb') THEN\n"
                "        EXECUTE $sark_run$DROP INDEX \"ix\"$sark_run$;\n    END IF;\nEND\n$sark_when$"});
    CHECK_THAT(ups(unless_extension("citus", create_index("ix", "notes", "id"))).at(0),
               ContainsSubstring("where there is no citus") && ContainsSubstring("IF NOT EXISTS"));
    CHECK(op.up_facts().lock == lock_level::share);
    CHECK_THROWS(when_extension("citus", create_index("ix", "notes", concurrently, "id")));
}

namespace {

inline constexpr auto v001 = migration("001_notes", root, create_table("notes", column{.name = "id", .type = "uuid"}),
                                       step("where", when_extension("timescaledb", create_index("ix_t", "notes", "id")),
                                            unless_extension("citus", create_index("ix_c", "notes", "id"))));
inline constexpr auto v002 = migration("002_more", after{"001_notes"}, create_index("ix_more", "notes", "id"));
inline constexpr auto folded = chain<v001, v002>;

constexpr std::size_t indexes_of(profile server, std::string_view revision = {}) {
    return fold(folded, server, revision).tables.front().indexes.size();
}
static_assert(indexes_of(profile::plain) == 2 && indexes_of(profile::timescaledb) == 3);
static_assert(indexes_of(profile::citus) == 1 && indexes_of(profile::citus, "001_notes") == 0);
static_assert(same_schema(fold(folded), fold(folded, profile::plain)));
static_assert(down_is_the_inverse(folded, 0));

}  // namespace

TEST_CASE("a profile's fold goes back too", "[migrate][lint][sql]") {
    for (profile const server : {profile::plain, profile::timescaledb, profile::citus}) {
        sark::schema::definition d;
        v001.apply(d, server);
        v001.revert(d, server);
        CHECK(d == sark::schema::definition{});
    }
}
