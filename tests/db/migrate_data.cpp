// SPDX-License-Identifier: MIT
#include "db/migrate_catalog.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"

#include <string>
#include <vector>

#include <sark/migrate.hpp>
#include <sark/migrations.hpp>

using sark::migrations::chain;

namespace {

/// Is a database at a revision, with rows in it.
struct migrated {
    sark::test::database database;
    sark::connection db{database.url()};

    explicit migrated(std::string const& revision) { sark::migrate::upgrade(db, chain, revision); }
    void run(std::string const& sql) const { database.execute(sql); }
    [[nodiscard]] std::string ask(std::string const& sql) const { return database.ask(sql); }
    void up(std::string const& revision = "head") { sark::migrate::upgrade(db, chain, revision); }
    void down(std::string const& revision) { sark::migrate::downgrade(db, chain, revision); }

    /// Gives the whole content of a table as one text, to compare before with after.
    [[nodiscard]] std::string rows(std::string const& table) const {
        return ask("SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM " + table + " AS t");
    }
};

std::string const server_a = "00000000-0000-0000-0000-00000000000a";
std::string const tool_a = "00000000-0000-0000-0000-0000000000aa";

/// Inserts a v1 server; the texts are SQL.
std::string server(std::string const& id, std::string const& transport, std::string const& command,
                   std::string const& endpoint, std::string const& extra = "'{}'") {
    return "INSERT INTO mcp_servers (id, name, transport, command, endpoint, extra_metadata, created_at, updated_at) "
           "VALUES ('" +
           id + "', 'server', '" + transport + "', " + command + ", " + endpoint + ", " + extra +
           ", '2024-01-02 03:04:05+00', '2024-02-03 04:05:06+00')";
}

std::string expect_failure(migrated& m, std::string const& target, bool up) {
    try {
        up ? m.up(target) : m.down(target);
    } catch (sark::migrate::failed const& e) { return e.what(); }
    return "it did not fail";
}

}  // namespace

TEST_CASE("006 takes the endpoint by transport and never stops for a server without one", "[migrate][db]") {
    migrated m{"005_gateway_audit"};
    struct sample {
        char const* transport;
        char const* command;
        char const* endpoint;
        char const* expected;
    };
    std::vector<sample> const samples = {
        {"stdio", "'run me'", "NULL", "run me"},
        {"stdio", "'run me'", "'https://x'", "run me"},
        {"stdio", "NULL", "'https://x'", "https://x"},
        {"http", "'run me'", "'https://x'", "https://x"},
        {"http", "'run me'", "NULL", "run me"},
        {"sse", "'run me'", "'https://x'", "https://x"},
        {"sse", "NULL", "NULL", "unknown:00000000-0000-0000-0000-000000000006"},
        {"stdio", "NULL", "NULL", "unknown:00000000-0000-0000-0000-000000000007"},
    };
    auto const id = [](std::size_t i) { return "00000000-0000-0000-0000-00000000000" + std::to_string(i); };
    for (std::size_t i = 0; i < samples.size(); ++i)
        m.run(server(id(i), samples[i].transport, samples[i].command, samples[i].endpoint));
    m.up("006_protocol_adapters");
    for (std::size_t i = 0; i < samples.size(); ++i) {
        INFO(i);
        CHECK(m.ask("SELECT endpoint FROM resources WHERE id = '" + id(i) + "'") == samples[i].expected);
    }
}

