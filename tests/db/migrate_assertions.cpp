// SPDX-License-Identifier: MIT
//
// Whether pre-flight assertions are true: where one finds rows, the operation fails there; where none does, it runs.
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/operation_texts.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <sark/migrate.hpp>

namespace {

using namespace sark::migrate;  // the words under test
using sark::test::downs, sark::test::ups;

constexpr auto mood = create_enum("mood", "calm", "angry");
constexpr auto people = create_table(
    "people", column{.name = "id", .type = "bigint"}, column{.name = "email", .type = "text", .nullable = true},
    column{.name = "age", .type = "integer", .nullable = true},
    column{.name = "cost", .type = "numeric(12,6)", .nullable = true},
    column{.name = "mood", .type = "mood", .nullable = true}, column{.name = "word", .type = "text", .nullable = true},
    primary_key("id"), unique("word").named("people_word"));
constexpr auto notes = create_table(
    "notes", column{.name = "id", .type = "bigint"}, column{.name = "part", .type = "text"},
    column{.name = "person", .type = "bigint", .nullable = true}, primary_key("part", "id"));
constexpr auto heap = create_table("heap", column{.name = "a", .type = "integer", .nullable = true});

struct undo {};

/// Is one database with three tables, in which every case is rolled back.
struct world {
    sark::test::database database;
    sark::connection db{database.url()};
    sark::schema::definition before;

    world() {
        auto const make = [&](auto const& op) {
            for (std::string const& sql : ups(op)) db.execute(sql);
            op.apply(before);
        };
        make(mood);
        make(people);
        make(notes);
        make(heap);
    }

    struct result {
        std::vector<assertion_finding> found;
        bool failed = false;

        [[nodiscard]] std::string only() const {
            if (found.size() != 1) return std::to_string(found.size()) + " findings";
            assertion_finding const& f = found.front();
            return std::string{text_of(f.severity)} + " " + std::to_string(f.count) +
                   (f.details.empty() ? "" : ": " + f.details);
        }
    };

    /// Fills the tables, asks, and runs the operation.
    template <operation Op>
    result run(std::string const& rows, Op const& op, bool up = true) {
        result r;
        try {
            db.transaction([&](sark::transaction& tx) {
                if (!rows.empty()) tx.execute("DO $rows$ BEGIN " + rows + "; END $rows$");
                detail::rendered_assertions const rendered{[&](detail::assertion_sink& sink) {
                    detail::preflight_scene scene{sink, before};
                    expect(scene, op, up);
                }};
                detail::asker asks{tx};
                for (assertion_view const& a : rendered.views()) asks.ask(a, "m", r.found);
                try {
                    tx.nested([&](sark::transaction& inner) {
                        for (std::string const& sql : up ? ups(op) : downs(op)) inner.execute(sql);
                    });
                } catch (sark::error const&) { r.failed = true; }
                throw undo{};
            });
        } catch (undo const&) {}
        return r;
    }

    /// Checks that the assertion is true both ways: it finds what it should and the operation fails; it finds nothing
    /// on other rows and the operation runs.
    template <operation Op>
    void check(std::string const& what, std::string const& bad, std::string const& good, Op const& op, bool up = true) {
        result const refused = run(bad, op, up);
        INFO(bad);
        CHECK(refused.only() == "error " + what);
        CHECK(refused.failed);
        result const accepted = run(good, op, up);
        INFO(good << (accepted.found.empty() ? "" : text_of(accepted.found.front())));
        CHECK(accepted.found.empty());
        CHECK_FALSE(accepted.failed);
    }

    /// Checks that the operation runs and loses something.
    template <operation Op>
    void warns(std::string const& what, std::string const& rows, Op const& op, bool up = true) {
        result const r = run(rows, op, up);
        CHECK(r.only() == "warning " + what);
        CHECK_FALSE(r.failed);
    }
};

}  // namespace

