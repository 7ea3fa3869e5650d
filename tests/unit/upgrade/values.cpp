// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <string>
#include <vector>

#include <sark/report/detail/escape.hpp>
#include <sark/upgrade/detail/findings.hpp>
#include <sark/upgrade/detail/mover.hpp>
#include <sark/upgrade/detail/state.hpp>
#include <sark/upgrade/verify.hpp>

namespace d = sark::upgrade::detail;

TEST_CASE("keys of an array are read up to as many as are named", "[upgrade][unit]") {
    std::vector<std::string> keys;
    d::append_keys(keys, "{}", 3);
    CHECK(keys.empty());
    d::append_keys(keys, "{a,b}", 3);
    d::append_keys(keys, "{c,d}", 3);
    CHECK(keys == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("the tally of a run is written as JSON", "[upgrade][unit]") {
    CHECK(d::to_json({}) == "{}");
    CHECK(d::to_json({{"0/insert", 2}, {"1/=inserted", 30}}) == R"({"0/insert":2,"1/=inserted":30})");
}

TEST_CASE("a class of rows is told with its number, its first keys and what to do", "[upgrade][unit]") {
    auto const known = d::finding_of("name-too-long", "mcp_tools", 3, {"a", "b"}, true);
    CHECK(known.id == "v1-row-name-too-long");
    CHECK(known.severity == sark::report::severity::error);
    CHECK(known.what == "3 row(s) of mcp_tools have a name of more than 255 characters: a, b, …");
    CHECK(known.evidence.find("\"reason\" = 'name-too-long'") != std::string::npos);
    CHECK(known.repair == std::vector<std::string>{"-- Shorten the names in v1, then run again"});
    CHECK(known.evidence.find(R"(SELECT "source_id", "detail" FROM)") != std::string::npos);
    auto const unknown = d::finding_of("server-23514", "mcp_tools", 1, {"a"}, false);
    CHECK(unknown.id == "v1-row-server-23514");
    CHECK(unknown.what == "1 row(s) of mcp_tools were refused by the server: a");
    CHECK(unknown.evidence == "1 row(s)");
}

TEST_CASE("source rows are the migrated and the quarantined", "[upgrade][unit]") {
    sark::upgrade::table_counts counts;
    counts.source = 10;
    counts.quarantined = {{"a", 1}, {"b", 2}};
    counts.inserted = 4;
    counts.updated = 2;
    CHECK(counts.migrated() == 7);
    CHECK(counts.written() == 6);
}

TEST_CASE("differences become one finding for each row, without values", "[upgrade][unit]") {
    sark::upgrade::verification seen;
    seen.resources.differences = {{"resources", "r1", "metadata.command", "secret", "x"},
                                  {"resources", "r1", "name", {}, {}}};
    seen.capabilities.differences = {{"capabilities", "c1", "", {}, {}}};
    auto const found = sark::upgrade::findings(seen);
    REQUIRE(found.size() == 2);
    CHECK(found[0].what == "resources r1 differs from v1 in metadata.command, name");
    CHECK(found[1].what == "capabilities c1 is missing");
    CHECK(found[0].evidence.empty());
}

TEST_CASE("every repair of the data migration is a script: a statement, or a comment", "[upgrade][unit]") {
    sark::upgrade::verification seen;
    seen.resources.differences = {{"resources", "r1", "name", {}, {}}, {"resources", "r2", "", {}, {}}};
    auto found = sark::upgrade::findings(seen);
    for (d::row_class const& c : d::row_classes) found.push_back(d::finding_of(c.name, "mcp_tools", 1, {"a"}, true));
    found.push_back(d::finding_of("server-23514", "mcp_tools", 1, {"a"}, true));
    std::size_t comments = 0;
    for (sark::report::finding const& f : found)
        for (std::string const& part : f.repair) {
            INFO(f.id << ": " << part);
            CHECK(part.starts_with("-- "));
            CHECK(part.find('\n') == std::string::npos);
            CHECK(sark::report::detail::script_of(std::vector{part}).back() != ';');
            ++comments;
        }
    CHECK(comments == found.size() - 1);  // of rows whose original is kept nothing has to be done
}