TEST_CASE("006 carries every value over, with NULL as JSON null and times in UTC", "[migrate][db]") {
    migrated m{"005_gateway_audit"};
    m.run("INSERT INTO users (id, email, full_name, hashed_password) VALUES ('" + server_a + "', 'e', 'f', 'h')");
    m.run(server(server_a, "http", "NULL", "'https://x'", R"('{"region": "eu"}')"));
    m.run("UPDATE mcp_servers SET owner_id = '" + server_a +
          "', sensitivity_level = 'critical', status = 'unhealthy', "
          "tags = '[\"t\"]', last_health_check = '2024-05-06 07:08:09.5+02', mcp_version = '1'");
    m.run("INSERT INTO mcp_tools (id, server_id, name, description, parameters_schema, sensitivity_level, "
          "requires_approval, extra_metadata) VALUES ('" +
          tool_a + "', '" + server_a + "', 'tool', 'text', '{\"type\": \"object\"}', 'high', true, '{\"k\": 1}')");
    // The session's zone must not show.
    m.db.execute("SET TIME ZONE 'Asia/Tokyo'");
    m.up("006_protocol_adapters");
    CHECK(m.ask("SELECT name || '|' || protocol || '|' || sensitivity_level || '|' || (created_at AT TIME ZONE 'UTC') "
                "|| '|' || (updated_at AT TIME ZONE 'UTC') FROM resources") ==
          "server|mcp|critical|2024-01-02 03:04:05|2024-02-03 04:05:06");
    CHECK(m.ask("SELECT metadata = '{\"region\": \"eu\", \"transport\": \"http\", \"command\": null, "
                "\"endpoint\": \"https://x\", \"mcp_version\": \"1\", \"capabilities\": [], \"status\": \"unhealthy\", "
                "\"health_endpoint\": null, \"last_health_check\": \"2024-05-06T05:08:09.5+00:00\", \"owner_id\": \"" +
                server_a +
                "\", \"team_id\": null, \"consul_id\": null, \"tags\": [\"t\"], \"signature\": null, "
                "\"description\": null}'::jsonb FROM resources") == "t");
    CHECK(m.ask("SELECT concat_ws('|', id, resource_id, name, description, input_schema, output_schema, "
                "sensitivity_level) FROM capabilities") ==
          tool_a + "|" + server_a + "|tool|text|{\"type\": \"object\"}|{}|high");
    CHECK(m.ask("SELECT metadata = '{\"k\": 1, \"requires_approval\": true, \"signature\": null, "
                "\"invocation_count\": 0, \"last_invoked\": null}'::jsonb FROM capabilities") == "t");
}

TEST_CASE("006 gives every tool the same keys, with a signature and without", "[migrate][db]") {
    migrated m{"005_gateway_audit"};
    m.run(server(server_a, "http", "NULL", "'https://x'"));
    m.run(
        "INSERT INTO mcp_tools (id, server_id, name, requires_approval, signature, extra_metadata) "
        "SELECT gen_random_uuid(), '" +
        server_a +
        "', concat_ws(' ', a, s, e), a, s, e FROM (VALUES (true), (false)) AS a (a), (VALUES ('signed'), (NULL)) AS s "
        "(s), (VALUES ('{}'::jsonb), ('{\"k\": [1.50]}')) AS e (e)");
    m.up("006_protocol_adapters");
    CHECK(m.ask("SELECT count(*) FROM capabilities") == "8");
    CHECK(m.ask("SELECT string_agg(c.name, ', ') FROM capabilities AS c JOIN mcp_tools AS t ON t.id::text = c.id WHERE "
                "c.metadata::text IS DISTINCT FROM (t.extra_metadata || jsonb_build_object('requires_approval', "
                "t.requires_approval, 'signature', t.signature, 'invocation_count', 0, 'last_invoked', NULL))::text") ==
          "");
}