TEST_CASE("an operation fails exactly where its assertion finds rows", "[migrate][assertions][db]") {
    world w;
    std::string const nine = "INSERT INTO people (id, email) SELECT i, NULLIF(i, 9)::text FROM generate_series(1, 9) i";
    w.check("1: 9", nine, "INSERT INTO people (id, email) VALUES (1, 'a')", set_not_null{"people", "email"});
    w.check("7: 1, 2, 3, 4, 5", "INSERT INTO people (id) SELECT i FROM generate_series(1, 7) i", "",
            set_not_null{"people", "email"});

    auto const grown = add_constraint{"people", sark::migrate::check("ck_age", "age >= 18")};
    w.check("2: 1, 3", "INSERT INTO people (id, age) VALUES (1, 17), (2, 18), (3, -1), (4, NULL)",
            "INSERT INTO people (id, age) VALUES (1, 18), (2, NULL)", grown);
    w.check("2: 3, 4",
            "INSERT INTO people (id, email) VALUES (1, 'a'), (2, 'b'), (3, 'a'), (4, 'b'), (5, NULL), (6, NULL)",
            "INSERT INTO people (id, email) VALUES (1, 'a'), (2, NULL), (3, NULL)",
            add_constraint{"people", unique("email")});
    w.check("1: (0,2)", "TRUNCATE heap; INSERT INTO heap VALUES (1), (1)", "INSERT INTO heap VALUES (1), (2)",
            add_constraint{"heap", primary_key("a")});
    w.check("1: (0,1)", "TRUNCATE heap; INSERT INTO heap VALUES (NULL), (1)", "",
            add_constraint{"heap", primary_key("a")});

    auto const author = foreign_key("person").references("people", "id");
    std::string const orphans =
        "INSERT INTO people (id) VALUES (1); INSERT INTO notes VALUES (1, 'x', 1), (2, 'x', 2), (3, 'y', NULL)";
    std::string const children =
        "INSERT INTO people (id) VALUES (1); INSERT INTO notes VALUES (1, 'x', 1), (3, 'y', NULL)";
    w.check("1: x/2", orphans, children, add_constraint{"notes", author});
    auto const unchecked = add_constraint{"notes", not_valid(author.named("fk_person"))};
    w.db.execute(ups(unchecked).front());
    unchecked.apply(w.before);
    std::string const late = "ALTER TABLE notes DISABLE TRIGGER ALL; " + orphans;
    w.check("1: x/2", late, children, validate_constraint{"notes", author.named("fk_person")});
    w.db.execute(downs(unchecked).front());
    unchecked.revert(w.before);

    w.check("1: 2", "INSERT INTO people (id, email, age) VALUES (1, 'A', 1), (2, 'a', 2), (3, 'a', NULL)",
            "INSERT INTO people (id, email, age) VALUES (1, 'A', 1), (2, 'a', NULL)",
            create_unique_index("ux", "people", expression("lower(email)"), where{"age IS NOT NULL"}));
}

TEST_CASE("a type changes exactly where its assertion finds no value that does not fit", "[migrate][assertions][db]") {
    world w;
    auto const to = [](std::string_view column, std::string_view from, std::string_view type,
                       std::string_view conversion = {}) {
        return alter_column_type("people",
                                 type_change{.column = column, .from = from, .to = type, .using_up = conversion});
    };
    // Blanks at the end are cut off silently.
    w.check("1: 2", "INSERT INTO people (id, email) VALUES (1, 'abc  '), (2, 'abcd')",
            "INSERT INTO people (id, email) VALUES (1, 'abc  '), (2, NULL)", to("email", "text", "varchar(3)"));
    w.check("1: 2", "INSERT INTO people (id, email) VALUES (1, 'abc'), (2, 'abcd')",
            "INSERT INTO people (id, email) VALUES (1, 'abc')",
            to("email", "text", "varchar(4)", "email || right(email, (length(email) = 4)::integer)"));
    w.check("2: 1, 3", "INSERT INTO people (id, age) VALUES (1, 32768), (2, -32768), (3, -32769)",
            "INSERT INTO people (id, age) VALUES (1, 32767), (2, -32768), (3, NULL)", to("age", "integer", "smallint"));
    w.check("1: 2", "INSERT INTO people (id, cost) VALUES (1, 'NaN'), (2, 100)",
            "INSERT INTO people (id, cost) VALUES (1, 'NaN'), (2, 99)", to("cost", "numeric(12,6)", "numeric(4,2)"));
    w.warns("1: 2", "INSERT INTO people (id, cost) VALUES (1, 99.990000), (2, 1.005)",
            to("cost", "numeric(12,6)", "numeric(4,2)"));
    w.check("1: 2", "INSERT INTO people (id, age) VALUES (1, 99), (2, 100)",
            "INSERT INTO people (id, age) VALUES (1, 99)", to("age", "integer", "numeric(3,1)"));
    w.check("1: 2", "INSERT INTO people (id, word) VALUES (1, 'calm'), (2, 'glad')",
            "INSERT INTO people (id, word) VALUES (1, 'calm'), (2, NULL)", to("word", "text", "mood", "word::mood"));
    // What the server cannot convert, it cannot answer either.
    auto const refused = w.run(
        "INSERT INTO people (id, word) VALUES (1, 'x')",
        alter_column_type("notes",
                          type_change{.column = "part", .from = "text", .to = "integer", .using_up = "part::integer"}));
    CHECK(refused.found.empty());
    auto const broken = w.run(
        "INSERT INTO notes VALUES (1, 'secret', 1)",
        alter_column_type("notes",
                          type_change{.column = "part", .from = "text", .to = "integer", .using_up = "part::integer"}));
    CHECK(broken.failed);
    CHECK(broken.only() == "error 1: A value does not fit (22P02). See server_message().");
}

