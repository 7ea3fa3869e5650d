// SPDX-License-Identifier: MIT
//
// Every rule of the linter: one migration that breaks it and one, nearly the same, that does not.
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate.hpp>

namespace {

using namespace sark::migrate;  // the words under test
using findings = std::vector<finding>;

sark::schema::definition sample() {
    sark::schema::definition d;
    create_enum("mood", "sad", "happy").apply(d);
    create_table("people", column{.name = "id", .type = "uuid"}, primary_key("id")).apply(d);
    create_table("notes", column{.name = "id", .type = "bigint"},
                 column{.name = "person", .type = "uuid", .nullable = true},
                 column{.name = "text", .type = "varchar(20)"}, column{.name = "n", .type = "integer"},
                 column{.name = "flag", .type = "boolean"}, column{.name = "at", .type = "timestamptz"},
                 column{.name = "mood", .type = "mood"}, primary_key("id"), unique("text", "n").named("uq"),
                 sark::migrate::check("ck_person", "person IS NOT NULL"))
        .apply(d);
    create_index("ix_notes_at", "notes", "at", "n").apply(d);
    return d;
}

template <class... Parts>
findings judge(lint_options const& options, Parts const&... parts) {
    return lint(migration("002_next", after{"001_first"}, "a migration", parts...), sample(), options);
}
template <class... Parts>
findings in(Parts const&... parts) {
    return judge({}, parts...);
}

bool has(findings const& list, std::string_view rule) {
    return std::any_of(list.begin(), list.end(), [&](finding const& f) { return f.rule == rule; });
}

auto const id = column{.name = "id", .type = "uuid"};
constexpr opaque no_matter{"a test"};
constexpr nothing_to_undo nothing{"a test"};

statement ddl(std::string_view sql) { return verbatim(sql, "SELECT 1", no_matter); }
add_column new_column(std::string_view name, std::string_view type, std::string_view fallback = {}) {
    return {"notes", column{.name = name, .type = type, .nullable = true, .fallback = fallback}};
}

/// Collects the verdicts, so that a rule without a program of either kind is noticed.
struct verdicts {
    std::map<std::string_view, int> seen;