TEST_CASE("006 keeps an extra_metadata that collides, or is no object, whole under one key", "[migrate][db]") {
    migrated m{"005_gateway_audit"};
    std::string const array = "00000000-0000-0000-0000-00000000000b";
    std::string const null = "00000000-0000-0000-0000-00000000000c";
    std::string const nested = "00000000-0000-0000-0000-00000000000d";
    m.run(server(server_a, "http", "NULL", "'https://x'", R"('{"status": "CLOBBERED", "free": 1}')"));
    m.run(server(array, "http", "NULL", "'https://x'", "'[1, 2]'"));
    m.run(server(null, "http", "NULL", "'https://x'", "'null'"));
    m.run(server(nested, "http", "NULL", "'https://x'", R"('{"extra_metadata": 7}')"));
    m.run("INSERT INTO mcp_tools (id, server_id, name, extra_metadata) VALUES ('" + tool_a + "', '" + server_a +
          "', 'tool', '{\"signature\": \"x\"}')");
    m.up("006_protocol_adapters");
    auto const part = [&](std::string const& id, std::string const& path) {
        return m.ask("SELECT metadata #>> '" + path + "' FROM resources WHERE id = '" + id + "'");
    };
    CHECK(part(server_a, "{status}") == "registered");
    CHECK(part(server_a, "{free}") == "1");
    CHECK(part(server_a, "{extra_metadata}") == R"({"free": 1, "status": "CLOBBERED"})");
    CHECK(part(array, "{status}") == "registered");
    CHECK(part(array, "{extra_metadata}") == "[1, 2]");
    CHECK(m.ask("SELECT jsonb_typeof(metadata) || jsonb_typeof(metadata -> 'extra_metadata') FROM resources "
                "WHERE id = '" +
                null + "'") == "objectnull");
    CHECK(part(nested, "{extra_metadata,extra_metadata}") == "7");
    CHECK(m.ask("SELECT metadata ->> 'signature' IS NULL AND metadata #>> '{extra_metadata,signature}' = 'x' "
                "FROM capabilities") == "t");
}

TEST_CASE("007 goes down only when no row uses a label that goes away", "[migrate][db]") {
    migrated m{"006_protocol_adapters"};
    m.run("INSERT INTO audit_events (id, event_type) VALUES ('" + server_a + "', 'user_login')");
    std::string const before = m.rows("audit_events");
    m.up("007_federation");
    m.run("INSERT INTO audit_events (id, event_type) VALUES ('" + tool_a + "', 'cost_limit_exceeded')");
    CHECK_THAT(expect_failure(m, "006_protocol_adapters", false),
               ContainsSubstring("'007_federation' stopped at statement 1 of") &&
                   ContainsSubstring("audit_events: 1 row(s) use a label that the enum type does not have afterwards"));
    CHECK(sark::migrate::status(m.db, chain).current == "007_federation");
    CHECK(m.ask("SELECT count(*) FROM audit_events") == "2");
    m.run("DELETE FROM audit_events WHERE event_type = 'cost_limit_exceeded'");
    m.down("006_protocol_adapters");
    CHECK(m.rows("audit_events") == before);
}

