// SPDX-License-Identifier: MIT
//
// Measures the data migration from v1 to v2. With options it starts a server, loads rows of v1 and drives; with the four
// arguments of worker.hpp it is what is driven. Called by benchmarks/run --upgrade, which has the manual.

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <libpq-fe.h>
#include <pqxx/version>

#include <sark/migrate/runner.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/testing.hpp>
#include <sark/upgrade.hpp>

#include "machine.hpp"
#include "measure.hpp"
#include "tables.hpp"
#include "worker.hpp"

namespace {

using bench::contender, bench::figures, bench::workload;

// --- driven ----------------------------------------------------------------------------------------------------------

/// Leaves v2 as it was before the first run, and the server without work that somebody else caused.
void empty_v2(sark::connection& db) {
    db.execute("TRUNCATE capabilities, resources, migrated_rows");
    db.execute("DROP TABLE IF EXISTS sark_upgrade_runs, sark_upgrade_quarantine");
    db.execute("CHECKPOINT");
}

std::size_t count(sark::connection& db, std::string const& from) {
    return std::stoull(*db.query_text("SELECT count(*) FROM " + from).front()[0]);
}

/// Adds up hashes of all rows of v2: whoever moves the rows has to end with the same.
std::uint64_t content(sark::connection& db) {
    std::uint64_t sum = 0;
    for (char const* const table : {"resources", "capabilities"})
        sum += std::stoull(*db.query_text(std::string{"SELECT coalesce(sum(hash_record_extended(t, 0) & 4294967295), "
                                                      "0)::bigint FROM "} +
                                          table + " AS t")
                                .front()[0]);
    return sum;
}

bench::outcome of(sark::upgrade::run_result const& ran) {
    std::int64_t const rows = ran.servers.migrated() + ran.tools.migrated();
    if (!ran.findings.empty()) throw std::runtime_error{ran.findings.front().what};
    return {static_cast<std::size_t>(rows), static_cast<std::uint64_t>(ran.written())};
}

bench::job make(bench::request const& r) {
    namespace mapping = sark::migrations::mapping;
    auto const db = std::make_shared<sark::connection>(r.url);
    bench::job j;
    j.backend = std::stoi(*db->query_text("SELECT pg_backend_pid()").front()[0]);
    if (r.workload == "U1") {
        j.before = [db] { empty_v2(*db); };
        j.sum = [db] { return content(*db); };
        if (r.contender == "by_hand") {
            // What somebody would write who needs nothing of what a run gives: no batches, no provenance, no check.
            j.work = [db] {
                db->execute(std::string{R"(INSERT INTO "resources" ("id", "name", "protocol", "endpoint", )"
                                        R"("sensitivity_level", "metadata", "created_at", "updated_at") )"} +
                            std::string{mapping::select_resources});
                db->execute(std::string{R"(INSERT INTO "capabilities" ("id", "resource_id", "name", "description", )"
                                        R"("input_schema", "output_schema", "sensitivity_level", "metadata", )"
                                        R"("created_at", "updated_at") )"} +
                            std::string{mapping::select_timed_capabilities});
                return bench::outcome{count(*db, "resources") + count(*db, "capabilities")};
            };
            return j;
        }
        if (r.contender == "execute") {
            j.work = [db] { return of(sark::upgrade::execute(*db)); };
            return j;
        }
    }
    if (r.workload == "U2" && r.contender == "execute") {
        j.work = [db] { return of(sark::upgrade::execute(*db)); };
        return j;
    }
    if (r.workload == "U3" && r.contender == "verify") {
        j.work = [db] {
            auto const seen = sark::upgrade::verify(*db);
            if (!seen.equal()) throw std::runtime_error{"v1 and v2 differ"};
            return bench::outcome{static_cast<std::size_t>(seen.resources.rows + seen.capabilities.rows)};
        };
        return j;
    }
    if (r.workload == "U4" && r.contender == "scan") {
        j.work = [db] { return of(sark::upgrade::scan(*db)); };
        return j;
    }
    bench::unknown(r);
}

// --- driving ---------------------------------------------------------------------------------------------------------

struct options {
    std::string mode = "normal";
    std::filesystem::path output{};
    std::string commit = "unknown";
    int rounds = 0;       // 0: as many as the mode has
    std::string shown{};  // a result: nothing is measured
};

options read(int count, char** arguments) {
    options o;
    for (int i = 1; i < count; ++i) {
        std::string_view const name = arguments[i];
        if (i + 1 >= count) throw std::runtime_error{std::string{name} + " needs a value"};
        std::string const value = arguments[++i];
        if (name == "--mode")
            o.mode = value;
        else if (name == "--output")
            o.output = value;
        else if (name == "--commit")
            o.commit = value;
        else if (name == "--rounds")
            o.rounds = std::stoi(value);
        else if (name == "--show")
            o.shown = value;
        else
            throw std::runtime_error{"unknown option " + std::string{name}};
    }
    return o;
}

/// Loads v1: servers of all transports and tools with schemas of some properties, from numbers and not from chance.
void load(sark::connection& db, std::size_t servers, std::size_t tools) {
    auto const rows = [](std::size_t n) { return " FROM generate_series(1, " + std::to_string(n) + ") AS i"; };
    db.execute(
        "INSERT INTO mcp_servers (id, name, description, transport, endpoint, command, mcp_version, capabilities, "
        "sensitivity_level, signature, status, health_endpoint, last_health_check, consul_id, tags, extra_metadata, "
        "created_at, updated_at) SELECT md5('server' || i)::uuid, (ARRAY['Payments', 'Ledger', 'Search', 'Inventory', "
        "'Billing', 'Identity', 'Notification', 'Reporting'])[1 + i % 8] || ' server ' || i, CASE WHEN i % 10 <> 0 "
        "THEN 'Gives agents access to the upstream service number ' || i || ' on behalf of their users.' END, "
        "(ARRAY['http', 'stdio', 'sse'])[1 + i % 3]::transporttype, CASE WHEN i % 3 <> 1 THEN 'https://svc-' || i || "
        "'.example.internal:8443/mcp' END, CASE WHEN i % 3 = 1 THEN 'npx -y @example/server-' || i || ' --read-only' "
        "END, '2025-06-18', '[\"tools\", \"resources\", \"prompts\"]', (ARRAY['low', 'medium', 'high', "
        "'critical'])[1 + i % 4]::sensitivitylevel, CASE WHEN i % 4 = 0 THEN md5(i::text) || md5('x' || i) END, "
        "'active', CASE WHEN i % 3 <> 1 THEN 'https://svc-' || i || '.example.internal:8443/health' END, CASE WHEN i % "
        "5 <> 0 THEN timestamptz '2025-06-01 00:00:00+00' + i * interval '1 minute' END, 'mcp-' || i, "
        "jsonb_build_array('prod', 'zone-' || i % 7, 'cc-' || i % 1000), "
        "jsonb_strip_nulls(jsonb_build_object('region', "
        "(ARRAY['eu-west-1', 'us-east-2', 'ap-south-1'])[1 + i % 3], 'version', (i % 5) || '.' || (i % 17) || '.' || "
        "(i % 31), 'tier', i % 4, 'limits', CASE WHEN i % 2 = 0 THEN jsonb_build_object('rps', 100 + i % 900, 'burst', "
        "200 + i % 1800) END, 'contact', CASE WHEN i % 3 = 0 THEN 'owner' || i % 5000 || '@example.org' END)), "
        "timestamptz '2024-01-01 00:00:00+00' + (i * 311.123457) * interval '1 second', timestamptz '2025-01-01 "
        "00:00:00+00' + (i * 97.654321) * interval '1 second'" +
        rows(servers));
    db.execute(
        "INSERT INTO mcp_tools (id, server_id, name, description, parameters_schema, sensitivity_level, "
        "requires_approval, signature, extra_metadata, created_at, updated_at) SELECT md5('tool' || i)::uuid, "
        "md5('server' || 1 + (i - 1) % " +
        std::to_string(servers) +
        ")::uuid, (ARRAY['list', 'get', 'create', 'update', 'delete'])[1 + i % 5] || '_' || (ARRAY['invoice', "
        "'account', 'item', 'user', 'report', 'order'])[1 + i % 6], CASE WHEN i % 10 <> 0 THEN 'Runs the operation "
        "number ' || i || ' against the upstream service and returns its result.' END, jsonb_build_object('type', "
        "'object', 'required', jsonb_build_array('id', 'limit'), 'properties', jsonb_build_object('id', "
        "jsonb_build_object('type', 'string', 'description', 'The key of the record.'), 'limit', "
        "jsonb_build_object('type', 'integer', 'minimum', 1, 'maximum', i % 500), 'filter', "
        "jsonb_build_object('type', 'string', 'description', 'Only records that match this expression.'))), "
        "(ARRAY['low', 'medium', 'high', 'critical'])[1 + i % 4]::sensitivitylevel, i % 4 = 3, CASE WHEN i % 4 = 0 "
        "THEN md5(i::text) || md5('y' || i) END, CASE WHEN i % 2 = 0 THEN jsonb_build_object('idempotent', true, "
        "'timeout_ms', 100 * (1 + i % 50), 'scopes', jsonb_build_array('read', 'write')) ELSE '{}' END, timestamptz "
        "'2024-01-01 00:00:00+00' + i * interval '1 second', timestamptz '2025-01-01 00:00:00+00' + i * interval '1 "
        "second'" +
        rows(tools));
    db.execute("VACUUM (ANALYZE, FREEZE)");
}

/// The client does next to nothing here: what counts beside the clock is the CPU of the server.
bench::table against_hand(figures const& w) {
    bench::table t{w["id"].get<std::string>() + ": " + w["title"].get<std::string>() + ", " +
                       bench::grouped(w["rows"]) + " rows",
                   {"program", "wall ratio", "server CPU ratio", "wall s", "server CPU s", "client CPU s", "peak MB"}};
    figures const& base = w["results"].front();
    auto const seconds = [](figures const& ms) { return ms.is_null() ? figures() : figures(ms.get<double>() / 1e3); };
    for (figures const& r : w["results"]) {
        bool const tells = r["server_cpu_ms"].is_number() && base["server_cpu_ms"].is_number();
        figures const ratio = tells ? figures(r["server_cpu_ms"].get<double>() / base["server_cpu_ms"].get<double>())
                                    : figures();
        t.rows.push_back({r["contender"].get<std::string>(), bench::number(r["wall_ratio"], 2), bench::number(ratio, 2),
                          bench::number(seconds(r["wall_ms"]), 1), bench::number(seconds(r["server_cpu_ms"]), 1),
                          bench::number(seconds(r["client_cpu_ms"]), 2), bench::number(r["peak_mb"], 0)});
    }
    return t;
}

bench::table rates(figures const& workloads) {
    bench::table t{"Rows a second", {"", "rows", "rows a second", "µs a row", "peak MB of the client"}};
    for (figures const& w : workloads)
        for (figures const& r : w["results"]) {
            double const seconds = r["wall_ms"].get<double>() / 1e3;
            double const rows = w["rows"].get<double>();
            t.rows.push_back({w["id"].get<std::string>() + ", " + r["contender"].get<std::string>(),
                              bench::grouped(w["rows"]), bench::grouped(static_cast<std::size_t>(rows / seconds)),
                              bench::number(seconds / rows * 1e6, 1), bench::number(r["peak_mb"], 0)});
        }
    return t;
}

std::string markdown(figures const& result) {
    std::string out = "# Figures of the data migration\n\nCommit " + result["commit"].get<std::string>() + ", " +
                      result["date"].get<std::string>() + ". " + result["machine"].get<std::string>() + ", libpq " +
                      std::to_string(result["libpq"].get<int>()) + ", libpqxx " + result["libpqxx"].get<std::string>() +
                      ". " + bench::grouped(result["servers"]) + " servers, " + bench::grouped(result["tools"]) +
                      " tools; " +
                      (result["rounds"] == 1
                           ? std::string{"one round"}
                           : "medians of " + std::to_string(result["rounds"].get<int>()) + " rounds") +
                      ".\n\n" + bench::reading + "\n\n";
    out += bench::markdown(against_hand(result["workloads"].front()), "##");
    out += bench::markdown(rates(result["workloads"]), "##");
    out.pop_back();
    return out;
}

figures measure_all(options const& o, std::string const& self) {
    bool const quick = o.mode == "quick";
    bool const full = o.mode == "full";
    std::size_t const servers = quick ? 2'000 : full ? 100'000 : 20'000;
    std::size_t const tools = servers * 10;
    // As a server that keeps what it promised: commits wait for the disk. Nothing else works at the same time.
    sark::testing::postgres const server{{.settings = {{"fsync", "on"},
                                                       {"synchronous_commit", "on"},
                                                       {"full_page_writes", "on"},
                                                       {"autovacuum", "off"},
                                                       {"shared_buffers", full ? "2GB" : "512MB"},
                                                       {"max_wal_size", "16GB"},
                                                       {"checkpoint_timeout", "1h"},
                                                       {"jit", "off"}}}};
    ::setenv("DATABASE_URL", server.url().c_str(), 1);
    sark::connection db{server.url()};
    bench::say("loading " + std::to_string(servers) + " servers, " + std::to_string(tools) + " tools");
    sark::migrate::upgrade(db, sark::migrations::chain);
    load(db, servers, tools);

    int const rounds = o.rounds > 0 ? o.rounds : full ? 3 : 5;
    figures out{{"format", 1},
                {"commit", o.commit},
                {"date", bench::today()},
                {"machine", bench::machine_class(db)},
                {"mode", o.mode},
                {"libpq", PQlibVersion() / 10'000},
                {"libpqxx", PQXX_VERSION},
                {"servers", servers},
                {"tools", tools},
                {"rounds", rounds}};
    auto const measure = [&](workload w, int warm_up = 1) {
        w.resources = servers;
        w.count = tools;
        bench::say("measuring " + w.id + ": " + w.title);
        out["workloads"].push_back(bench::measure(w, rounds, warm_up));
    };
    measure({"U1",
             "all rows of v1 into v2, tables with all indexes",
             0,
             0,
             {{"INSERT … SELECT by hand", {self}, "by_hand"}, {"sark, execute", {self}, "execute"}}},
            full ? 0 : 1);
    empty_v2(db);
    static_cast<void>(sark::upgrade::execute(db));
    db.execute("VACUUM (ANALYZE)");
    measure({"U2", "a second run, which finds nothing to do", 0, 0, {{"execute, again", {self}, "execute"}}});
    measure({"U3", "every row of v1 compared with v2 by value", 0, 0, {{"verify", {self}, "verify"}}});
    measure({"U4", "what a run would do, read only", 0, 0, {{"scan", {self}, "scan"}}});
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1 && !std::string_view{arguments[1]}.starts_with("--")) return bench::serve(count, arguments, &make);
    try {
        options const o = read(count, arguments);
        if (!o.shown.empty()) {
            std::ifstream in{o.shown};
            std::cout << markdown(figures::parse(in));
            return 0;
        }
        figures const result = measure_all(o, std::filesystem::absolute(arguments[0]).string());
        std::filesystem::create_directories(o.output);
        std::string const name = o.mode == "normal" ? "upgrade" : "upgrade-" + o.mode;
        bench::write(o.output / (name + ".json"), result.dump(1) + "\n");
        bench::write(o.output / (name + ".md"), markdown(result));
        std::cout << markdown(result);
        bench::say("written: " + name + ".json, " + name + ".md");
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "error: " << e.what() << '\n';
        return 1;
    }
}
