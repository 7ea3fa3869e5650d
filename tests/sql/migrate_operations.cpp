// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/operation_texts.hpp"

#include <string>
#include <vector>

#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/inverse.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace {

using namespace sark::migrate;  // the words under test
using strings = std::vector<std::string>;
using sark::test::downs, sark::test::ups;

/// Is a schema with one table of each kind of part, to apply operations to.
sark::schema::definition sample() {
    sark::schema::definition d;
    create_enum("mood", "sad", "happy").apply(d);
    create_table("people", column{.name = "id", .type = "uuid"}, primary_key("id")).apply(d);
    create_table("notes", column{.name = "id", .type = "bigserial"}, column{.name = "text", .type = "text"},
                 column{.name = "person", .type = "uuid", .nullable = true},
                 column{.name = "mood", .type = "mood", .fallback = "'sad'"}, primary_key("id").named("notes_key"),
                 foreign_key("person").references("people", "id").named("fk_person"))
        .apply(d);
    create_index("ix_notes_person", "notes", "person").apply(d);
    return d;
}

/// Tells whether the relations that differ between two schemas are all in a list.
bool only_named(sark::schema::definition const& before, sark::schema::definition const& after,
                detail::changed_relations const& named) {
    bool all = true;
    auto const look = [&](auto const& left, auto const& right) {
        for (auto const& item : left) {
            auto const* const other = sark::schema::detail::find_named(right, item.name);
            if (other == nullptr || !(*other == item)) all = all && named.has(item.name);
        }
    };
    look(before.tables, after.tables);
    look(after.tables, before.tables);
    look(before.views, after.views);
    look(after.views, before.views);
    return all;
}

/// Checks the texts of both directions and that the effect can be undone; `reverse(op)` must be the mirror image.
template <operation Op>
void check(Op const& op, strings const& up, strings const& down, sark::schema::definition const& before = sample()) {
    CHECK(ups(op) == up);
    CHECK(downs(op) == down);
    CHECK(ups(reverse(op)) == down);
    CHECK(downs(reverse(op)) == up);
    CHECK(reverse(op).up_facts() == op.down_facts());
    auto changed = before;
    op.apply(changed);
    // A proof copies and compares only what the operation names: it names all that it changes.
    detail::changed_relations named;
    named(op);
    CHECK((named.all || only_named(before, changed, named)));
    auto undone = changed;
    op.revert(undone);
    CHECK(same_schema(undone, before));
    reverse(op).apply(changed);
    CHECK(same_schema(changed, before));
}

}  // namespace

TEST_CASE("tables", "[migrate][sql]") {
    check(create_table("t", column{.name = "id", .type = "bigserial"},
                       column{.name = "order", .type = "varchar(9)", .nullable = true, .fallback = "'it''s'"},
                       primary_key("id"), unique("order"),
                       foreign_key("order", "id").references("other", "a", "b").on_delete(cascade),
                       sark::migrate::check("ck_t_order", "length(\"order\") > 1")),
          {R"(CREATE TABLE "t" (
    "id" bigserial NOT NULL,
    "order" varchar(9) DEFAULT 'it''s',
    CONSTRAINT "t_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "t_order_key" UNIQUE ("order"),
    CONSTRAINT "t_order_id_fkey" FOREIGN KEY ("order", "id") REFERENCES "other" ("a", "b") ON DELETE CASCADE,
    CONSTRAINT "ck_t_order" CHECK (length("order") > 1)
))"},
          {R"(DROP TABLE "t")"});
    check(rename_table{"notes", "remarks"}, {R"(ALTER TABLE "notes" RENAME TO "remarks")"},
          {R"(ALTER TABLE "remarks" RENAME TO "notes")"});
    CHECK(ups(drop_table("t", column{.name = "id", .type = "uuid"})) == strings{R"(DROP TABLE "t")"});
    CHECK(downs(drop_table("t", column{.name = "id", .type = "uuid"})) ==
          strings{"CREATE TABLE \"t\" (\n    \"id\" uuid NOT NULL\n)"});
}