TEST_CASE("an enum is rebuilt exactly where no row uses a label that goes", "[migrate][assertions][db]") {
    world w;
    auto const used = used_by(enum_use{.table = "people", .column = "mood"});
    w.check("1: 2", "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, 'angry')",
            "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, NULL)",
            rebuild_enum("mood", labels("calm", "angry"), labels("calm"), used));
    w.check("1: people.mood", "", "EXECUTE 'ALTER TABLE people DROP COLUMN mood'",
            rebuild_enum("mood", labels("calm", "angry"), labels("calm"), used_by()));
    w.check("1: glad", "EXECUTE 'ALTER TYPE mood ADD VALUE ''glad'''", "",
            add_enum_labels("mood", labels("calm", "angry"), labels("glad"), used));
    auto const added = add_enum_labels("mood", labels("calm"), labels("angry"), used);
    w.check("1: 2", "INSERT INTO people (id, mood) VALUES (1, 'calm'), (2, 'angry')", "", added, false);
}

TEST_CASE("rows stop what needs none, and what goes with a table or column is counted", "[migrate][assertions][db]") {
    world w;
    std::string const two = "INSERT INTO people (id, email) VALUES (1, 'a'), (2, NULL)";
    w.check("2: 1, 2", two, "", add_column{"people", column{.name = "new", .type = "text"}});
    w.check(
        "1: 1", two, "",
        require_no_rows{.table = "people", .key = "id", .up_rows = "email = 'a'", .complaint = "have the address a"});
    w.warns("1", two, drop_column("people", column{.name = "email", .type = "text", .nullable = true}));
    w.warns("2", two, people, false);
    CHECK(w.run("", people, false).found.empty());
}

