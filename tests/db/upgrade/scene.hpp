// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sark/migrate/runner.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/upgrade.hpp>

#include "support/catch.hpp"
#include "support/database.hpp"

namespace sark::test {

/// Is a database at head, made once and emptied for each scenario: making the schema takes longer than a scenario.
class scene {
public:
    scene() : db{database_.url()} { migrate::upgrade(db, migrations::chain); }

    /// Gives the one of the process, with nothing in it.
    static scene& fresh() {
        static scene one;
        // Quicker than TRUNCATE for the few rows of a scenario.
        one.run("DELETE FROM mcp_tools; DELETE FROM mcp_servers; DELETE FROM capabilities; DELETE FROM resources; "
                "DELETE FROM migrated_rows; DELETE FROM cost_tracking; DELETE FROM principal_budgets; "
                "DELETE FROM federation_nodes; DELETE FROM audit_events");
        one.run("DROP TABLE IF EXISTS sark_upgrade_runs, sark_upgrade_quarantine");
        one.run("ALTER TABLE mcp_servers ENABLE TRIGGER USER; ALTER TABLE mcp_tools ENABLE TRIGGER USER; "
                "ALTER TABLE resources ENABLE TRIGGER USER; ALTER TABLE capabilities ENABLE TRIGGER USER");
        return one;
    }

    void run(std::string const& sql) const { database_.execute(sql); }
    [[nodiscard]] std::string ask(std::string const& sql) const { return database_.ask(sql); }
    [[nodiscard]] int count(std::string const& from) const { return std::stoi(ask("SELECT count(*) FROM " + from)); }
    [[nodiscard]] std::string const& url() const { return database_.url(); }

    /// Adds servers `server 1` … and tools `tool 1` …, the tools in turn to the servers.
    void fill(int servers, int tools) const {
        run("INSERT INTO mcp_servers (id, name, description, transport, endpoint, command, capabilities, "
            "sensitivity_level, tags, extra_metadata, created_at, updated_at) "
            "SELECT md5('s' || i)::uuid, 'server ' || i, 'the server ' || i, "
            "(ARRAY['http', 'stdio', 'sse'])[1 + i % 3]::transporttype, "
            "CASE WHEN i % 3 <> 1 THEN 'https://host' || i END, CASE WHEN i % 3 = 1 THEN 'run ' || i END, "
            "'[\"tools\"]', (ARRAY['low', 'medium', 'high', 'critical'])[1 + i % 4]::sensitivitylevel, "
            "jsonb_build_array(i), jsonb_build_object('zone', i, 'weight', 1.50), "
            "'2024-01-01 00:00:00+00'::timestamptz + i * interval '1 second', "
            "'2024-06-01 00:00:00+00'::timestamptz + i * interval '1 second' FROM generate_series(1, " +
            std::to_string(servers) + ") AS i");
        run("INSERT INTO mcp_tools (id, server_id, name, description, parameters_schema, sensitivity_level, "
            "requires_approval, created_at, updated_at) "
            "SELECT md5('t' || i)::uuid, md5('s' || 1 + i % " +
            std::to_string(servers) +
            ")::uuid, 'tool ' || i, nullif('does ' || i, 'does 7'), jsonb_build_object('type', 'object', 'n', -i), "
            "(ARRAY['low', 'medium', 'high', 'critical'])[1 + i % 4]::sensitivitylevel, i % 2 = 0, "
            "'2024-01-01 00:00:00+00'::timestamptz + i * interval '1 second', "
            "'2024-06-01 00:00:00+00'::timestamptz + i * interval '1 second' FROM generate_series(1, " +
            std::to_string(tools) + ") AS i");
    }

    /// Gives what is in a table as one text, to compare before with after.
    [[nodiscard]] std::string content(std::string const& table) const {
        return ask("SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM " +
                   table + " AS t");
    }
    [[nodiscard]] std::string v1() const { return content("mcp_servers") + content("mcp_tools"); }
    /// Gives all rows that a migration writes, without the run and the time of the writing.
    [[nodiscard]] std::string v2() const {
        return content("resources") + content("capabilities") +
               content("(SELECT source_table, source_id, target_table, target_id, source_hash FROM migrated_rows)");
    }

private:
    database database_;

public:
    sark::connection db;
};

/// Has the report the finding of a class?
[[nodiscard]] inline bool has(std::vector<report::finding> const& findings, std::string const& id,
                              std::string const& words = {}) {
    for (report::finding const& f : findings)
        if (f.id == id && f.what.find(words) != std::string::npos) return true;
    return false;
}

}  // namespace sark::test