TEST_CASE("columns", "[migrate][sql]") {
    check(add_column{"notes", column{.name = "n", .type = "integer", .fallback = "7"}},
          {R"(ALTER TABLE "notes" ADD COLUMN "n" integer NOT NULL DEFAULT 7)"},
          {R"(ALTER TABLE "notes" DROP COLUMN "n")"});
    CHECK(ups(drop_column("notes", column{.name = "text", .type = "text"})) ==
          strings{R"(ALTER TABLE "notes" DROP COLUMN "text")"});
    check(rename_column{"notes", "person", "author"}, {R"(ALTER TABLE "notes" RENAME COLUMN "person" TO "author")"},
          {R"(ALTER TABLE "notes" RENAME COLUMN "author" TO "person")"});
    check(set_not_null{"notes", "person"}, {R"(ALTER TABLE "notes" ALTER COLUMN "person" SET NOT NULL)"},
          {R"(ALTER TABLE "notes" ALTER COLUMN "person" DROP NOT NULL)"});
    CHECK(ups(drop_not_null("notes", "text")) == strings{R"(ALTER TABLE "notes" ALTER COLUMN "text" DROP NOT NULL)"});
    check(set_default{"notes", "text", "'x'"}, {R"(ALTER TABLE "notes" ALTER COLUMN "text" SET DEFAULT 'x')"},
          {R"(ALTER TABLE "notes" ALTER COLUMN "text" DROP DEFAULT)"});
    check(drop_default("notes", "mood", "'sad'"), {R"(ALTER TABLE "notes" ALTER COLUMN "mood" DROP DEFAULT)"},
          {R"(ALTER TABLE "notes" ALTER COLUMN "mood" SET DEFAULT 'sad')"});
    check(alter_column_type("notes",
                            type_change{.column = "text",
                                        .from = "text",
                                        .to = "integer",
                                        .using_up = "text::integer",
                                        .using_down = "text::text"},
                            type_change{.column = "mood", .from = "mood", .to = "text", .fallback = "'sad'"}),
          {"ALTER TABLE \"notes\"\n    ALTER COLUMN \"text\" TYPE integer USING text::integer,\n"
           "    ALTER COLUMN \"mood\" DROP DEFAULT,\n    ALTER COLUMN \"mood\" TYPE text,\n"
           "    ALTER COLUMN \"mood\" SET DEFAULT 'sad'"},
          {"ALTER TABLE \"notes\"\n    ALTER COLUMN \"text\" TYPE text USING text::text,\n"
           "    ALTER COLUMN \"mood\" DROP DEFAULT,\n    ALTER COLUMN \"mood\" TYPE mood,\n"
           "    ALTER COLUMN \"mood\" SET DEFAULT 'sad'"});
}

TEST_CASE("constraints", "[migrate][sql]") {
    check(add_constraint{"notes", unique("text", "person")},
          {R"(ALTER TABLE "notes" ADD CONSTRAINT "notes_text_person_key" UNIQUE ("text", "person"))"},
          {R"(ALTER TABLE "notes" DROP CONSTRAINT "notes_text_person_key")"});
    check(drop_constraint("notes", foreign_key("person").references("people", "id").named("fk_person")),
          {R"(ALTER TABLE "notes" DROP CONSTRAINT "fk_person")"},
          {R"(ALTER TABLE "notes" ADD CONSTRAINT "fk_person" FOREIGN KEY ("person") REFERENCES "people" ("id"))"});
    check(rename_constraint{"people", primary_key("id"), "people_key"},
          {R"(ALTER TABLE "people" RENAME CONSTRAINT "people_pkey" TO "people_key")"},
          {R"(ALTER TABLE "people" RENAME CONSTRAINT "people_key" TO "people_pkey")"});
}

