// SPDX-License-Identifier: MIT
//
// The manners of the command line: exit codes, streams, files, questions.
#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/jsonb/document.hpp>

using sark::test::content_of;
using sark::test::said;
using sark::test::scratch_folder;
using sark::test::shell;

namespace {

/// Gives a member of an object as text; fails the test when there is none.
std::string member(sark::json_tree const& object, char const* name) {
    sark::json_tree const* const found = object.find(name);
    REQUIRE(found != nullptr);
    return found->text();
}

}  // namespace

TEST_CASE("a command line that makes no sense is exit code 3, one sentence and a hint, and nothing on stdout",
          "[cli]") {
    auto const [line, words] = GENERATE(
        table<std::string, std::string>({{"sark", "subcommand"},
                                         {"sark nonsense", "nonsense"},
                                         {"sark migrate", "subcommand"},
                                         {"sark migrate nonsense", "no command migrate nonsense"},
                                         {"sark migrate plan --nonsense", "--nonsense"},
                                         {"sark migrate downgrade", "REV"},
                                         {"sark migrate status --format sarif", "sarif"},
                                         {"sark migrate status --output x.sarif", "x.sarif"},
                                         {"sark migrate lint --fail-on fatal", "fatal"},
                                         {"sark migrate upgrade --lock-timeout soon", "soon"},
                                         {"sark migrate sql 001_initial", "FROM:TO"},
                                         {"sark migrate sql base:099_none", "099_none"},
                                         {"sark schema ddl --at 099_none", "099_none"},
                                         {"sark schema ddl --profile oracle", "oracle"},
                                         {"sark completion csh", "csh"},
                                         {"sark validate --full --quick", "--full"},
                                         {"sark validate --statement-timeout 0", "0"}}));
    INFO(line);
    said const it = shell(line);
    CHECK(it.code == 3);
    CHECK(it.out.empty());
    CHECK_THAT(it.err, ContainsSubstring(words));
    CHECK_THAT(it.err, !ContainsSubstring("sark: sark:"));
}

TEST_CASE("a database that cannot be reached is exit code 2 and one sentence without the password", "[cli]") {
    auto const url = GENERATE("postgresql://operator:hunter2@127.0.0.1:1/x",
                              "postgresql://operator:hunter2@nowhere.invalid/x",
                              "postgresql://operator:hunter2@127.0.0.1:notaport/x");
    auto const command = GENERATE("migrate status", "migrate plan", "migrate upgrade", "migrate verify", "drift",
                                  "validate");
    said const it = shell(std::string{"sark "} + command + " --database-url '" + url + "'");
    INFO(it.err);
    CHECK(it.code == 2);
    CHECK(it.out.empty());
    CHECK(it.err.starts_with("sark: "));
    CHECK(it.err.find("hunter2") == std::string::npos);
}

TEST_CASE("every command explains itself with an example", "[cli]") {
    for (char const* command :
         {"migrate plan", "migrate upgrade", "migrate downgrade", "migrate redo", "migrate status", "migrate history",
          "migrate sql", "migrate stamp", "migrate adopt", "migrate lint", "migrate verify", "drift", "validate",
          "schema ddl", "schema erd", "schema markdown", "completion", "v1-to-v2", ""}) {
        INFO(command);
        said const it = shell(std::string{"sark "} + command + " --help");
        CHECK(it.code == 0);
        CHECK(it.err.empty());
        CHECK_THAT(it.out, ContainsSubstring("Example"));
        std::string const called = std::string{"\n  sark "} + command;
        CHECK_THAT(it.out, ContainsSubstring(*command == '\0' ? "Exit codes" : called));
    }
}

TEST_CASE("what needs no server asks none", "[cli]") {
    std::string const nowhere = "postgresql://127.0.0.1:1/none";
    for (char const* command : {"migrate lint", "migrate sql", "migrate sql head:base", "schema ddl", "schema erd",
                                "schema erd --kind graphviz", "schema markdown", "completion bash", "--version"}) {
        INFO(command);
        said const it = shell(std::string{"sark "} + command, nowhere);
        CHECK(it.code == 0);
        CHECK(it.err.empty());
        CHECK_FALSE(it.out.empty());
    }
    CHECK_THAT(shell("sark schema ddl --at base").out, !ContainsSubstring("CREATE"));
    CHECK_THAT(shell("sark schema ddl --at 001_initial").out, !ContainsSubstring("federation_nodes"));
    CHECK_THAT(shell("sark schema ddl --at 007_federation").out, ContainsSubstring("federation_nodes"));
}