    void rule(std::string_view name, findings const& wrong, findings const& right) {
        INFO(name);
        CHECK(has(wrong, name));
        CHECK_FALSE(has(right, name));
        ++seen[name];
    }
};

void locks(verdicts& v) {
    v.rule("index-blocks-writes", in(create_index("ix", "notes", "n")),
           in(create_index("ix", "notes", concurrently, "n")));
    v.rule("index-blocks-writes", in(create_index("ix", "notes", "n")),
           in(create_table("new", id, primary_key("id")), create_index("ix", "new", "id")));
    v.rule("index-drop-blocks", in(drop_index("ix_notes_at", "notes", "at", "n")),
           in(drop_index("ix_notes_at", "notes", concurrently, "at", "n")));
    v.rule("concurrent-not-alone", in(create_index("ix", "notes", concurrently, "n"), comment_on_table{"notes", "all"}),
           in(create_index("ix", "notes", concurrently, "n"), waive("wide-index", "a waiver is no statement")));
    v.rule("required-column-without-default", in(add_column{"notes", {.name = "c", .type = "text"}}),
           in(add_column{"notes", {.name = "c", .type = "text", .fallback = "''"}}));
    v.rule("column-default-rewrites", in(new_column("c", "uuid", "gen_random_uuid()")),
           in(new_column("c", "timestamptz", "now()")));
    v.rule("column-default-rewrites", judge({.server = 100000}, new_column("c", "integer", "1")),
           judge({.server = 110000}, new_column("c", "integer", "1")));
    auto const hyper = sark::migrate::create_hypertable("notes", {"at"});
    auto const drop = sark::migrate::drop_chunks("notes", "2 years");
    auto chunked = sample();
    hyper.apply(chunked);
    v.rule("rows-move", in(hyper),
           lint(migration("002_next", root, sark::migrate::compress_chunks("notes", {"at"}, "30 days")), chunked));
    auto retained = chunked;
    drop.apply(retained);
    v.rule("chunks-are-dropped", lint(migration("002_next", root, drop), chunked),
           lint(migration("002_next", root, sark::migrate::reverse(drop)), retained));
    v.rule("type-change-rewrites", in(alter_column_type("notes", type_change{"n", "integer", "bigint"})),
           in(alter_column_type("notes", type_change{"text", "varchar(20)", "varchar(30)"})));
    auto const uses = used_by(enum_use{.table = "notes", .column = "mood"});
    v.rule("enum-rebuild-rewrites", in(rebuild_enum("mood", labels("sad", "happy"), labels("happy"), uses)),
           in(add_enum_labels("mood", labels("sad", "happy"), labels("calm"), uses)));
    auto const ck = sark::migrate::check("ck", "n > 0");
    v.rule("check-scans", in(add_constraint{"notes", ck}), in(add_constraint{"notes", not_valid(ck)}));
    auto const fk = foreign_key("person").references("people", "id").named("fk");
    v.rule("foreign-key-scans", in(add_constraint{"notes", fk}), in(add_constraint{"notes", not_valid(fk)}));
    auto with_index = sample();
    create_unique_index("ux", "notes", "n").apply(with_index);
    v.rule("key-scans", in(add_constraint{"notes", unique("n")}),
           lint(migration("002_next", root, add_constraint_using_index{"notes", unique("n"), "ux"}), with_index));
    v.rule("not-null-scans", in(set_not_null{"notes", "person"}), in(set_not_null{"notes", "person", "ck_person"}));
    v.rule("not-null-scans", judge({.server = 110000}, set_not_null{"notes", "person", "ck_person"}),
           judge({.server = 120000}, set_not_null{"notes", "person", "ck_person"}));
    auto unchecked = sample();
    add_constraint{"notes", not_valid(ck)}.apply(unchecked);
    v.rule("validated-in-same-migration", in(add_constraint{"notes", not_valid(ck)}, validate_constraint{"notes", ck}),
           lint(migration("002_next", root, validate_constraint{"notes", ck}), unchecked));
    v.rule("tables-locked-together",
           in(set_default{"notes", "n", "1"}, set_default{"people", "id", "gen_random_uuid()"}),
           in(set_default{"notes", "n", "1"}, set_default{"notes", "flag", "true"}));
    v.rule("work-behind-lock", in(set_default{"notes", "n", "1"}, data("UPDATE notes SET n = 1 WHERE n = 2", nothing)),
           in(data("UPDATE notes SET n = 1 WHERE n = 2", nothing), set_default{"notes", "n", "1"}));
    v.rule("missing-lock-timeout", in(set_default{"notes", "n", "1"}),
           in(data("SET LOCAL lock_timeout = '5s'", nothing), set_default{"notes", "n", "1"}));
    create_trigger const trigger{"notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "touch"}};
    create_function const touch{
        {.name = "touch", .arguments = "", .returns = "trigger", .language = "plpgsql", .body = "BEGIN END"}};
    v.rule("trigger-blocks-writes", in(touch, trigger), in(touch));
}

void losses(verdicts& v) {
    auto old = sample();
    create_table("old", id).apply(old);
    v.rule("drop-table", lint(migration("002_next", root, drop_table("old", id)), old),
           in(create_table("new", id), drop_table("new", id)));
    v.rule("drop-column", in(drop_column("notes", {.name = "flag", .type = "boolean"})),
           in(add_column{"notes", {.name = "f", .type = "boolean"}}));
    v.rule("rename-table", in(rename_constraint{"people", primary_key("id"), "pk"}, rename_table{"people", "persons"}),
           in(create_table("new", id), rename_table{"new", "newer"}));
    v.rule("rename-column", in(rename_column{"notes", "flag", "marked"}),
           in(create_table("new", id), rename_column{"new", "id", "key"}));
    v.rule("drop-not-null", in(drop_not_null("notes", "n")), in(drop_default("people", "id", "")));
    v.rule("drop-key", in(drop_constraint("notes", unique("text", "n").named("uq"))),
           in(drop_constraint("notes", sark::migrate::check("ck_person", "person IS NOT NULL"))));
    v.rule("narrowing-type", in(alter_column_type("notes", type_change{"n", "integer", "smallint"})),
           in(alter_column_type("notes", type_change{"n", "integer", "bigint"})));
    auto const to_people = foreign_key("id").references("people", "id");
    v.rule("set-null-on-required", in(create_table("new", id, to_people.on_delete(set_null))),
           in(create_table("new", id, to_people.on_delete(cascade))));
    auto const calm = add_enum_labels("mood", labels("sad", "happy"), labels("calm"), used_by());
    v.rule("enum-label-used-at-once", in(calm, data("UPDATE notes SET mood = 'calm' WHERE n = 1", nothing)),
           in(calm, data("UPDATE notes SET mood = 'calmer' WHERE n = 1", nothing)));
    v.rule("enum-label-used-at-once", in(calm, set_default{"notes", "mood", "'calm'"}),
           in(set_default{"notes", "mood", "'calm'"}, calm));
    v.rule("enum-label-in-transaction", judge({.server = 110000}, calm), judge({.server = 120000}, calm));
    auto const fill = data("UPDATE notes SET n = 1 WHERE n = 2", nothing);
    v.rule("data-beside-ddl", in(fill, set_default{"notes", "n", "1"}), in(fill, create_table("new", id)));
    v.rule("unbatched-change", in(data("UPDATE notes SET n = 1", nothing)), in(fill));
    v.rule("no-way-back", in(data("UPDATE notes SET n = 1 WHERE n = 2", irreversible{"2 is lost"})), in(fill));
    v.rule("down-missing", in(verbatim("CREATE SEQUENCE s", nothing, no_matter)), in(ddl("CREATE SEQUENCE s")));
}

void statements(verdicts& v) {
    v.rule("several-statements", in(data("UPDATE a SET b = 1; UPDATE a SET c = 2", nothing)),
           in(data("UPDATE a SET b = ';' WHERE c = $$;$$; -- done", nothing)));
    v.rule("transaction-control", in(ddl("COMMIT")), in(ddl("COMMENT ON TABLE notes IS 'commit'")));
    v.rule("refuses-transactions", in(ddl("REINDEX INDEX CONCURRENTLY ix")),
           in(ddl("REINDEX INDEX CONCURRENTLY ix").with({.needs_transaction = false})));
    v.rule("concurrent-if-not-exists", in(ddl("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON notes (n)")),
           in(ddl("CREATE INDEX CONCURRENTLY ix ON notes (n)")));
    v.rule("if-exists", in(ddl("DROP VIEW IF EXISTS v")), in(ddl("DROP VIEW v")));
    v.rule("cascade-in-sql", in(ddl("DROP VIEW v CASCADE")), in(ddl("DROP VIEW \"cascade\"")));
    v.rule("truncate", in(ddl("TRUNCATE notes")), in(data("DELETE FROM notes WHERE n = 1", nothing)));
    v.rule("drop-in-sql", in(ddl("ALTER TABLE notes DROP COLUMN n")), in(ddl("ALTER TABLE notes DROP CONSTRAINT n")));
    v.rule("rewrite-in-sql", in(ddl("CLUSTER notes")), in(ddl("ANALYZE notes")));
    v.rule("definer-search-path",
           in(ddl("CREATE FUNCTION f() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'")),
           in(ddl("CREATE FUNCTION f() RETURNS int SECURITY DEFINER SET search_path = public, pg_temp LANGUAGE sql AS "
                  "'SELECT 1'")));
    auto const distinct = ddl("ALTER TABLE notes ADD UNIQUE NULLS NOT DISTINCT (person)");
    v.rule("needs-newer-server", judge({.server = 140000}, distinct), judge({.server = 150000}, distinct));
    v.rule("needs-newer-server", judge({.server = 120000}, new_column("c", "uuid", "gen_random_uuid()")),
           judge({.server = 130000}, new_column("c", "uuid", "gen_random_uuid()")));
    v.rule("opaque-ddl", in(ddl("ALTER TABLE notes SET (fillfactor = 90)")),
           in(verbatim("ALTER TABLE notes SET (fillfactor = 90)", "SELECT 1",
                       changes{[](sark::schema::definition&) {}, [](sark::schema::definition&) {}})));
}

void types(verdicts& v) {
    v.rule("timestamp-without-zone", in(new_column("t", "timestamp")), in(new_column("t", "timestamptz")));
    v.rule("timestamp-without-zone", in(new_column("t", "timestamp(3)")),
           in(new_column("t", "timestamp with time zone")));
    v.rule("integer-key", in(create_table("new", column{.name = "id", .type = "integer"}, primary_key("id"))),
           in(create_table("new", column{.name = "id", .type = "bigint"}, column{.name = "n", .type = "integer"},
                           primary_key("id"))));
    v.rule("serial", in(new_column("s", "bigserial")), in(new_column("s", "bigint GENERATED BY DEFAULT AS IDENTITY")));
    v.rule("json-not-jsonb", in(new_column("j", "json")), in(new_column("j", "jsonb")));
    v.rule("char-type", in(new_column("c", "char(3)")), in(new_column("c", "varchar(3)")));
    v.rule("varchar-limit", in(new_column("c", "varchar(3)")), in(new_column("c", "varchar")));
    v.rule("float-money", in(new_column("total_cost", "double precision")),
           in(new_column("costume", "double precision")));
    v.rule("money-type", in(new_column("c", "money")), in(new_column("c", "numeric(20,8)")));
    v.rule("frozen-default", in(new_column("c", "timestamptz", "'now'")), in(new_column("c", "timestamptz", "now()")));
    v.rule("nullable-boolean", in(new_column("c", "boolean")),
           in(add_column{"notes", {.name = "c", .type = "boolean", .fallback = "false"}}));
    v.rule("ordinal-as-text", in(new_column("max_severity", "text")), in(new_column("max_severity", "mood")));
}

void keys(verdicts& v) {
    column const wide{.name = "a_column_whose_name_is_long_enough_to_be_cut", .type = "uuid"};
    auto const key = unique("a_column_whose_name_is_long_enough_to_be_cut");
    v.rule("name-too-long", in(create_table("a_table_with_a_long_name", wide, key)),
           in(create_table("a_table_with_a_long_name", wide, key.named("uq_short"))));
    v.rule("reserved-name", in(new_column("order", "text")), in(new_column("orders", "text")));
    v.rule("mixed-case-name", in(new_column("firstName", "text")), in(new_column("first_name", "text")));
    v.rule("missing-primary-key", in(create_table("new", id)), in(create_table("new", id, primary_key("id"))));
    v.rule("foreign-key-target-not-unique",
           in(create_table("new", id, foreign_key("id").references("notes", "person"))),
           in(create_table("new", id, foreign_key("id").references("people", "id"))));
    v.rule("foreign-key-type-differs", in(create_table("new", id, foreign_key("id").references("notes", "id"))),
           in(create_table("new", id, foreign_key("id").references("people", "id"))));
    v.rule("unknown-column", in(create_table("new", id, primary_key("key"))),
           in(create_table("new", id, primary_key("id"))));
    v.rule("unknown-column", in(create_index("ix", "notes", "m")), in(create_index("ix", "notes", "n")));
    auto const hyper = when_extension("timescaledb", data("SELECT create_hypertable('costs', 'at')", nothing));
    column const at{.name = "at", .type = "timestamptz"};
    v.rule("hypertable-key", in(create_table("costs", id, at, primary_key("id")), hyper),
           in(create_table("costs", id, at, primary_key("at", "id")), hyper));
}

void indexes(verdicts& v) {
    auto const to_people = foreign_key("id").references("people", "id");
    column const other{.name = "other", .type = "uuid"};
    v.rule("missing-foreign-key-index", in(create_table("new", id, other, to_people, primary_key("other"))),
           in(create_table("new", id, other, to_people, primary_key("id", "other"))));
    v.rule("duplicate-index", in(create_index("ix", "notes", "id")),
           in(create_index("ix", "notes", "id", where{"n > 1"})));
    v.rule("duplicate-index", in(create_index("ix", "notes", "at", "n")), in(create_index("ix", "notes", "n", "at")));
    v.rule("redundant-index", in(create_index("ix", "notes", "at")), in(create_index("ix", "notes", descending("at"))));
    v.rule("redundant-index", in(create_index("ix", "notes", "text")), in(create_unique_index("ix", "notes", "text")));
    v.rule("boolean-index", in(create_index("ix", "notes", "flag")), in(create_index("ix", "notes", "flag", "n")));
    v.rule("constant-index-key", in(create_index("ix", "notes", "flag", where{"flag = true"})),
           in(create_index("ix", "notes", "n", where{"flag = true"})));
    v.rule("wide-index", in(create_index("ix", "notes", "n", "text", "flag", "at")),
           in(create_unique_index("ix", "notes", "n", "text", "flag", "at")));
    auto const view = create_materialized_view("mv", "SELECT n, (\"at\" AT TIME ZONE 'UTC')::date AS day FROM notes");
    v.rule("view-without-unique-index", in(view, create_index("ux", "mv", "n")),
           in(view, create_unique_index("ux", "mv", "n", "day")));
    v.rule("zone-dependent-day", in(create_view("v", "SELECT \"at\"::date FROM notes")), in(view));
}

void waivers(verdicts& v) {
    auto const wide = create_index("ix", "notes", "n", "text", "flag", "at");
    v.rule("unknown-waiver", in(wide, waive("wide-indices", "a test")), in(wide, waive("wide-index", "a test")));
    v.rule("unused-waiver", in(wide, waive("drop-table", "a test")), in(wide, waive("wide-index", "a test")));
    v.rule("wide-index", in(wide), in(step("a step", wide, waive("wide-index", "a test"))));
    auto const waived = waive("wide-index", "a test").until("2027-01-31");
    v.rule("expired-waiver", judge({.today = "2027-02-01"}, wide, waived),
           judge({.today = "2027-01-31"}, wide, waived));
    CHECK_FALSE(has(in(wide, waived), "expired-waiver"));
    CHECK_THROWS(waive("wide-index", "a test").until("31.01.2027"));
    CHECK_THROWS(waive("wide-index", " "));
}

namespace chains {
constexpr auto ck = sark::migrate::check("ck", "n > 0");
inline constexpr auto v001 = migration("001_first", root,
                                       create_table("t", column{.name = "n", .type = "bigint"}, primary_key("n")));
inline constexpr auto v002 = migration("002_check", after{"001_first"}, add_constraint{"t", not_valid(ck)});
inline constexpr auto v003 = migration("003_valid", after{"002_check"}, validate_constraint{"t", ck});
}  // namespace chains

}  // namespace

TEST_CASE("every rule finds what breaks it, and nothing in what nearly does", "[migrate][lint]") {
    verdicts v;
    locks(v);
    losses(v);
    statements(v);
    types(v);
    keys(v);
    indexes(v);
    waivers(v);
    v.rule("never-validated", lint(chain<chains::v001, chains::v002>),
           lint(chain<chains::v001, chains::v002, chains::v003>));
    for (rule const& r : rules) {
        INFO(r.id);
        CHECK(v.seen.count(r.id) == 1);
    }
    CHECK(v.seen.size() == rules.size());
}

TEST_CASE("a finding names migration, table and object, and says what to do", "[migrate][lint]") {
    findings const found = in(create_index("ix", "notes", "n"));
    auto const first = std::find_if(found.begin(), found.end(),
                                    [](auto const& f) { return f.rule == "index-blocks-writes"; });
    REQUIRE(first != found.end());
    CHECK(first->severity == severity::error);
    CHECK(first->table == "notes");
    CHECK(first->object == "ix");
    CHECK(text_of(*first) ==
          "sark: migration 002_next, notes.ix: the index is built while every writer of the table waits. Build it with "
          "create_index(..., concurrently, ...) in a migration of its own. (index-blocks-writes)");
}
