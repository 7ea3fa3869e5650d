// SPDX-License-Identifier: MIT
//
// The questions that each operation asks before it runs, and those about what a migration leaves.
#include "support/catch.hpp"

#include <string>

#include <sark/migrate/assertion_frozen.hpp>
#include <sark/migrate/detail/assertion_render.hpp>

namespace {

using namespace sark::migrate;  // the words under test

/// Is a schema with one table of each kind of part, which operations find when they begin.
sark::schema::definition sample() {
    sark::schema::definition d;
    create_enum("mood", "sad", "happy").apply(d);
    create_table("people", column{.name = "id", .type = "uuid"}, column{.name = "it's", .type = "text"},
                 primary_key("id"))
        .apply(d);
    create_table("notes", column{.name = "id", .type = "bigserial"}, column{.name = "text", .type = "text"},
                 column{.name = "n", .type = "integer", .nullable = true},
                 column{.name = "cost", .type = "numeric(9,4)", .nullable = true},
                 column{.name = "person", .type = "uuid", .nullable = true},
                 column{.name = "mood", .type = "mood", .fallback = "'sad'"}, primary_key("text", "id"),
                 foreign_key("person").references("people", "id").named("fk"))
        .apply(d);
    create_index("ix", "notes", "person").apply(d);
    create_materialized_view("mv", "SELECT 1 AS n").apply(d);
    create_function{{.name = "f", .returns = "trigger", .language = "plpgsql", .body = "x"}}.apply(d);
    create_trigger{"notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "f"}}.apply(d);
    return d;
}

std::string text_of(detail::rendered_assertions const& rendered) {
    std::string text;
    for (assertion_view const& a : rendered.views()) {
        text += std::string{text_of(a.severity)} + ": " + std::string{a.says} + "\n" + std::string{a.sql} + "\n";
        if (!a.guard.empty()) text += "where " + std::string{a.guard} + "\n";
    }
    return text;
}

/// Gives what operations, one after the other in one migration, ask before it.
template <class... Ops>
std::string asks(bool up, Ops const&... ops) {
    sark::schema::definition const before = sample();
    return text_of(detail::rendered_assertions{[&](detail::assertion_sink& sink) {
        detail::preflight_scene scene{sink, before};
        (expect(scene, ops, up), ...);
    }});
}

template <class... Ops>
std::string asks_up(Ops const&... ops) {
    return asks(true, ops...);
}
template <class Op>
std::string asks_down(Op const& op) {
    std::string const text = asks(false, op);
    CHECK(asks(true, reverse(op)) == text);
    return text;
}

/// Gives what is asked after one operation.
template <class Op>
std::string leaves(Op const& op, bool up = true) {
    sark::schema::definition before = sample();
    if constexpr (std::is_same_v<Op, validate_constraint>)
        for (sark::schema::table& t : before.tables)
            for (sark::schema::constraint& c : t.constraints) c.not_valid = c.name == op.validated.name;
    sark::schema::definition after = before;
    up ? op.apply(after) : op.revert(after);
    detail::promises kept;
    promise(kept, op, up);
    return text_of(detail::rendered_assertions{
        [&](detail::assertion_sink& sink) { write_postconditions(sink, &before, after, kept); }});
}

}  // namespace

TEST_CASE("tables before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(create_table("t", column{.name = "id", .type = "uuid"})) ==
          R"(error: the name of table t is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 't' AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_down(create_table("people", column{.name = "id", .type = "uuid"})) ==
          R"(error: table people is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"people"') AND relkind IN ('r', 'p')
warning: rows of people are lost with it. Save what is still needed.
SELECT count(*), NULL FROM "people"
)");
    CHECK(asks_up(rename_table{"notes", "remarks"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: the name of table remarks is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'remarks' AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_down(rename_table{"remarks", "notes"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: the name of table remarks is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'remarks' AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_up(comment_on_table{"notes", "x"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
)");
}

TEST_CASE("columns before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(add_column{"notes", column{.name = "x", .type = "text"}}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.x exists already. Rename or drop it, after a look at its values.
SELECT count(*), NULL FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'x' AND NOT attisdropped
error: rows of notes have no value for new column x, which is NOT NULL and has no default. Add it with a default, or nullable first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE true) AS offending
)");
    CHECK(asks_up(add_column{"notes", column{.name = "x", .type = "bigserial"}}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.x exists already. Rename or drop it, after a look at its values.
SELECT count(*), NULL FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'x' AND NOT attisdropped
)");
    CHECK(asks_down(add_column{"people", column{.name = "it's", .type = "text"}}) ==
          R"(error: table people is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"people"') AND relkind IN ('r', 'p')
error: column people.it's is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"people"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"people"') AND attname = 'it''s' AND NOT attisdropped)
warning: values of people.it's are lost with it. Save what is still needed.
SELECT count("it's"), NULL FROM "people"
)");
    CHECK(asks_up(rename_column{"notes", "n", "m"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
error: column notes.m exists already. Rename or drop it, after a look at its values.
SELECT count(*), NULL FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'm' AND NOT attisdropped
)");
    CHECK(asks_up(set_not_null{"notes", "n"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
error: rows of notes have NULL in n, which becomes NOT NULL. Fill them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE "n" IS NULL) AS offending
)");
    CHECK(asks_down(set_not_null{"notes", "text"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.text is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'text' AND NOT attisdropped)
)");
    CHECK(asks_up(set_default{"notes", "n", "1"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
)");
    CHECK(asks_up(comment_on_column{"notes", "n", "x"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
)");
}

TEST_CASE("types before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(alter_column_type("notes", type_change{.column = "text", .from = "text", .to = "varchar(9)"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.text is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'text' AND NOT attisdropped)
error: rows of notes have a value in text that does not fit varchar(9). Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE char_length(rtrim(("text")::text, ' ')) > 9) AS offending
)");
    CHECK(asks_down(alter_column_type("notes", type_change{.column = "n", .from = "smallint", .to = "integer"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
error: rows of notes have a value in n that does not fit smallint. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE ("n") NOT BETWEEN -32768 AND 32767) AS offending
)");
    CHECK(asks_up(alter_column_type("notes",
                                    type_change{.column = "cost", .from = "numeric(9,4)", .to = "numeric(5,2)"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.cost is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'cost' AND NOT attisdropped)
error: rows of notes have a value in cost that does not fit numeric(5,2). Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE "cost" <> 'NaN' AND abs(round("cost", 2)) >= 1000) AS offending
warning: rows of notes have a value in cost that is rounded to fit numeric(5,2). Save it if the digits count.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE "cost" <> round("cost", 2)) AS offending
)");
    CHECK(asks_up(alter_column_type("notes", type_change{.column = "cost", .from = "numeric(9,4)", .to = "bigint"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.cost is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'cost' AND NOT attisdropped)
error: rows of notes have a value in cost that does not fit bigint. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE round("cost") NOT BETWEEN -9223372036854775808 AND 9223372036854775807) AS offending
warning: rows of notes have a value in cost that is rounded to fit bigint. Save it if the digits count.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE "cost" <> round("cost", 0)) AS offending
)");
    CHECK(asks_up(alter_column_type("notes", type_change{.column = "n", .from = "integer", .to = "bigint"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.n is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'n' AND NOT attisdropped)
)");
    CHECK(asks_up(alter_column_type(
              "notes", type_change{.column = "text", .from = "text", .to = "mood", .using_up = "text::mood"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.text is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'text' AND NOT attisdropped)
error: rows of notes have a text in text that is no label of enum type mood. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE "text"::text NOT IN ('sad', 'happy')) AS offending
)");
    CHECK(asks_up(alter_column_type(
              "notes",
              type_change{.column = "text", .from = "text", .to = "date", .using_up = "to_date(text, 'YYYY')"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.text is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'text' AND NOT attisdropped)
error: rows of notes get NULL in text by its change to date, and it is NOT NULL. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE (to_date(text, 'YYYY')) IS NULL) AS offending
)");
}

TEST_CASE("constraints before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(add_constraint{"notes", sark::migrate::check("ck", "n > 0")}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint ck of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'ck'
error: rows of notes violate ck. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" WHERE NOT (n > 0)) AS offending
)");
    CHECK(asks_up(add_constraint{"notes", not_valid(sark::migrate::check("ck", "n > 0"))}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint ck of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'ck'
)");
    CHECK(asks_up(add_constraint{"notes", unique("n", "person").named("uq")}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint uq of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'uq'
error: the name of constraint uq is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'uq' AND relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"'))
error: rows of notes repeat the unique key of another row. Remove or change them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM (SELECT "text", "id", row_number() OVER (PARTITION BY "n", "person" ORDER BY "text", "id") AS sark_copy FROM "notes" WHERE "n" IS NOT NULL AND "person" IS NOT NULL) AS numbered WHERE sark_copy > 1) AS offending
)");
    CHECK(asks_up(add_constraint{"notes", foreign_key("person", "n").references("people", "id", "it's")}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint (named by the server) of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'notes_person_n_fkey'
error: table people is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"people"') AND relkind IN ('r', 'p')
error: rows of notes point to rows of people that do not exist. Delete them, or correct where they point to.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" AS child WHERE child."person" IS NOT NULL AND child."n" IS NOT NULL AND NOT EXISTS (SELECT FROM "people" AS parent WHERE parent."id" = child."person" AND parent."it's" = child."n")) AS offending
)");
    CHECK(asks_down(add_constraint{"notes", foreign_key("person").references("people", "id").named("fk")}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint fk of notes is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'fk')
)");
    CHECK(asks_up(validate_constraint{"notes", foreign_key("person").references("people", "id").named("fk")}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint fk of notes is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'fk')
error: rows of notes point to rows of people that do not exist. Delete them, or correct where they point to.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM "notes" AS child WHERE child."person" IS NOT NULL AND NOT EXISTS (SELECT FROM "people" AS parent WHERE parent."id" = child."person")) AS offending
)");
    CHECK(asks_up(add_constraint_using_index{"notes", unique("person").named("key"), "ix"}) ==
          R"(error: constraint key of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'key'
error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: index ix of notes is missing, not unique or not valid. Build it anew.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('"ix"') AND indrelid = to_regclass('"notes"') AND indisunique AND indisvalid)
)");
    CHECK(
        asks_up(rename_constraint{"notes", foreign_key("person").references("people", "id").named("fk"), "fk_notes"}) ==
        R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: constraint fk of notes is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'fk')
error: constraint fk_notes of notes exists already. Drop or rename it.
SELECT count(*), NULL FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname = 'fk_notes'
)");
}

TEST_CASE("indexes before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(create_index("i", "notes", "n")) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: the name of index i is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'i' AND relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"'))
)");
    CHECK(asks_up(create_unique_index("u", "notes", concurrently, expression("lower(text)"), descending("n"),
                                      where{"n > 0"})) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: the name of index u is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'u' AND relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"'))
error: rows of notes repeat the key of another row in unique index u. Remove or change them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT concat_ws('/', "text", "id") AS key, row_number() OVER (ORDER BY "text", "id") AS place FROM (SELECT "text", "id", row_number() OVER (PARTITION BY (lower(text)), "n" ORDER BY "text", "id") AS sark_copy FROM "notes" WHERE (lower(text)) IS NOT NULL AND "n" IS NOT NULL AND (n > 0)) AS numbered WHERE sark_copy > 1) AS offending
)");
    CHECK(asks_up(create_unique_index("u", "mv", "n")) ==
          R"(error: view mv is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"mv"') AND relkind = 'm'
error: the name of index u is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'u' AND relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = to_regclass('"mv"'))
error: rows of mv repeat the key of another row in unique index u. Remove or change them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT ctid::text AS key, row_number() OVER (ORDER BY ctid) AS place FROM (SELECT ctid, row_number() OVER (PARTITION BY "n" ORDER BY ctid) AS sark_copy FROM "mv" WHERE "n" IS NOT NULL) AS numbered WHERE sark_copy > 1) AS offending
)");
    CHECK(asks_down(create_index("ix", "notes", "person")) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: index ix of notes is missing. Create it again.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass('"ix"') AND indrelid = to_regclass('"notes"'))
)");
}

TEST_CASE("enum types before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(create_enum("state", "on")) ==
          R"(error: the name of type state is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_type WHERE typname = 'state' AND typnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_down(create_enum("mood", "sad", "happy")) ==
          R"(error: enum type mood is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_type WHERE oid = to_regtype('"mood"') AND typtype = 'e'
)");
    CHECK(asks_up(add_enum_labels("mood", labels("sad", "happy"), labels("so so", "it's"),
                                  used_by(enum_use{.table = "notes", .column = "mood"}))) ==
          R"(error: enum type mood is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_type WHERE oid = to_regtype('"mood"') AND typtype = 'e'
error: labels that come are labels of enum type mood already. Remove them there, or do not add them.
SELECT count(*), string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype('"mood"') AND enumlabel IN ('so so', 'it''s')
)");
    CHECK(asks_up(rebuild_enum("mood", labels("sad", "happy"), labels("happy"),
                               used_by(enum_use{.table = "notes", .column = "mood"}))) ==
          R"(error: enum type mood is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_type WHERE oid = to_regtype('"mood"') AND typtype = 'e'
error: the name of type mood__old is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_type WHERE typname = 'mood__old' AND typnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
error: columns have enum type mood and are not listed in used_by(...). List them.
SELECT count(*), string_agg(attrelid::regclass::text || '.' || attname, ', ' ORDER BY attrelid, attnum) FROM pg_catalog.pg_attribute JOIN pg_catalog.pg_class ON pg_class.oid = attrelid WHERE atttypid = to_regtype('"mood"') AND NOT attisdropped AND relkind IN ('r', 'p') AND NOT (attrelid = coalesce(to_regclass('"notes"'), 0) AND attname = 'mood')
error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: column notes.mood is missing. Restore it: the chain has made it before.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('"notes"') AND attname = 'mood' AND NOT attisdropped)
error: rows of notes use a label in mood that enum type mood will not have. Give them another one first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT id::text AS key, row_number() OVER (ORDER BY id) AS place FROM "notes" WHERE "mood"::text NOT IN ('happy')) AS offending
)");
}

TEST_CASE("views, functions, triggers and requirements before a migration", "[migrate][assertions][sql]") {
    CHECK(asks_up(create_view("v", "SELECT 1")) ==
          R"(error: the name of view v is taken. Rename or drop what has it.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE relname = 'v' AND relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_down(create_materialized_view("mv", "SELECT 1 AS n")) ==
          R"(error: view mv is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"mv"') AND relkind = 'm'
)");
    CHECK(asks_up(create_function{{.name = "g", .returns = "integer", .language = "sql", .body = "SELECT 1"}}) ==
          R"(error: function g exists already. Rename or drop it.
SELECT count(*), NULL FROM pg_catalog.pg_proc WHERE proname = 'g' AND pronargs = 0 AND pronamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())
)");
    CHECK(asks_down(create_function{{.name = "f", .returns = "trigger", .language = "plpgsql", .body = "x"}}) ==
          R"(error: function f is missing. Create it again.
SELECT (count(*) = 0)::integer, NULL FROM pg_catalog.pg_proc WHERE proname = 'f' AND pronargs = 0 AND pg_function_is_visible(oid)
)");
    CHECK(asks_up(create_trigger{"notes", {.name = "t", .event = "AFTER INSERT", .function = "f"}}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: trigger t of notes exists already. Rename or drop it.
SELECT count(*), NULL FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass('"notes"') AND tgname = 't'
error: function f is missing. Create it again.
SELECT (count(*) = 0)::integer, NULL FROM pg_catalog.pg_proc WHERE proname = 'f' AND pronargs = 0 AND pg_function_is_visible(oid)
)");
    CHECK(asks_down(create_trigger{"notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "f"}}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: trigger tg of notes is missing. Create it again.
SELECT count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass('"notes"') AND tgname = 'tg')
)");
    CHECK(asks_up(require_no_rows{.table = "notes", .key = "id", .up_rows = "n < 0", .complaint = "are negative"}) ==
          R"(error: table notes is missing. Restore it: the chain has made it before.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"notes"') AND relkind IN ('r', 'p')
error: rows of notes are negative. Correct them first.
SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT id::text AS key, row_number() OVER (ORDER BY id) AS place FROM "notes" WHERE n < 0) AS offending
)");
    CHECK(asks_up(waive("index-blocks-writes", "small"), data("UPDATE notes SET n = 1", nothing_to_undo{"x"})) == "");
}

TEST_CASE("what is left of operations on tables and columns", "[migrate][assertions][sql]") {
    CHECK(leaves(create_table(
              "t", column{.name = "id", .type = "bigserial"},
              column{.name = "a", .type = "varchar(9)", .nullable = true, .fallback = "'x'", .comment = "it's"},
              column{.name = "b", .type = "bigint GENERATED ALWAYS AS IDENTITY", .nullable = true}, primary_key("id"),
              foreign_key("a").references("people", "it's").on_delete(cascade))) ==
          R"(error: columns of t are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN attname IS NULL THEN 'is missing' WHEN atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') THEN 'is ' || format_type(atttypid, atttypmod) WHEN attnotnull <> not_null THEN CASE WHEN attnotnull THEN 'is' ELSE 'is not' END || ' NOT NULL' WHEN atthasdef <> has_default THEN CASE WHEN atthasdef THEN 'has a' ELSE 'has no' END || ' default' ELSE 'has another comment' END, '; ' ORDER BY wanted.name) FROM (VALUES ('id', 'bigint', '', true, true::boolean, NULL::text), ('a', 'varchar(9)', '9', false, true, 'it''s'), ('b', 'bigint', '', false, NULL, NULL)) AS wanted(name, type, modifiers, not_null, has_default, comment) LEFT JOIN pg_catalog.pg_attribute ON attrelid = to_regclass('"t"') AND attname = wanted.name AND attnum > 0 AND NOT attisdropped WHERE attname IS NULL OR atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') OR attnotnull <> not_null OR atthasdef <> has_default OR (comment IS NOT NULL AND comment IS DISTINCT FROM col_description(attrelid, attnum))
error: constraints of t are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN conname IS NULL THEN 'is missing' WHEN valid AND NOT convalidated THEN 'is not valid' ELSE 'is another: ' || pg_get_constraintdef(found.oid) END, '; ' ORDER BY wanted.name) FROM (VALUES ('t_pkey', 'p', true, 'id', NULL, ' '), ('t_a_fkey', 'f', true, 'a', to_regclass('"people"'), 'c')) AS wanted(name, kind, valid, columns, target, action) LEFT JOIN pg_catalog.pg_constraint AS found ON conrelid = to_regclass('"t"') AND conname = wanted.name WHERE conname IS NULL OR contype::text <> kind OR (valid AND NOT convalidated) OR (kind = 'f' AND (confrelid IS DISTINCT FROM target::oid OR confdeltype::text <> action)) OR (kind <> 'c' AND columns <> (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key(number, place) JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number))
)");
    CHECK(leaves(create_table("people", column{.name = "id", .type = "uuid"}, column{.name = "it's", .type = "text"},
                              primary_key("id")),
                 false) ==
          R"(error: tables, views or indexes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(relname, ', ' ORDER BY relname) FROM pg_catalog.pg_class WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND relname IN ('people')
)");
    CHECK(
        leaves(rename_constraint{"notes", foreign_key("person").references("people", "id").named("fk"), "fk_notes"}) ==
        R"(error: constraints of notes are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN conname IS NULL THEN 'is missing' WHEN valid AND NOT convalidated THEN 'is not valid' ELSE 'is another: ' || pg_get_constraintdef(found.oid) END, '; ' ORDER BY wanted.name) FROM (VALUES ('fk_notes', 'f', true, 'person', to_regclass('"people"'), 'a')) AS wanted(name, kind, valid, columns, target, action) LEFT JOIN pg_catalog.pg_constraint AS found ON conrelid = to_regclass('"notes"') AND conname = wanted.name WHERE conname IS NULL OR contype::text <> kind OR (valid AND NOT convalidated) OR (kind = 'f' AND (confrelid IS DISTINCT FROM target::oid OR confdeltype::text <> action)) OR (kind <> 'c' AND columns <> (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key(number, place) JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number))
error: constraints of notes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(conname, ', ' ORDER BY conname) FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname IN ('fk')
)");
    CHECK(leaves(add_column{"people", column{.name = "x", .type = "numeric(5)", .nullable = true}}) ==
          R"(error: columns of people are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN attname IS NULL THEN 'is missing' WHEN atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') THEN 'is ' || format_type(atttypid, atttypmod) WHEN attnotnull <> not_null THEN CASE WHEN attnotnull THEN 'is' ELSE 'is not' END || ' NOT NULL' WHEN atthasdef <> has_default THEN CASE WHEN atthasdef THEN 'has a' ELSE 'has no' END || ' default' ELSE 'has another comment' END, '; ' ORDER BY wanted.name) FROM (VALUES ('x', 'numeric(5)', '5,0', false, false::boolean, NULL::text)) AS wanted(name, type, modifiers, not_null, has_default, comment) LEFT JOIN pg_catalog.pg_attribute ON attrelid = to_regclass('"people"') AND attname = wanted.name AND attnum > 0 AND NOT attisdropped WHERE attname IS NULL OR atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') OR attnotnull <> not_null OR atthasdef <> has_default OR (comment IS NOT NULL AND comment IS DISTINCT FROM col_description(attrelid, attnum))
)");
    CHECK(leaves(add_column{"people", column{.name = "it's", .type = "text"}}, false) ==
          R"(error: columns of people are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(attname, ', ' ORDER BY attname) FROM pg_catalog.pg_attribute WHERE NOT attisdropped AND attrelid = to_regclass('"people"') AND attname IN ('it''s')
)");
    CHECK(leaves(set_not_null{"notes", "n"}) ==
          R"(error: columns of notes are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN attname IS NULL THEN 'is missing' WHEN atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') THEN 'is ' || format_type(atttypid, atttypmod) WHEN attnotnull <> not_null THEN CASE WHEN attnotnull THEN 'is' ELSE 'is not' END || ' NOT NULL' WHEN atthasdef <> has_default THEN CASE WHEN atthasdef THEN 'has a' ELSE 'has no' END || ' default' ELSE 'has another comment' END, '; ' ORDER BY wanted.name) FROM (VALUES ('n', 'integer', '', true, false::boolean, NULL::text)) AS wanted(name, type, modifiers, not_null, has_default, comment) LEFT JOIN pg_catalog.pg_attribute ON attrelid = to_regclass('"notes"') AND attname = wanted.name AND attnum > 0 AND NOT attisdropped WHERE attname IS NULL OR atttypid IS DISTINCT FROM to_regtype(type) OR modifiers <> coalesce(substring(format_type(atttypid, atttypmod) from '\((.*)\)'), '') OR attnotnull <> not_null OR atthasdef <> has_default OR (comment IS NOT NULL AND comment IS DISTINCT FROM col_description(attrelid, attnum))
)");
    CHECK(leaves(comment_on_table{"notes", "x"}) == "");
}

TEST_CASE("what is left of operations on everything else", "[migrate][assertions][sql]") {
    CHECK(leaves(add_constraint{"notes", not_valid(sark::migrate::check("ck", "n > 0"))}) ==
          R"(error: constraints of notes are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN conname IS NULL THEN 'is missing' WHEN valid AND NOT convalidated THEN 'is not valid' ELSE 'is another: ' || pg_get_constraintdef(found.oid) END, '; ' ORDER BY wanted.name) FROM (VALUES ('ck', 'c', false, '', NULL, ' ')) AS wanted(name, kind, valid, columns, target, action) LEFT JOIN pg_catalog.pg_constraint AS found ON conrelid = to_regclass('"notes"') AND conname = wanted.name WHERE conname IS NULL OR contype::text <> kind OR (valid AND NOT convalidated) OR (kind = 'f' AND (confrelid IS DISTINCT FROM target::oid OR confdeltype::text <> action)) OR (kind <> 'c' AND columns <> (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key(number, place) JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number))
)");
    CHECK(leaves(validate_constraint{"notes", foreign_key("person").references("people", "id").named("fk")}) ==
          R"(error: constraints of notes are not what the migrations made. Compare them with its definition.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN conname IS NULL THEN 'is missing' WHEN valid AND NOT convalidated THEN 'is not valid' ELSE 'is another: ' || pg_get_constraintdef(found.oid) END, '; ' ORDER BY wanted.name) FROM (VALUES ('fk', 'f', true, 'person', to_regclass('"people"'), 'a')) AS wanted(name, kind, valid, columns, target, action) LEFT JOIN pg_catalog.pg_constraint AS found ON conrelid = to_regclass('"notes"') AND conname = wanted.name WHERE conname IS NULL OR contype::text <> kind OR (valid AND NOT convalidated) OR (kind = 'f' AND (confrelid IS DISTINCT FROM target::oid OR confdeltype::text <> action)) OR (kind <> 'c' AND columns <> (SELECT string_agg(attname, ',' ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key(number, place) JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number))
)");
    CHECK(leaves(drop_constraint("notes", foreign_key("person").references("people", "id").named("fk"))) ==
          R"(error: constraints of notes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(conname, ', ' ORDER BY conname) FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"notes"') AND conname IN ('fk')
)");
    CHECK(leaves(create_unique_index("u", "mv", method{"hash"}, expression("lower(text)"), "n", include("x"),
                                     where{"n > 0"})) ==
          R"(error: indexes of mv are not what the migrations made. Create them anew.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN indexrelid IS NULL THEN 'is missing' WHEN NOT indisvalid OR NOT indisready THEN 'is not valid' ELSE 'is another: ' || pg_get_indexdef(indexrelid) END, '; ' ORDER BY wanted.name) FROM (VALUES ('u', 'hash', true, true, '(),n,x')) AS wanted(name, method, is_unique, partial, columns) LEFT JOIN (pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = indexrelid JOIN pg_catalog.pg_am ON pg_am.oid = relam) ON indrelid = to_regclass('"mv"') AND relname = wanted.name WHERE indexrelid IS NULL OR NOT indisvalid OR NOT indisready OR amname <> method OR indisunique <> is_unique OR (indpred IS NOT NULL) <> partial OR columns <> (SELECT string_agg(coalesce(attname, '()'), ',' ORDER BY place) FROM unnest(indkey::smallint[]) WITH ORDINALITY AS key(number, place) LEFT JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = number AND number > 0)
)");
    CHECK(leaves(drop_index("ix", "notes", "person")) ==
          R"(error: tables, views or indexes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(relname, ', ' ORDER BY relname) FROM pg_catalog.pg_class WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND relname IN ('ix')
)");
    CHECK(leaves(add_enum_labels("mood", labels("sad", "happy"), labels("it's"), used_by())) ==
          R"(error: enum type mood has not the labels that the migrations made, in their order. Add what is missing.
SELECT count(*), coalesce('has ' || string_agg(array_to_string(labels, ', '), ''), 'is missing') FROM (SELECT array_agg(enumlabel::text ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype('"mood"')) AS found WHERE labels IS DISTINCT FROM ARRAY['sad', 'happy', 'it''s']::text[]
)");
    CHECK(leaves(drop_enum("mood", "sad", "happy")) ==
          R"(error: enum types are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(typname, ', ' ORDER BY typname) FROM pg_catalog.pg_type WHERE typnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND typname IN ('mood')
)");
    CHECK(leaves(create_view("v", "SELECT 1")) ==
          R"(error: view v is missing. Create it.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"v"') AND relkind = 'v'
)");
    CHECK(leaves(create_materialized_view("w", "SELECT 1")) ==
          R"(error: materialized view w is missing or not filled. Create or refresh it.
SELECT 1 - count(*), NULL FROM pg_catalog.pg_class WHERE oid = to_regclass('"w"') AND relkind = 'm' AND relispopulated
)");
    CHECK(leaves(drop_materialized_view("mv", "SELECT 1 AS n")) ==
          R"(error: tables, views or indexes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(relname, ', ' ORDER BY relname) FROM pg_catalog.pg_class WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema()) AND relname IN ('mv')
)");
    CHECK(leaves(create_function{{.name = "g",
                                  .arguments = "a integer, b numeric(4,2)",
                                  .returns = "integer",
                                  .language = "sql",
                                  .body = "SELECT 1"}}) ==
          R"(error: function g is missing. Create it.
SELECT (count(*) = 0)::integer, NULL FROM pg_catalog.pg_proc WHERE proname = 'g' AND pronargs = 2 AND pg_function_is_visible(oid)
)");
    CHECK(leaves(drop_trigger("notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "f"})) ==
          R"(error: triggers of notes are still there, though the migrations dropped them. Drop them.
SELECT count(*), string_agg(tgname, ', ' ORDER BY tgname) FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass('"notes"') AND tgname IN ('tg')
)");
    CHECK(leaves(create_trigger{"people", {.name = "t", .event = "BEFORE UPDATE", .function = "f"}}) ==
          R"(error: triggers of people are not what the migrations made. Create or enable them.
SELECT count(*), string_agg(wanted.name || ' ' || CASE WHEN tgname IS NULL THEN 'is missing' WHEN tgenabled = 'D' THEN 'is disabled' ELSE 'calls ' || tgfoid::regproc END, '; ' ORDER BY wanted.name) FROM (VALUES ('t', 'f')) AS wanted(name, function) LEFT JOIN (pg_catalog.pg_trigger JOIN pg_catalog.pg_proc ON pg_proc.oid = tgfoid) ON tgrelid = to_regclass('"people"') AND tgname = wanted.name WHERE tgname IS NULL OR tgenabled = 'D' OR proname <> function
)");
}

TEST_CASE("what a migration prepares is not asked", "[migrate][assertions][sql]") {
    auto const positive = add_constraint{"notes", sark::migrate::check("ck", "n > 0")};
    std::string const rows = asks_up(positive);
    auto const asks_rows = [](std::string const& text) { return text.find("NOT (n > 0)") != std::string::npos; };
    REQUIRE(asks_rows(rows));
    CHECK_FALSE(asks_rows(asks_up(data("UPDATE notes SET n = 1", nothing_to_undo{"x"}), positive)));
    CHECK_FALSE(asks_rows(asks_up(data("INSERT INTO \"notes\" SELECT", nothing_to_undo{"x"}), positive)));
    CHECK_FALSE(asks_rows(asks_up(data("DELETE FROM people", nothing_to_undo{"x"}), positive)));
    CHECK_FALSE(asks_rows(asks_up(data("SELECT repair()", nothing_to_undo{"x"}), positive)));
    CHECK_FALSE(asks_rows(
        asks_up(alter_column_type("notes",
                                  type_change{.column = "n", .from = "integer", .to = "smallint", .using_up = "n / 2"}),
                positive)));
    CHECK_FALSE(asks_rows(asks_up(rename_column{"notes", "n", "m"}, positive)));
    CHECK_FALSE(asks_rows(asks_up(reverse(add_column{"notes", column{.name = "n", .type = "integer"}}), positive)));
    CHECK(
        asks_rows(asks_up(data("UPDATE people SET n = (SELECT count(*) FROM notes)", nothing_to_undo{"x"}), positive)));
    CHECK(asks_rows(
        asks_up(alter_column_type("notes", type_change{.column = "n", .from = "integer", .to = "bigint"}), positive)));
    CHECK(asks_up(create_table("new", column{.name = "n", .type = "text", .nullable = true}),
                  set_not_null{"new", "n"}) == asks_up(create_table("new", column{.name = "n", .type = "text"})));
    CHECK(asks_up(drop_index("ix", "notes", "person"), create_index("ix", "notes", "n")) ==
          asks_up(drop_index("ix", "notes", "person")));
}

TEST_CASE("a column that a primary key makes NOT NULL is asked after it", "[migrate][assertions][sql]") {
    auto const drop = drop_constraint("people", primary_key("id"));
    CHECK(leaves(drop).find("pg_attribute ON attrelid") == std::string::npos);
    auto const add = add_constraint{"plain", primary_key("n")};
    sark::schema::definition before;
    create_table("plain", column{.name = "n", .type = "integer", .nullable = true}).apply(before);
    sark::schema::definition after = before;
    add.apply(after);
    std::string const text = text_of(detail::rendered_assertions{
        [&](detail::assertion_sink& sink) { write_postconditions(sink, &before, after, detail::promises{}); }});
    CHECK(text.find("('n', 'integer', '', true, ") != std::string::npos);
}

namespace {

// clang-format off
inline constexpr auto v001 = migration(
    "001_t", root, "a table",
    create_table("t", column{.name = "a", .type = "text", .nullable = true}),
    when_extension("citus", create_table("s", column{.name = "a", .type = "text", .nullable = true})));
inline constexpr auto v002 = migration(
    "002_a", after{"001_t"}, "no NULL",
    step("a is there", set_not_null{"t", "a"}),
    when_extension("citus", set_not_null{"s", "a"}));
// clang-format on
inline constexpr auto two = chain<v001, v002>;
constexpr auto asked = assertions_of(two);

// The texts are constants.
static_assert(asked.size() == 2 && asked[1].id == "002_a" && asked[1].before_up.size() == 6);
static_assert(asked[1].before_up[0].sql.starts_with("SELECT 1 - count(*), NULL FROM pg_catalog.pg_class"));
static_assert(asked[1].before_up[0].sql.data()[asked[1].before_up[0].sql.size()] == '\0');
static_assert(asked[1].before_up[2].step == "a is there" && asked[1].before_up[2].subject == "t");
static_assert(asked[1].before_up[2].guard.empty());
static_assert(asked[1].before_up[5].guard ==
              "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname IN ('citus'))");
static_assert(asked[1].before_up[5].sql.find("FROM \"s\" WHERE \"a\" IS NULL") != std::string_view::npos);
static_assert(asked[1].touches.size() == 3 && !asked[1].touches_any);
// After it: where there is no extension one table, where there is one two.
static_assert(asked[1].after_up.size() == 3 &&
              asked[1].after_up[0].guard ==
                  "SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname IN ('citus'))");
static_assert(asked[0].after_down.size() == 2 && asked[0].before_down.size() == 4);

}  // namespace

TEST_CASE("constants are what is asked at run time", "[migrate][assertions][sql]") {
    auto const runtime = detail::asked_chain_of<v001, v002>::view();
    detail::rendered_assertions const rendered{[&](detail::assertion_sink& sink) {
        runtime.writers[1](sink, {runtime.followers}, 1, detail::phase::before_up, [](auto const&) {});
    }};
    auto const views = rendered.views();
    REQUIRE(views.size() == asked[1].before_up.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
        CHECK(views[i].sql == asked[1].before_up[i].sql);
        CHECK(views[i].says == asked[1].before_up[i].says);
        CHECK(views[i].guard == asked[1].before_up[i].guard);
    }
}

TEST_CASE("a finding is one sentence", "[migrate][assertions][sql]") {
    CHECK(text_of(assertion_finding{.migration = "002_a",
                                    .step = "a is there",
                                    .sentence = "rows of t have NULL in a. Fill them first.",
                                    .count = 7,
                                    .details = "1, 2"}) ==
          "sark: migration 002_a (a is there): rows of t have NULL in a. Fill them first. Found 7: 1, 2.");
}