TEST_CASE("008 names the table and the number of rows it cannot carry over, and changes nothing", "[migrate][db]") {
    migrated m{"007_federation"};
    auto const resource = [](std::string const& id, std::string const& protocol, std::string const& level) {
        return "INSERT INTO resources (id, name, protocol, endpoint, sensitivity_level) VALUES ('" + id + "', 'n', '" +
               protocol + "', 'e', '" + level + "')";
    };
    auto const cost = [](std::string const& estimated, std::string const& actual) {
        return "INSERT INTO cost_tracking (principal_id, resource_id, capability_id, estimated_cost, actual_cost) "
               "VALUES ('p', 'r', 'c', " +
               estimated + ", " + actual + ")";
    };
    auto const budget = [](std::string const& column, std::string const& value) {
        return "INSERT INTO principal_budgets (principal_id, " + column + ") VALUES ('p', " + value + ")";
    };
    std::string const capability = "INSERT INTO capabilities (id, resource_id, name, sensitivity_level) "
                                   "VALUES ('c', 'ok', 'n', 'bogus')";
    std::string const node = "INSERT INTO federation_nodes (id, node_id, name, endpoint, trust_anchor_cert, "
                             "rate_limit_per_hour) VALUES ('" +
                             server_a + "', 'n', 'n', 'e', 'c', -1)";
    std::string const audit = "INSERT INTO audit_events (id, event_type, actual_cost) VALUES ('" + server_a +
                              "', 'user_login', -1)";
    m.run(resource("ok", "mcp", "low"));
    struct sample {
        std::string sql;
        std::string table;
        std::string complaint;
    };
    std::vector<sample> const samples = {
        {resource("bad1", "mcp", "bogus"), "resources", "have a sensitivity_level other than"},
        {resource("bad2", "Not a protocol", "low"), "resources", "have a protocol that is no lower-case name"},
        {capability, "capabilities", "have a sensitivity_level other than"},
        {cost("-0.0001", "NULL"), "cost_tracking", "have a negative or NaN cost"},
        {cost("NULL", "'NaN'"), "cost_tracking", "have a negative or NaN cost"},
        {audit, "audit_events", "have a negative or NaN cost"},
        {budget("daily_budget", "-1"), "principal_budgets", "have a negative or NaN budget or spending"},
        {budget("monthly_spent", "'NaN'"), "principal_budgets", "have a negative or NaN budget or spending"},
        {budget("currency", "'usd'"), "principal_budgets", "have a currency that is not three capital letters"},
        {node, "federation_nodes", "have a negative rate_limit_per_hour"},
    };
    auto const catalog = sark::test::full_catalog_lines(m.db);
    for (sample const& s : samples) {
        INFO(s.sql);
        m.run(s.sql);
        CHECK_THAT(expect_failure(m, "head", true), ContainsSubstring("'008_integrity' stopped at statement") &&
                                                        ContainsSubstring("(the rows fit the checks that follow)") &&
                                                        ContainsSubstring(s.table + ": 1 row(s) " + s.complaint));
        m.run("DELETE FROM " + s.table + (s.table == "resources" ? " WHERE id <> 'ok'" : ""));
    }
    CHECK(sark::test::differences(catalog, sark::test::full_catalog_lines(m.db)) == "");
    m.up();
    // The same rows are refused afterwards by the checks themselves.
    for (sample const& s : samples) {
        INFO(s.sql);
        CHECK_THROWS_WITH(m.run(s.sql), ContainsSubstring("violates check constraint \"ck_" + s.table));
    }
}