TEST_CASE("a database's way up, checked and shown at each station", "[cli][db]") {
    sark::test::database const db;
    said it = shell("sark migrate status --format json", db.url());
    CHECK(it.code == 1);
    CHECK(it.err.empty());
    auto const status = sark::parse_json(it.out);
    CHECK(member(status, "state") == "behind");
    CHECK(member(status, "current") == "base");

    CHECK(shell("sark migrate verify", db.url()).code == 1);
    it = shell("sark migrate upgrade 007_federation", db.url());
    INFO(it.err);
    CHECK(it.code == 0);
    CHECK(it.out == "at 007_federation\n");
    CHECK_THAT(it.err, ContainsSubstring("up 001_initial: done"));

    it = shell("sark migrate plan", db.url());
    CHECK(it.code == 0);
    CHECK_THAT(it.out, ContainsSubstring("007_federation -> "));
    CHECK_THAT(it.out, ContainsSubstring("ACCESS EXCLUSIVE"));

    it = shell("sark migrate upgrade -q", db.url());
    CHECK(it.code == 0);
    CHECK(it.err.empty());
    CHECK(shell("sark migrate upgrade", db.url()).out.ends_with(": nothing to do\n"));
    it = shell("sark migrate status", db.url());
    CHECK(it.code == 0);
    CHECK_THAT(it.out, ContainsSubstring("clean: at "));
    it = shell("sark migrate history --format json", db.url());
    CHECK_THAT(it.out, ContainsSubstring(R"("revision":"006_protocol_adapters")"));
    CHECK_THAT(it.out, ContainsSubstring(R"("applied":true)"));
    CHECK(shell("sark migrate verify", db.url()).code == 0);
    CHECK(shell("sark drift", db.url()).code == 0);
    it = shell("sark migrate adopt", db.url());  // nothing to adopt here, so nobody is asked
    CHECK(it.code == 0);
    CHECK_THAT(it.out, ContainsSubstring("no findings"));
    CHECK(shell("sark migrate redo --yes", db.url()).code == 0);

    db.execute("ALTER TABLE resources DROP COLUMN endpoint");
    it = shell("sark migrate verify", db.url());
    CHECK(it.code == 1);
    CHECK_THAT(it.out, ContainsSubstring("endpoint"));
    it = shell("sark drift", db.url());
    CHECK((it.code == 1 || it.code == 2));
    CHECK_THAT(it.out, ContainsSubstring("resources.endpoint"));
}

TEST_CASE("what the server says while migrations run is shown, and is no data", "[cli][db]") {
    sark::test::database const db;
    db.execute("CREATE FUNCTION say() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN "
               "RAISE WARNING 'somebody looks at %', tg_tag USING HINT = 'Ask who.'; END$$;"
               "CREATE EVENT TRIGGER say ON ddl_command_end WHEN TAG IN ('CREATE TYPE') EXECUTE FUNCTION say()");
    said it = shell("sark migrate upgrade 001_initial", db.url());
    CHECK(it.code == 0);
    CHECK(it.out == "at 001_initial\n");
    CHECK_THAT(it.err, ContainsSubstring("up 001_initial: WARNING: somebody looks at CREATE TYPE\nAsk who.\n"));
    CHECK_THAT(it.err, ContainsSubstring("up 001_initial: done\n"));
    it = shell("sark migrate redo --yes --quiet", db.url());
    CHECK(it.code == 0);
    CHECK(it.err.empty());
}