TEST_CASE("indexes", "[migrate][sql]") {
    check(create_index("ix", "notes", "text", descending("person"), include("id"), where{"person > 'x'"}),
          {R"(CREATE INDEX "ix" ON "notes" USING btree ("text", "person" DESC) INCLUDE ("id") WHERE person > 'x')"},
          {R"(DROP INDEX "ix")"});
    check(create_unique_index("ux", "notes", descending(expression("lower(text)"))),
          {R"(CREATE UNIQUE INDEX "ux" ON "notes" USING btree ((lower(text)) DESC))"}, {R"(DROP INDEX "ux")"});
    check(create_index("ix", "notes", gin, with_class("text", "gin_trgm_ops")),
          {R"(CREATE INDEX "ix" ON "notes" USING gin ("text" gin_trgm_ops))"}, {R"(DROP INDEX "ix")"});
    check(drop_index("ix_notes_person", "notes", "person"), {R"(DROP INDEX "ix_notes_person")"},
          {R"(CREATE INDEX "ix_notes_person" ON "notes" USING btree ("person"))"});
    CHECK(downs(drop_unique_index("ux", "notes", "text")) ==
          strings{R"(CREATE UNIQUE INDEX "ux" ON "notes" USING btree ("text"))"});
}

TEST_CASE("enum types", "[migrate][sql]") {
    check(create_enum("size", "small", "it's"), {R"(CREATE TYPE "size" AS ENUM ('small', 'it''s'))"},
          {R"(DROP TYPE "size")"});
    CHECK(ups(drop_enum("size", "small")) == strings{R"(DROP TYPE "size")"});
    strings const rebuild_to_two = {
        R"(DO $sark$ -- stops when rows of notes use a label that the enum type does not have afterwards
DECLARE
    found bigint;
    keys text;
BEGIN
    SELECT count(*), string_agg(id::text, ', ' ORDER BY id) FILTER (WHERE place <= 5) INTO found, keys
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM "notes" WHERE "mood"::text NOT IN ('sad', 'happy')) AS offending;
    IF found > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', TABLE = 'notes',
            MESSAGE = format('%s: %s row(s) %s', 'notes', found, 'use a label that the enum type does not have afterwards'),
            DETAIL = format('First keys (id): %s', keys),
            HINT = 'Correct these rows and run the migration again.';
    END IF;
END
$sark$)",
        R"(ALTER TYPE "mood" RENAME TO "mood__old")", R"(CREATE TYPE "mood" AS ENUM ('sad', 'happy'))",
        "ALTER TABLE \"notes\"\n    ALTER COLUMN \"mood\" DROP DEFAULT,\n"
        "    ALTER COLUMN \"mood\" TYPE \"mood\" USING \"mood\"::text::\"mood\",\n"
        "    ALTER COLUMN \"mood\" SET DEFAULT 'sad'",
        R"(DROP TYPE "mood__old")"};
    check(add_enum_labels("mood", labels("sad", "happy"), labels("angry", "calm"),
                          used_by(enum_use{.table = "notes", .column = "mood", .fallback = "'sad'"})),
          {R"(ALTER TYPE "mood" ADD VALUE 'angry')", R"(ALTER TYPE "mood" ADD VALUE 'calm')"}, rebuild_to_two);
    auto const rebuilt = rebuild_enum("mood", labels("sad", "happy"), labels("happy"),
                                      used_by(enum_use{.table = "notes", .column = "mood", .fallback = "'sad'"}));
    CHECK(downs(rebuilt) == rebuild_to_two);
    REQUIRE(ups(rebuilt).size() == 5);
    CHECK_THAT(ups(rebuilt)[0], ContainsSubstring("WHERE \"mood\"::text NOT IN ('happy')"));
    CHECK(ups(rebuilt)[2] == R"(CREATE TYPE "mood" AS ENUM ('happy'))");
    check(rebuilt, ups(rebuilt), rebuild_to_two);
}

