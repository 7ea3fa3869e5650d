// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <optional>
#include <string>

#include <sark/cli/plan_document.hpp>
#include <sark/cli/plan_file.hpp>
#include <sark/cli/progress.hpp>

namespace cli = sark::cli;

TEST_CASE("durations and numbers are written as people read them", "[cli]") {
    CHECK(cli::duration_text(0.04) == "0.0 s");
    CHECK(cli::duration_text(-1) == "0.0 s");
    CHECK(cli::duration_text(9.96) == "10.0 s");
    CHECK(cli::duration_text(59.9) == "59 s");
    CHECK(cli::duration_text(185) == "3 min 05 s");
    CHECK(cli::duration_text(7800) == "2 h 10 min");
    CHECK(cli::grouped(0) == "0");
    CHECK(cli::grouped(999) == "999");
    CHECK(cli::grouped(1000) == "1,000");
    CHECK(cli::grouped(1234567) == "1,234,567");
}

TEST_CASE("a line of progress has the rate and the time left where both are known", "[cli]") {
    CHECK(cli::progress_line("tools", 1200, 100000, 2) == "tools 1,200 of 100,000 (1 %), 600/s, 2 min 44 s left");
    CHECK(cli::progress_line("tools", 100000, 100000, 10) == "tools 100,000 of 100,000 (100 %), 10,000/s");
    CHECK(cli::progress_line("tools", 5, 0, 1) == "tools 5, 5/s");
    CHECK(cli::progress_line("up 001, statement", 2, 4, 0) == "up 001, statement 2 of 4 (50 %)");
    CHECK(cli::progress_line("tools", 0, 10, 3) == "tools 0 of 10 (0 %)");
}

TEST_CASE("a statement in one line is cut between characters", "[cli]") {
    CHECK(cli::detail::in_one_line("SELECT\n    1", 40) == "SELECT 1");
    CHECK(cli::detail::in_one_line("\n a  b \n", 40) == "a b");
    CHECK(cli::detail::in_one_line("abcdefghij", 10) == "abcdefghij");
    CHECK(cli::detail::in_one_line("abcdefghijk", 10) == "abcdefg...");
    CHECK(cli::detail::in_one_line("abcdef\xc3\xa9zzzz", 10) == "abcdef...");
}

TEST_CASE("a saved plan is compared with what is there now, one reason at a time", "[cli]") {
    cli::plan_document const saved{.direction = "up",
                                   .from = "001",
                                   .to = "002",
                                   .database = "app.public",
                                   .catalog = "c",
                                   .applied = {"001 x"},
                                   .migrations = {{.revision = "002", .checksum = "y"}}};
    CHECK(cli::why_out_of_date(saved, saved) == std::nullopt);
    auto const why = [&](auto const& change) {
        cli::plan_document now = saved;
        change(now);
        return cli::why_out_of_date(saved, now).value_or("");
    };
    CHECK_THAT(why([](auto& p) { p.database = "other.public"; }), ContainsSubstring("made for app.public"));
    CHECK_THAT(why([](auto& p) { p.applied = {"001 z"}; }), ContainsSubstring("other migrations are applied"));
    CHECK_THAT(why([](auto& p) { p.to = "003"; }), ContainsSubstring("from 001 to 003"));
    CHECK_THAT(why([](auto& p) { p.migrations[0].checksum = "z"; }), ContainsSubstring("this program has other"));
    CHECK_THAT(why([](auto& p) { p.catalog = "d"; }), ContainsSubstring("has changed since"));
}

TEST_CASE("a plan for people names lock, relation, rows and losses of each statement", "[cli]") {
    cli::plan_document plan{.direction = "up", .from = "001", .to = "001"};
    CHECK(cli::text_of(plan) == "at 001: nothing to do\n");
    plan.to = "002_x";
    plan.migrations = {{.revision = "002_x",
                        .description = "drops",
                        .reversible = false,
                        .irreversible_reason = "the values are gone",
                        .statements = {{.sql = "ALTER TABLE t\n    DROP COLUMN c",
                                        .step = "old things go",
                                        .lock = "ACCESS EXCLUSIVE",
                                        .relation = "t",
                                        .rows = 12345,
                                        .loses_data = true},
                                       {.sql = "SELECT 1", .step = "old things go", .lock = "NONE"}}}};
    CHECK(cli::losses_of(plan) == 1);
    CHECK(cli::text_of(plan) == "001 -> 002_x, up: 1 migration, 2 statements\n"
                                "\n"
                                "002_x: drops\n"
                                "  no way back: the values are gone\n"
                                "  old things go\n"
                                "    1  ACCESS EXCLUSIVE  t  ~12,345 rows  LOSES DATA\n"
                                "       ALTER TABLE t DROP COLUMN c\n"
                                "    2  NONE\n"
                                "       SELECT 1\n");
    CHECK_THAT(cli::text_of(plan, true), ContainsSubstring("ALTER TABLE t\n    DROP COLUMN c\n"));
}