TEST_CASE("what loses something is done with --yes or a person's word, and never waits for nobody", "[cli][db]") {
    sark::test::database const db;
    REQUIRE(shell("sark migrate upgrade 007_federation", db.url()).code == 0);

    said it = shell("sark migrate downgrade 006_protocol_adapters", db.url());
    CHECK(it.code == 3);
    CHECK_THAT(it.err, ContainsSubstring("--yes"));
    CHECK_THAT(shell("sark migrate status", db.url()).out, ContainsSubstring("at 007_federation"));

    // `script` gives the program a terminal; what it reads is the person.
    std::string const on_terminal = "script -qec '" SARK_PROGRAM " migrate downgrade 006_protocol_adapters' /dev/null";
    it = shell("echo n | " + on_terminal, db.url());
    CHECK(it.code == 3);
    CHECK_THAT(it.out, ContainsSubstring("[y/N]"));
    CHECK_THAT(shell("sark migrate status", db.url()).out, ContainsSubstring("at 007_federation"));
    CHECK(shell("echo y | " + on_terminal, db.url()).code == 0);
    CHECK_THAT(shell("sark migrate status", db.url()).out, ContainsSubstring("at 006_protocol_adapters"));

    db.execute("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('native', 'n', 'http', 'https://x')");
    it = shell("sark migrate downgrade base --yes", db.url());
    CHECK(it.code == 2);
    CHECK_THAT(it.err, ContainsSubstring("resources"));
    CHECK(db.ask("SELECT count(*) FROM resources") == "1");

    scratch_folder const folder;
    it = shell("sark migrate downgrade base --yes --force --export '" + folder.file("") + "'", db.url());
    INFO(it.err);
    CHECK(it.code == 0);
    CHECK_THAT(content_of(folder.file("006_protocol_adapters.resources.csv")), ContainsSubstring("native"));
}

TEST_CASE("a saved plan is carried out as it was shown, or refused with exit code 5", "[cli][db]") {
    sark::test::database const db;
    REQUIRE(shell("sark migrate upgrade 006_protocol_adapters", db.url()).code == 0);
    scratch_folder const folder;
    std::string const plan = folder.file("plan.json");
    REQUIRE(shell("sark migrate plan 007_federation --save '" + plan + "'", db.url()).code == 0);
    std::string const apply = "sark migrate upgrade --plan '" + plan + "'";

    sark::test::database const other;
    CHECK(shell(apply, other.url()).code == 5);

    db.execute("CREATE INDEX somebody_was_here ON resources (name)");
    said it = shell(apply, db.url());
    CHECK(it.code == 5);
    CHECK_THAT(it.err, ContainsSubstring("index"));
    db.execute("DROP INDEX somebody_was_here");

    it = shell(apply, db.url());
    INFO(it.err);
    CHECK(it.code == 0);
    CHECK(it.out == "at 007_federation\n");
    it = shell(apply, db.url());
    CHECK(it.code == 5);
    CHECK_THAT(it.err, ContainsSubstring("other migrations are applied"));

    REQUIRE(shell("echo '{\"no\": \"plan\"}' > '" + plan + "'").code == 0);
    it = shell(apply, db.url());
    CHECK(it.code == 2);
    CHECK_THAT(it.err, ContainsSubstring("is no saved plan"));
}

TEST_CASE("another run that does not end is exit code 4", "[cli][db]") {
    sark::test::database const db;
    sark::connection other{db.url()};
    static_cast<void>(
        other.query_text("SELECT pg_advisory_lock(1396789835, hashtext(coalesce(current_schema(), '')))"));
    said const it = shell("sark migrate upgrade --wait 0.2", db.url());
    CHECK(it.code == 4);
    CHECK(db.ask("SELECT to_regclass('resources') IS NULL") == "t");
}