TEST_CASE("comments", "[migrate][sql]") {
    check(comment_on_column{"notes", "text", "what it's about"},
          {R"(COMMENT ON COLUMN "notes"."text" IS 'what it''s about')"},
          {R"(COMMENT ON COLUMN "notes"."text" IS NULL)"});
    check(comment_on_table{"notes", "all notes"}, {R"(COMMENT ON TABLE "notes" IS 'all notes')"},
          {R"(COMMENT ON TABLE "notes" IS NULL)"});
}

TEST_CASE("views", "[migrate][sql]") {
    check(create_view("v", "SELECT 1"), {"CREATE VIEW \"v\" AS\nSELECT 1"}, {R"(DROP VIEW "v")"});
    check(create_materialized_view("v", "SELECT 1"), {"CREATE MATERIALIZED VIEW \"v\" AS\nSELECT 1"},
          {R"(DROP MATERIALIZED VIEW "v")"});
    CHECK(downs(drop_view("v", "SELECT 1")) == strings{"CREATE VIEW \"v\" AS\nSELECT 1"});
    CHECK(ups(drop_materialized_view("v", "SELECT 1")) == strings{R"(DROP MATERIALIZED VIEW "v")"});
    auto with_view = sample();
    create_materialized_view("v", "SELECT 1 AS one").apply(with_view);
    check(create_unique_index("ux", "v", "one"), {R"(CREATE UNIQUE INDEX "ux" ON "v" USING btree ("one"))"},
          {R"(DROP INDEX "ux")"}, with_view);
}

