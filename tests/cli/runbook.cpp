// SPDX-License-Identifier: MIT
//
// Executes docs/runbook.md: every block of commands, phase by phase, and each way back after the phase it names.
#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using sark::test::content_of;
using sark::test::said;
using sark::test::scratch_folder;
using sark::test::shell;

namespace {

struct section {
    std::string title;
    std::string commands;  // all blocks of it
    int after_phase = 0;   // ways back
};

/// Cuts the document into its sections.
std::vector<section> sections_of(std::string const& text) {
    std::vector<section> sections;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = std::min(text.find('\n', at), text.size());
        std::string_view const line = std::string_view{text}.substr(at, end - at);
        at = end + 1;
        constexpr std::string_view begins = "<!-- begins after phase ";
        if (inside) {
            if (line == "```")
                inside = false;
            else
                sections.back().commands += std::string{line} + '\n';
        } else if (line.starts_with("## ")) {
            sections.push_back({std::string{line.substr(3)}, {}, 0});
        } else if (line == "```sh") {
            inside = true;
        } else if (line.starts_with(begins)) {
            sections.back().after_phase = line.at(begins.size()) - '0';
        }
    }
    return sections;
}

/// Makes a database of v1 with rows in it, as the repaired original would have left it.
void make_v1(sark::test::database const& db) {
    REQUIRE(shell("sark migrate upgrade 005_gateway_audit", db.url()).code == 0);
    db.execute(
        "INSERT INTO users (id, email, full_name, hashed_password, role) "
        "VALUES ('00000000-0000-0000-0000-000000000001', 'a@example.org', 'A', 'x', 'admin');"
        "INSERT INTO mcp_servers (id, name, transport, endpoint, mcp_version, capabilities, sensitivity_level, status, "
        "tags, extra_metadata) SELECT ('00000000-0000-0000-0001-' || lpad(n::text, 12, '0'))::uuid, 'server ' || n, "
        "'http', 'https://example.org/' || n, '2025-06-18', '[]', 'medium', 'active', '[]', '{}' "
        "FROM generate_series(1, 20) n");
}

}  // namespace

TEST_CASE("the runbook does what it says", "[cli][db][runbook]") {
    std::vector<section> const sections = sections_of(content_of(SARK_RUNBOOK));
    std::string phases[6];
    std::vector<section> ways_back;
    for (section const& s : sections) {
        if (s.title.starts_with("Phase ")) phases[s.title.at(6) - '0'] = s.commands;
        if (s.title.starts_with("Way back ")) ways_back.push_back(s);
    }
    for (int i = 1; i <= 5; ++i) REQUIRE_FALSE(phases[i].empty());
    REQUIRE(ways_back.size() == 3);

    auto const run = [](std::string const& title, std::string const& commands) {
        INFO(title);
        sark::test::database const db;
        make_v1(db);
        scratch_folder const folder;
        said const it = shell("set -euo pipefail\nexport BACKUPS='" + folder.file("") + "'\n" + commands, db.url());
        INFO(it.out);
        INFO(it.err);
        CHECK(it.code == 0);
        CHECK(db.ask("SELECT count(*) FROM mcp_servers") == "20");
    };
    run("the five phases", phases[1] + phases[2] + phases[3] + phases[4] + phases[5]);
    for (section const& way : ways_back) {
        REQUIRE(way.after_phase > 1);
        std::string before;
        for (int i = 1; i <= way.after_phase; ++i) before += phases[i];
        run(way.title, before + way.commands);
    }
}