TEST_CASE("reports go to stdout and to files, each file in the kind of its name", "[cli][db]") {
    sark::test::database const db;
    REQUIRE(shell("sark migrate upgrade", db.url()).code == 0);
    db.execute("COMMENT ON TABLE resources IS '<script>'; DROP INDEX ix_resources_protocol");
    scratch_folder const folder;
    said it = shell("sark drift --format json --fail-on warning --output '" + folder.file("r.xml") + "' --output '" +
                        folder.file("r.html") + "' --output '" + folder.file("r.sarif") + "' --output '" +
                        folder.file("r.txt") + "'",
                    db.url());
    CHECK(it.code == 1);
    CHECK(member(sark::parse_json(it.out), "schema_version") == "1.0");
    CHECK(content_of(folder.file("r.xml")).starts_with("<?xml"));
    CHECK_THAT(content_of(folder.file("r.html")),
               ContainsSubstring("<!doctype html>") || ContainsSubstring("<!DOCTYPE html>"));
    CHECK(member(sark::parse_json(content_of(folder.file("r.sarif"))), "version") == "2.1.0");
    CHECK_THAT(content_of(folder.file("r.txt")), ContainsSubstring("ix_resources_protocol"));

    it = shell("sark drift --output '" + folder.file("none/r.xml") + "'", db.url());
    CHECK(it.code == 2);
    CHECK_THAT(it.err, ContainsSubstring("none/r.xml"));
    CHECK(shell("sark schema ddl > /dev/full").code == 2);

    // Colours are for terminals, and for people who did not say no.
    auto const on_terminal = [&](std::string const& before) {
        return shell(before + "script -qec '" SARK_PROGRAM " drift' /dev/null", db.url()).out.find("\x1b[");
    };
    CHECK(on_terminal("unset NO_COLOR; ") != std::string::npos);
    CHECK(on_terminal("export NO_COLOR=1; ") == std::string::npos);
    CHECK(shell("sark drift", db.url()).out.find('\x1b') == std::string::npos);
}

TEST_CASE("the rows of v1 move by the command line, are compared, taken back and kept", "[cli][db]") {
    sark::test::database const db;
    REQUIRE(shell("sark migrate upgrade", db.url()).code == 0);
    db.execute(
        "INSERT INTO mcp_servers (id, name, transport, endpoint, mcp_version, capabilities, sensitivity_level, status, "
        "tags, extra_metadata) SELECT ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid, 'server ' || n, "
        "'http', 'https://example.org/' || n, '2025-06-18', '[]', 'medium', 'active', '[]', '{}' "
        "FROM generate_series(1, 20) n");
    auto const v2 = [&](char const* mode) { return shell(std::string{"sark v1-to-v2 "} + mode, db.url()); };
    for (char const* wrong : {"", "--execute --rollback", "--execute --dry-run", "--dry-run --validate",
                              "--validate --status", "--execute --force", "--rollback --overwrite"}) {
        INFO(wrong);
        CHECK(v2(wrong).code == 3);
    }
    CHECK_THAT(v2("--status").out, ContainsSubstring("fresh"));
    CHECK(v2("--scan").code == 0);
    said it = v2("--dry-run --format json");
    INFO(it.err);
    CHECK(it.code == 0);
    CHECK_THAT(it.out, ContainsSubstring("mcp_servers to resources, inserted"));
    CHECK(db.ask("SELECT count(*) FROM resources") == "0");
    CHECK(v2("--validate").code == 1);
    it = v2("--execute --validate");
    INFO(it.out);
    CHECK(it.code == 0);
    CHECK(db.ask("SELECT count(*) FROM resources") == "20");
    CHECK_THAT(v2("--execute").out, ContainsSubstring("unchanged"));

    db.execute("UPDATE resources SET name = 'changed' WHERE id LIKE '%0007'");
    it = v2("--validate");
    CHECK(it.code == 1);
    CHECK_THAT(it.out, ContainsSubstring("-000000000007"));
    CHECK_THAT(it.out, ContainsSubstring("name"));

    CHECK(v2("--rollback").code == 3);
    it = v2("--rollback --yes");
    CHECK(it.code == 2);
    CHECK(db.ask("SELECT count(*) FROM resources") == "20");
    CHECK(v2("--rollback --dry-run --force").code <= 1);
    CHECK(db.ask("SELECT count(*) FROM resources") == "20");
    CHECK(v2("--rollback --yes --force").code <= 1);
    CHECK(db.ask("SELECT count(*) FROM resources") == "0");
    CHECK(v2("--execute").code == 0);
    CHECK(v2("--finalize").code == 3);
    CHECK(v2("--finalize --yes").code == 0);
    CHECK(v2("--rollback --yes").code == 2);
    CHECK(db.ask("SELECT count(*) FROM resources") == "20");
}