TEST_CASE("functions and triggers", "[migrate][sql]") {
    create_function const touch{{.name = "touch",
                                 .arguments = "",
                                 .returns = "trigger",
                                 .language = "plpgsql",
                                 .body = "BEGIN RETURN NEW; END"}};
    check(touch,
          {"CREATE FUNCTION \"touch\"() RETURNS trigger LANGUAGE plpgsql AS $sark$\nBEGIN RETURN NEW; END\n$sark$"},
          {R"(DROP FUNCTION "touch"())"});
    CHECK(ups(drop_function(touch.created)) == strings{R"(DROP FUNCTION "touch"())"});
    auto with_function = sample();
    touch.apply(with_function);
    check(create_trigger{"notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "touch", .when = "OLD.id = 1"}},
          {R"(CREATE TRIGGER "tg" BEFORE UPDATE ON "notes" FOR EACH ROW WHEN (OLD.id = 1) EXECUTE FUNCTION "touch"())"},
          {R"(DROP TRIGGER "tg" ON "notes")"}, with_function);
    CHECK(downs(drop_trigger("notes", {.name = "tg", .event = "AFTER INSERT", .function = "touch"})) ==
          strings{R"(CREATE TRIGGER "tg" AFTER INSERT ON "notes" FOR EACH ROW EXECUTE FUNCTION "touch"())"});
}

TEST_CASE("statements as they are spelled", "[migrate][sql]") {
    check(data("UPDATE notes SET text = 'x'", "UPDATE notes SET text = 'y'"), {"UPDATE notes SET text = 'x'"},
          {"UPDATE notes SET text = 'y'"});
    check(data("UPDATE notes SET text = 'x'", nothing_to_undo{"it is computed"}), {"UPDATE notes SET text = 'x'"}, {});
    CHECK(irreversible_reason(data("DELETE FROM notes", irreversible{"they are gone"})) == "they are gone");
    check(verbatim("ALTER TABLE notes SET (fillfactor = 70)", "ALTER TABLE notes RESET (fillfactor)",
                   opaque{"a storage option"}),
          {"ALTER TABLE notes SET (fillfactor = 70)"}, {"ALTER TABLE notes RESET (fillfactor)"});
    check(verbatim("CREATE VIEW v AS SELECT 1", "DROP VIEW v",
                   changes{[](sark::schema::definition& d) { create_view("v", "SELECT 1").apply(d); },
                           [](sark::schema::definition& d) { create_view("v", "SELECT 1").revert(d); }}),
          {"CREATE VIEW v AS SELECT 1"}, {"DROP VIEW v"});
}

TEST_CASE("requirements speak in the directions they were given", "[migrate][sql]") {
    require_no_rows const up_only{.table = "notes", .key = "id", .up_rows = "id < 0", .complaint = "are negative"};
    CHECK(ups(up_only).size() == 1);
    CHECK(downs(up_only).empty());
    require_no_rows const down_only{.table = "notes", .key = "id", .down_rows = "id < 0", .complaint = "are negative"};
    CHECK(ups(down_only).empty());
    CHECK(ups(up_only) == downs(down_only));
    CHECK_THAT(ups(up_only)[0], ContainsSubstring("FROM \"notes\" WHERE id < 0) AS offending"));
}

TEST_CASE("an operation that does not fit the schema before it is refused", "[migrate][sql]") {
    auto const misfits = [](auto const& op) {
        auto d = sample();
        CHECK_THROWS_WITH(op.apply(d), ContainsSubstring("sark: "));
    };
    misfits(create_table("notes", column{.name = "id", .type = "uuid"}));   // exists
    misfits(drop_table("notes", column{.name = "id", .type = "uuid"}));     // is spelled otherwise
    misfits(drop_table("people", column{.name = "id", .type = "uuid"}));    // its key is not mentioned
    misfits(add_column{"nobody", column{.name = "id", .type = "uuid"}});    // no such table
    misfits(add_column{"notes", column{.name = "id", .type = "uuid"}});     // exists
    misfits(drop_column("notes", column{.name = "text", .type = "uuid"}));  // has another type
    misfits(set_not_null{"notes", "id"});                                   // is so already
    misfits(set_default{"notes", "mood", "'happy'"});                       // has a default it does not mention
    misfits(alter_column_type("notes", type_change{.column = "id", .from = "uuid", .to = "text"}));
    misfits(drop_constraint("notes", unique("text")));
    misfits(drop_index("ix_notes_person", "notes", "text"));                           // is spelled otherwise
    misfits(create_index("ix_notes_person", "notes", "text"));                         // exists
    misfits(add_enum_labels("mood", labels("happy", "sad"), labels("x"), used_by()));  // has another order
    misfits(create_trigger{"notes", {.name = "t", .event = "BEFORE UPDATE", .function = "nobody"}});
    misfits(rename_table{"people", "persons"});                 // its key has no name of its own
    misfits(rename_table{"notes", "people"});                   // is taken
    misfits(rename_column{"notes", "text", "id"});              // is taken
    misfits(comment_on_column{"notes", "text", "new", "old"});  // has no old comment
}

TEST_CASE("facts name the table, the lock and what is lost", "[migrate][sql]") {
    auto const table = create_table("t", column{.name = "id", .type = "uuid"});
    CHECK(table.down_facts() == facts{.relation = "t", .lock = lock_level::access_exclusive, .loses_data = true});
    CHECK(drop_table("t", column{.name = "id", .type = "uuid"}).up_facts().loses_data);
    CHECK(drop_column("t", column{.name = "id", .type = "uuid"}).up_facts().loses_data);
    CHECK(!drop_index("i", "t", "c").up_facts().loses_data);
    CHECK(create_index("i", "t", "c").up_facts().lock == lock_level::share);
    CHECK(add_constraint{"t", foreign_key("a").references("b", "c")}.up_facts().lock ==
          lock_level::share_row_exclusive);
    CHECK(alter_column_type("t", type_change{.column = "c", .from = "a", .to = "b"}).up_facts().rewrites);
    CHECK(data("SELECT 1", "SELECT 1").up_facts().lock == lock_level::row_exclusive);
    CHECK(text_of(lock_level::access_exclusive) == "ACCESS EXCLUSIVE");
}
