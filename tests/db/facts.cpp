// SPDX-License-Identifier: MIT
//
// What an operation says it costs is compared with what the server does: each direction of each kind of operation runs
// in a transaction of its own on tables with rows; then the same backend's locks, the table's file and its scans are
// read before the commit.
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include <sark/migrate.hpp>
#include <sark/sql/text.hpp>

namespace {

namespace m = sark::migrate;

constexpr std::string_view tables = R"(
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE people (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
CREATE TABLE notes (id bigint NOT NULL, person uuid, text varchar(20) NOT NULL DEFAULT 'x', n integer NOT NULL DEFAULT 1,
                    amount numeric(10,2) NOT NULL DEFAULT 0, mood mood NOT NULL DEFAULT 'sad',
                    CONSTRAINT notes_pkey PRIMARY KEY (id), CONSTRAINT ck_named CHECK (n > 0));
CREATE TABLE bare (id bigint NOT NULL);
CREATE UNIQUE INDEX ux_bare ON bare (id);
INSERT INTO people SELECT FROM generate_series(1, 10);
INSERT INTO notes (id) SELECT generate_series(1, 1000);
INSERT INTO bare SELECT generate_series(1, 1000);
UPDATE notes SET person = (SELECT id FROM people LIMIT 1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
)";

/// Is what one direction did to the relation that its facts name.
struct seen {
    m::lock_level lock = m::lock_level::none;
    bool rewrites = false;
    bool scans = false;
    bool operator==(seen const&) const = default;
};

std::string cell(sark::session& db, std::string const& sql) { return db.query_text(sql).at(0).at(0).value_or(""); }

m::lock_level level_of(std::string_view mode) {
    using m::lock_level;
    if (mode == "AccessExclusiveLock") return lock_level::access_exclusive;
    if (mode == "ShareRowExclusiveLock") return lock_level::share_row_exclusive;
    if (mode == "ShareLock") return lock_level::share;
    if (mode == "ShareUpdateExclusiveLock") return lock_level::share_update_exclusive;
    if (mode == "RowExclusiveLock") return lock_level::row_exclusive;
    return lock_level::none;  // AccessShareLock and RowShareLock stop no writer
}

/// Gives the object number of a relation, or 0.
std::string number_of(sark::session& db, std::string_view relation) {
    return cell(db, "SELECT coalesce(to_regclass('\"" + std::string{relation} + "\"')::oid, 0)::text");
}

std::string file_of(sark::session& db, std::string const& number) {
    return cell(db, "SELECT pg_relation_filenode(" + number + "::oid)::text");
}

/// Gives the strongest lock a backend holds on one relation, or on any table of ours when there is none (`0`).
m::lock_level lock_on(sark::session& db, std::string const& number, std::string const& backend) {
    auto strongest = m::lock_level::none;
    for (auto const& row : db.query_text(
             "SELECT mode FROM pg_locks LEFT JOIN pg_class ON pg_class.oid = relation WHERE locktype = 'relation' AND "
             "granted AND pid = " +
             backend + " AND (relation = " + number + "::oid OR (" + number +
             " = 0 AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm', 'v')))"))
        strongest = std::max(strongest, level_of(row.at(0).value_or("")));
    return strongest;
}

long scans_of(sark::session& db, std::string const& number) {
    return std::stol(cell(
        db, "SELECT coalesce(sum(seq_scan), 0)::text FROM pg_stat_xact_user_tables WHERE relid = " + number + "::oid"));
}

/// Runs the statements of one direction in a transaction and tells what they did.
template <class Put>
seen run(sark::connection& db, m::facts const& stated, std::size_t count, Put const& put) {
    return db.transaction([&](sark::transaction& tx) {
        std::string const before = number_of(tx, stated.relation);
        std::string const file = file_of(tx, before);
        long const scans = scans_of(tx, before);  // the server keeps what it has not reported yet
        for (std::size_t i = 0; i < count; ++i) tx.execute(sark::sql::render([&](sark::sql::writer& w) { put(w, i); }));
        std::string const number = before == "0" ? number_of(tx, stated.relation) : before;
        std::string const now = file_of(tx, number);
        return seen{.lock = lock_on(tx, number, "pg_backend_pid()"),
                    .rewrites = !file.empty() && !now.empty() && now != file,
                    .scans = before != "0" && scans_of(tx, number) > scans};
    });
}

seen claimed(m::facts const& stated) { return {stated.lock, stated.rewrites, stated.scans}; }

/// Checks both directions of one operation.
template <m::operation Op>
void check_facts(std::string_view name, Op const& op, std::string_view setup = {}) {
    sark::test::database const database;
    database.execute(std::string{tables} + std::string{setup});
    sark::connection db{database.url()};
    INFO(name);
    auto const report = [](seen const& s) {
        return std::string{m::text_of(s.lock)} + (s.rewrites ? " rewrites" : "") + (s.scans ? " scans" : "");
    };
    seen const up = run(db, op.up_facts(), m::up_count(op), [&](auto& w, std::size_t i) { m::put_up(w, op, i); });
    CHECK(report(up) == report(claimed(op.up_facts())));
    if (m::down_count(op) == 0) return;
    INFO("down");
    seen const down = run(db, op.down_facts(), m::down_count(op),
                          [&](auto& w, std::size_t i) { m::put_down(w, op, i); });
    CHECK(report(down) == report(claimed(op.down_facts())));
}

}  // namespace

TEST_CASE("the facts of tables, columns and constraints are what the server does", "[migrate][lint][facts][db]") {
    check_facts("create_table", m::create_table("t", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")));
    check_facts("rename_table", m::rename_table{"bare", "naked"});
    check_facts("add_column", m::add_column{"notes", m::column{.name = "c", .type = "text", .nullable = true}});
    check_facts("add_column constant",
                m::add_column{"notes", m::column{.name = "c", .type = "text", .fallback = "'a'"}});
    check_facts("add_column now",
                m::add_column{"notes", m::column{.name = "c", .type = "timestamptz", .fallback = "now()"}});
    check_facts("add_column volatile",
                m::add_column{"notes", m::column{.name = "c", .type = "uuid", .fallback = "gen_random_uuid()"}});
    check_facts("add_column serial", m::add_column{"notes", m::column{.name = "c", .type = "bigserial"}});
    check_facts("add_column identity",
                m::add_column{"notes", m::column{.name = "c", .type = "bigint GENERATED ALWAYS AS IDENTITY"}});
    check_facts(
        "add_column generated",
        m::add_column{"notes",
                      m::column{.name = "c", .type = "bigint GENERATED ALWAYS AS (n + 1) STORED", .nullable = true}});
    check_facts("rename_column", m::rename_column{"notes", "text", "words"});
    struct {
        std::string_view column, from, to;
    } const pairs[] = {{"text", "varchar(20)", "varchar(30)"},       {"text", "varchar(20)", "text"},
                       {"text", "varchar(20)", "varchar(9)"},        {"n", "integer", "bigint"},
                       {"amount", "numeric(10,2)", "numeric(12,2)"}, {"amount", "numeric(10,2)", "numeric"},
                       {"amount", "numeric(10,2)", "numeric(20,8)"}};
    for (auto const& [column, from, to] : pairs)
        check_facts(std::string{from} + " to " + std::string{to},
                    m::alter_column_type("notes", m::type_change{.column = column, .from = from, .to = to}));
    check_facts("set_not_null", m::set_not_null{"notes", "person"});
    check_facts("set_not_null proven", m::set_not_null{"notes", "person", "ck_person"},
                "ALTER TABLE notes ADD CONSTRAINT ck_person CHECK (person IS NOT NULL)");
    check_facts("set_default", m::set_default{"notes", "n", "2", "1"});
    auto const to_people = m::foreign_key("person").references("people", "id").named("fk");
    check_facts("add_constraint foreign key", m::add_constraint{"notes", to_people});
    check_facts("add_constraint foreign key, not valid", m::add_constraint{"notes", m::not_valid(to_people)});
    check_facts("add_constraint check", m::add_constraint{"notes", m::check("ck", "n > 0")});
    check_facts("add_constraint check, not valid", m::add_constraint{"notes", m::not_valid(m::check("ck", "n > 0"))});
    check_facts("add_constraint unique", m::add_constraint{"notes", m::unique("id", "text")});
    check_facts("add_constraint primary key", m::add_constraint{"bare", m::primary_key("id")});
    check_facts("validate_constraint check", m::validate_constraint{"notes", m::check("ck", "n > 0")},
                "ALTER TABLE notes ADD CONSTRAINT ck CHECK (n > 0) NOT VALID");
    check_facts("validate_constraint foreign key", m::validate_constraint{"notes", to_people},
                "ALTER TABLE notes ADD CONSTRAINT fk FOREIGN KEY (person) REFERENCES people (id) NOT VALID");
    check_facts("add_constraint_using_index", m::add_constraint_using_index{"bare", m::unique("id"), "ux_bare"});
    check_facts("rename_constraint", m::rename_constraint{"notes", m::check("ck_named", "n > 0"), "ck_other"});
}

TEST_CASE("the facts of indexes, types, views, triggers and statements are what the server does",
          "[migrate][lint][facts][db]") {
    check_facts("create_index", m::create_index("ix", "notes", "text"));
    check_facts("create_unique_index", m::create_unique_index("ix", "notes", "id", "text"));
    check_facts("create_enum", m::create_enum("size", "small"));
    auto const uses = m::used_by(m::enum_use{.table = "notes", .column = "mood", .fallback = "'sad'"});
    check_facts("add_enum_labels", m::add_enum_labels("mood", m::labels("sad", "happy"), m::labels("calm"), uses));
    check_facts("rebuild_enum",
                m::rebuild_enum("mood", m::labels("sad", "happy"), m::labels("sad", "calm", "happy"), uses));
    check_facts("comment_on_table", m::comment_on_table{"notes", "all of them"});
    check_facts("comment_on_column", m::comment_on_column{"notes", "n", "a number"});
    check_facts("create_view", m::create_view("v", "SELECT id FROM notes"));
    check_facts("create_materialized_view", m::create_materialized_view("v", "SELECT id FROM notes"));
    check_facts("create_function",
                m::create_function{
                    {.name = "f", .arguments = "", .returns = "integer", .language = "sql", .body = "SELECT 1"}});
    check_facts("create_trigger",
                m::create_trigger{"notes", {.name = "tg", .event = "BEFORE UPDATE", .function = "touch"}});
    check_facts(
        "require_no_rows",
        m::require_no_rows{
            .table = "notes", .key = "id", .up_rows = "n < 0", .down_rows = "n < 0", .complaint = "are negative"});
    check_facts("data", m::data("UPDATE notes SET n = 2 WHERE id < 3", "UPDATE notes SET n = 1 WHERE id < 3"));
    check_facts("verbatim", m::verbatim("ALTER TABLE notes SET (fillfactor = 90)",
                                        "ALTER TABLE notes RESET (fillfactor)", m::opaque{"storage option"})
                                .with({.relation = "notes", .lock = m::lock_level::share_update_exclusive}));
    check_facts("when_extension", m::when_extension("plpgsql", m::create_index("ix", "notes", "text")));
}

TEST_CASE("a concurrent index is refused in a transaction and lets others write", "[migrate][lint][facts][db]") {
    sark::test::database const database;
    database.execute(std::string{tables});
    sark::connection builder{database.url()};
    sark::connection writer{database.url()};
    sark::connection watcher{database.url()};
    std::string const backend = cell(builder, "SELECT pg_backend_pid()::text");
    std::string const notes = number_of(watcher, "notes");
    auto const op = m::create_index("ix", "notes", m::concurrently, "text");

    auto const check_direction = [&](m::facts const& stated, std::string const& sql) {
        INFO(sql);
        CHECK_FALSE(stated.needs_transaction);
        CHECK_THROWS_WITH(builder.transaction([&](sark::transaction& tx) { tx.execute(sql); }),
                          ContainsSubstring("25001"));
        // An open transaction of a writer makes the build wait, so that its lock can be seen.
        auto seen_lock = m::lock_level::none;
        std::thread building;
        writer.transaction([&](sark::transaction& tx) {
            tx.execute("UPDATE notes SET n = n + 1 WHERE id = 1");
            building = std::thread{[&] { builder.execute(sql); }};
            for (int i = 0; i < 500 && seen_lock == m::lock_level::none; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
                seen_lock = lock_on(watcher, notes, backend);
            }
            tx.execute("UPDATE notes SET n = n + 1 WHERE id = 2");  // is not stopped by the build
        });
        building.join();
        CHECK(m::text_of(seen_lock) == m::text_of(stated.lock));
    };
    check_direction(op.up_facts(), sark::sql::render([&](auto& w) { op.up(w); }));
    CHECK(cell(watcher, "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'ix'::regclass") == "true");
    check_direction(op.down_facts(), sark::sql::render([&](auto& w) { op.down(w); }));
    CHECK(number_of(watcher, "ix") == "0");
}