TEST_CASE("what is in the way and what is missing is found in the catalog", "[migrate][assertions][db]") {
    world w;
    auto const now = [](std::string const& sql) { return "EXECUTE '" + sql + "'"; };
    auto const other = create_table("other", column{.name = "id", .type = "bigint"});
    w.check("1", now("CREATE VIEW other AS SELECT 1"), "", other);
    w.check("1", now("CREATE TYPE other AS (a integer)"), "", create_enum("other", "a"));
    w.check("1", now("ALTER TABLE people ADD x text"), "",
            add_column{"people", column{.name = "x", .type = "text", .nullable = true}});
    w.check("1", now("CREATE INDEX ix ON notes (id)"), "", create_index("ix", "people", "email"));
    w.check("1", now("ALTER TABLE people ADD CONSTRAINT ck CHECK (true)"), "",
            add_constraint{"people", sark::migrate::check("ck", "age > 0")});
    w.check("1", now("ALTER TABLE heap ADD CONSTRAINT k PRIMARY KEY (a)"), "",
            add_constraint{"heap", primary_key("a")});
    w.check("1", now("CREATE TABLE taken ()"), "", rename_table{"heap", "taken"});
    w.check("1", now("ALTER TABLE heap RENAME TO lost"), "", rename_table{"heap", "taken"});
    w.check("1", now("ALTER TABLE heap RENAME TO lost"), "", heap, false);
    w.check("1", now("ALTER TABLE heap RENAME a TO lost"), "", set_default{"heap", "a", "1"});
    w.check("1", now("ALTER TABLE heap RENAME a TO lost"), "", rename_column{"heap", "a", "b"});
    w.check("1", now("ALTER TABLE heap RENAME a TO lost"), "", comment_on_column{"heap", "a", "x"});
    w.check("1", now("ALTER TABLE heap RENAME TO lost"), "", comment_on_table{"heap", "x"});
    w.check("1", now("ALTER TABLE people DROP CONSTRAINT people_word"), "",
            rename_constraint{"people", unique("word").named("people_word"), "w"});
    w.check("1", now("ALTER TABLE people DROP CONSTRAINT people_word"), "",
            drop_constraint("people", unique("word").named("people_word")));
    w.check("1", now("CREATE VIEW v AS SELECT 1"), "", create_view("v", "SELECT 2"));
    create_index("ix_email", "people", "email").apply(w.before);
    w.db.execute("CREATE INDEX ix_email ON people (email)");
    w.check("1", now("DROP INDEX ix_email"), "", drop_index("ix_email", "people", "email"));
    auto const f = create_function{
        {.name = "f", .returns = "trigger", .language = "plpgsql", .body = "BEGIN RETURN NEW; END"}};
    w.check("1", "EXECUTE 'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS ''SELECT 1'''", "", f);
    w.db.execute(ups(f).front());
    f.apply(w.before);
    auto const t = create_trigger{"heap", {.name = "t", .event = "BEFORE UPDATE", .function = "f"}};
    w.check("1", now("CREATE TRIGGER t BEFORE INSERT ON heap FOR EACH ROW EXECUTE FUNCTION f()"), "", t);
    w.check("1", now("DROP FUNCTION f()"), "", t);
    w.check("1", now("DROP FUNCTION f()"), "", f, false);
    // A key takes over an index that can be one.
    auto const key = add_constraint_using_index{"people", unique("email").named("people_email"), "ux_email"};
    create_unique_index("ux_email", "people", "email").apply(w.before);
    w.check("1", now("CREATE INDEX ux_email ON people (email)"), now("CREATE UNIQUE INDEX ux_email ON people (email)"),
            key);
}

TEST_CASE("names with quotes are asked for as they are", "[migrate][assertions][db]") {
    world w;
    sark::schema::definition const before = w.before;
    auto const make = [&](auto const& op) {
        for (std::string const& sql : ups(op)) w.db.execute(sql);
        op.apply(w.before);
    };
    make(create_enum("mo\"od's", "it's", "\"so\""));
    make(create_table("od\"d's", column{.name = "a'b\"c", .type = "text", .nullable = true, .comment = ""},
                      column{.name = "m", .type = "\"mo\"\"od's\"", .nullable = true}, unique("a'b\"c")));
    make(create_index("i\"x's", "od\"d's", "a'b\"c"));
    detail::rendered_assertions const after{
        [&](detail::assertion_sink& sink) { write_postconditions(sink, &before, w.before, detail::promises{}); }};
    std::vector<assertion_finding> found;
    w.db.transaction([&](sark::transaction& tx) {
        detail::asker asks{tx};
        for (assertion_view const& a : after.views()) asks.ask(a, "m", found);
    });
    CHECK(after.views().size() == 4);
    CHECK((found.empty() ? "" : text_of(found.front())) == "");

    std::string const rows = R"(TRUNCATE "od""d's"; INSERT INTO "od""d's" VALUES ('x'), (NULL))";
    w.check("1: (0,2)", rows, "", set_not_null{"od\"d's", "a'b\"c"});
    w.check("1", R"(EXECUTE $sql$DROP INDEX "i""x's"$sql$)", "", drop_index("i\"x's", "od\"d's", "a'b\"c"));
    w.check("1", R"(EXECUTE $sql$DROP TABLE "od""d's"$sql$)", "", drop_constraint("od\"d's", unique("a'b\"c")));
}