TEST_CASE("008 keeps every value of 007, up and down", "[migrate][db]") {
    migrated m{"005_gateway_audit"};
    m.run(server(server_a, "http", "NULL", "'https://x'"));
    m.run("INSERT INTO mcp_tools (id, server_id, name, created_at, updated_at) VALUES ('" + tool_a + "', '" + server_a +
          "', 'tool', '2020-01-02 03:04:05+00', '2021-01-02 03:04:05+00')");
    m.run("INSERT INTO api_keys (id, user_id, name, key_prefix, key_hash, expires_at, created_at, updated_at) "
          "VALUES ('" +
          server_a + "', '" + server_a +
          "', 'k', 'p', 'h', '2030-06-01 12:00', '2024-06-01 12:00', '2024-06-02 12:00')");
    m.run("INSERT INTO gateway_audit_events (id, event_type, decision, reason, timestamp, gateway_request_id) "
          "VALUES ('g', 't', 'allow', 'r', '2024-06-01 00:30', 'q')");
    m.up("007_federation");
    m.run("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('native', 'n', 'grpc', 'e')");
    m.run("INSERT INTO capabilities (id, resource_id, name) VALUES ('native-c', 'native', 'n')");
    m.run("INSERT INTO cost_tracking "
          "(timestamp, principal_id, resource_id, capability_id, estimated_cost, actual_cost) "
          "VALUES ('2024-01-01 23:30:00+00', 'p', 'native', 'native-c', 0.5, 0.0001),"
          "       ('2024-01-02 00:30:00+00', 'p', 'native', 'gone', 999999.9999, NULL),"
          "       ('2024-01-02 00:31:00+00', 'p', 'gone', 'gone', NULL, NULL)");
    m.run("INSERT INTO principal_budgets (principal_id, daily_budget, daily_spent) VALUES ('p', 10.25, 0.1234)");
    std::vector<std::string> const tables = {"mcp_servers", "mcp_tools",    "api_keys",      "gateway_audit_events",
                                             "resources",   "capabilities", "cost_tracking", "principal_budgets"};
    std::vector<std::string> before;
    for (std::string const& t : tables) before.push_back(m.rows(t));

    // The session's zone must not show: naive times were UTC.
    m.db.execute("SET TIME ZONE 'Asia/Tokyo'");
    m.up();
    CHECK(m.ask("SELECT (created_at AT TIME ZONE 'UTC') || '|' || (updated_at AT TIME ZONE 'UTC') FROM capabilities "
                "WHERE id = '" +
                tool_a + "'") == "2020-01-02 03:04:05|2021-01-02 03:04:05");
    CHECK(m.ask("SELECT created_at > now() - interval '1 hour' FROM capabilities WHERE id = 'native-c'") == "t");
    CHECK(m.ask("SELECT (expires_at AT TIME ZONE 'UTC') || '|' || (created_at AT TIME ZONE 'UTC') FROM api_keys") ==
          "2030-06-01 12:00:00|2024-06-01 12:00:00");
    CHECK(m.ask("SELECT timestamp AT TIME ZONE 'UTC' FROM gateway_audit_events") == "2024-06-01 00:30:00");
    CHECK(m.ask("SELECT string_agg(coalesce(protocol, '-'), ',' ORDER BY timestamp) FROM cost_tracking") ==
          "grpc,grpc,-");
    CHECK(m.ask("SELECT string_agg(concat_ws('|', source_table, source_id, target_table, target_id), ' ' "
                "ORDER BY target_table) FROM migrated_rows") ==
          "mcp_tools|" + tool_a + "|capabilities|" + tool_a + " mcp_servers|" + server_a + "|resources|" + server_a);
    CHECK(m.ask("SELECT string_agg(concat_ws('|', date, protocol, invocation_count, total_cost), ' ' ORDER BY date, "
                "protocol) FROM mv_daily_cost_summary") ==
          "2024-01-01|grpc|1|0.00010000 2024-01-02|grpc|1|999999.99990000 2024-01-02|1");
    m.run("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_cost_summary");
    m.run("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_cost_summary");
    CHECK(m.ask("SELECT count(*) FROM mv_daily_cost_summary") == "3");

    m.down("007_federation");
    for (std::size_t i = 0; i < tables.size(); ++i) {
        INFO(tables[i]);
        CHECK(m.rows(tables[i]) == before[i]);
    }
}

TEST_CASE("008 goes down only when every amount fits the columns of 007", "[migrate][db]") {
    migrated m{"head"};
    m.run(
        "INSERT INTO cost_tracking (principal_id, resource_id, capability_id) VALUES ('p', 'r', 'c'), ('q', 'r', 'c')");
    m.run("INSERT INTO audit_events (event_type) VALUES ('user_login'), ('user_logout')");
    m.run("INSERT INTO principal_budgets (principal_id) VALUES ('p'), ('q')");
    struct sample {
        std::string table;
        std::string column;
        std::string too_fine;
        std::string too_large;
    };
    std::vector<sample> const samples = {
        {"cost_tracking", "estimated_cost", "0.00004", "1000000"},
        {"cost_tracking", "actual_cost", "0.00004", "1000000"},
        {"audit_events", "estimated_cost", "0.00004", "1000000"},
        {"audit_events", "actual_cost", "0.00004", "1000000"},
        {"principal_budgets", "daily_budget", "0.125", "100000000"},
        {"principal_budgets", "monthly_budget", "0.125", "100000000"},
        {"principal_budgets", "daily_spent", "0.00004", "1000000"},
        {"principal_budgets", "monthly_spent", "0.00004", "1000000"},
    };
    for (sample const& s : samples)
        for (std::string const& amount : {s.too_fine, s.too_large}) {
            INFO(s.table << '.' << s.column << " = " << amount);
            m.run("UPDATE " + s.table + " SET " + s.column + " = " + amount);
            CHECK_THAT(expect_failure(m, "007_federation", false),
                       ContainsSubstring("of 81 (the amounts fit the columns of 007): DO $sark$ -- stops when rows") &&
                           ContainsSubstring(s.table + ": 2 row(s) have amounts that numeric(10,4) or numeric(10,2)"));
            CHECK(m.ask("SELECT sum(" + s.column + ") = 2 * " + amount + " FROM " + s.table) == "t");
            m.run("UPDATE " + s.table + " SET " + s.column + " = 99999.99");
        }
    m.down("007_federation");
    for (sample const& s : samples) CHECK(m.ask("SELECT bool_and(" + s.column + " = 99999.99) FROM " + s.table) == "t");
}

