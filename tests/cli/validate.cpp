// SPDX-License-Identifier: MIT
#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>

using sark::test::content_of;
using sark::test::said;
using sark::test::scratch_folder;
using sark::test::shell;

TEST_CASE("validate says what is damaged, in every kind, and by its exit code", "[cli]") {
    sark::test::database const place;
    REQUIRE(shell("sark migrate upgrade --quiet", place.url()).code == 0);
    said const clean = shell("sark validate", place.url());
    INFO(clean.out << clean.err);
    CHECK(clean.code == 0);
    CHECK_THAT(clean.out, ContainsSubstring("no findings"));

    place.execute("INSERT INTO mcp_servers (name, transport, command) VALUES ('one', 'stdio', 'run')");
    said const values = shell("sark validate --data", place.url());
    CHECK(values.code == 1);
    CHECK_THAT(values.out, ContainsSubstring("[v2-row-missing]"));
    CHECK(shell("sark validate --schema --relationships --business", place.url()).code == 0);

    place.execute("DROP INDEX ix_resources_name; ALTER TABLE capabilities ALTER COLUMN name DROP NOT NULL");
    scratch_folder const folder;
    said const both = shell("sark validate --quick --output '" + folder.file("r.json") + "' --output '" +
                                folder.file("r.xml") + "' --output '" + folder.file("r.sarif") + "' --output '" +
                                folder.file("r.html") + "'",
                            place.url());
    CHECK(both.code == 1);
    for (char const* name : {"r.json", "r.xml", "r.sarif", "r.html"}) {
        CHECK_THAT(content_of(folder.file(name)), ContainsSubstring("index-missing"));
        CHECK_THAT(content_of(folder.file(name)), ContainsSubstring("column-null"));
    }
    CHECK_THAT(both.out, !ContainsSubstring("v2-row-missing"));
    place.execute("DROP TABLE capabilities");
    CHECK(shell("sark validate --relationships", place.url()).code == 2);
}

TEST_CASE("validate lists its checks without a database", "[cli]") {
    said const list = shell("sark validate --list", "postgresql://127.0.0.1:1/none");
    CHECK(list.code == 0);
    CHECK(list.err.empty());
    for (char const* id : {"index-missing", "sequence-behind", "foreign-key-broken", "metadata-mcp", "budget-daily"})
        CHECK_THAT(list.out, ContainsSubstring(std::string{id} + "\n"));
}