TEST_CASE("at head the database keeps ids, times and keys by itself", "[migrate][db]") {
    migrated m{"head"};
    {
        INFO("ids");
        m.run("INSERT INTO users (email, full_name, hashed_password) VALUES ('a', 'a', 'a'), ('b', 'b', 'b')");
        CHECK(m.ask("SELECT count(DISTINCT id) FROM users") == "2");
    }
    {
        INFO("updated_at follows every update, unless the statement sets it");
        m.run("INSERT INTO resources (id, name, protocol, endpoint, updated_at) "
              "VALUES ('r', 'n', 'mcp', 'e', '2000-01-01')");
        m.run("UPDATE resources SET name = 'm'");
        CHECK(m.ask("SELECT updated_at > now() - interval '1 hour' FROM resources") == "t");
        m.run("UPDATE resources SET name = 'o', updated_at = '2001-01-01 00:00:00+00'");
        CHECK(m.ask("SELECT updated_at AT TIME ZONE 'UTC' FROM resources") == "2001-01-01 00:00:00");
        CHECK(m.ask("SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' "
                    "WHERE c.relnamespace = 'public'::regnamespace AND a.attname = 'updated_at' AND NOT EXISTS "
                    "(SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'tg_' || c.relname || "
                    "'_updated_at')") == "0");
    }
    {
        INFO("a request is charged once per time, and costs without a request are free of that key");
        std::string const insert = "INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, "
                                   "request_id) VALUES ('2024-01-01', 'p', 'r', 'c', ";
        m.run(insert + "'q')");
        CHECK_THROWS_WITH(m.run(insert + "'q')"), ContainsSubstring("ux_cost_tracking_request"));
        m.run(insert + "NULL)");
        m.run(insert + "NULL)");
        CHECK(m.ask("SELECT count(*) FROM cost_tracking") == "3");
    }
    {
        INFO("the day of the cost view is the UTC day, whoever refreshes it");
        m.run("DELETE FROM cost_tracking");
        m.run("INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, estimated_cost) "
              "VALUES ('2024-01-01 23:30:00+00', 'p', 'r', 'c', 2)");
        for (std::string const zone : {"UTC", "Asia/Tokyo", "America/New_York"}) {
            m.db.execute("SET TIME ZONE '" + zone + "'");
            m.db.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_cost_summary");
            CHECK(m.ask("SELECT date || '|' || total_cost FROM mv_daily_cost_summary") == "2024-01-01|2.00000000");
        }
    }
    {
        INFO("a protocol may be any lower-case name");
        for (std::string const name : {"mcp", "graphql", "ws+json", "a2a", "x.y-z_1"})
            m.run("INSERT INTO resources (id, name, protocol, endpoint) VALUES ('" + name + "', 'n', '" + name +
                  "', 'e')");
        for (std::string const name : {"", "MCP", "1a", "a b", "a'b", "a\nb", "a\n"})
            CHECK_THROWS_WITH(m.db.query_text("INSERT INTO resources (id, name, protocol, endpoint) "
                                              "VALUES ('x', 'n', $1, 'e')",
                                              {name}),
                              ContainsSubstring("ck_resources_protocol"));
    }
}
