// SPDX-License-Identifier: MIT
//
// Measures the library against the same work by hand on libpq, in the same run: sark_bench [rows [rounds]].
//
// By hand means what its author would defend: prepared, binary results, fields by position, members filled in place.
// Rounds are interleaved (hand, ours, hand, ours, …) and figures are medians of ratios within a round, so that what the
// machine does meanwhile meets both. Client CPU is user + system time of this process; the server has its own.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>
#include <sark/testing.hpp>

using sark::Capability, sark::CostTracking, sark::Resource, sark::col, sark::from;

namespace {
std::size_t allocation_count = 0;
}

// NOLINTBEGIN: the replacements have to look like this.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocation_count;
    if (void* const p = std::malloc(size == 0 ? 1 : size)) return p;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
// NOLINTEND

namespace by_hand {

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

result ok(PGconn* on, PGresult* r) {
    auto const status = PQresultStatus(r);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN) {
        std::fprintf(stderr, "by hand: %s\n", PQerrorMessage(on));
        std::exit(1);
    }
    return {r, &PQclear};
}

std::int64_t network(char const* from) {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8U | static_cast<unsigned char>(from[i]);
    return static_cast<std::int64_t>(bits);
}
std::string text(PGresult* r, int row, int column, int skip = 0) {
    return {PQgetvalue(r, row, column) + skip, static_cast<std::size_t>(PQgetlength(r, row, column) - skip)};
}
sark::timestamp time(PGresult* r, int row, int column) {
    return sark::timestamp::from_unix_micros(network(PQgetvalue(r, row, column)) + 946'684'800'000'000);
}
sark::Sensitivity level(PGresult* r, int row, int column) {
    switch (*PQgetvalue(r, row, column)) {
        case 'l': return sark::Sensitivity::low;
        case 'm': return sark::Sensitivity::medium;
        case 'h': return sark::Sensitivity::high;
        default: return sark::Sensitivity::critical;
    }
}
Resource resource(PGresult* r, int row) {
    return {text(r, row, 0), text(r, row, 1),  text(r, row, 2),
            text(r, row, 3), level(r, row, 4), sark::json{text(r, row, 5, 1)},
            time(r, row, 6), time(r, row, 7)};
}
std::vector<Resource> resources(result const& r) {
    std::vector<Resource> rows;
    int const n = PQntuples(r.get());
    rows.reserve(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) rows.push_back(resource(r.get(), i));
    return rows;
}

template <class I>
void put(std::string& out, I value) {
    for (int shift = static_cast<int>(sizeof(I) * 8) - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift));
}
void put_text(std::string& out, std::string_view value) {
    put(out, static_cast<std::int32_t>(value.size()));
    out += value;
}
void put_time(std::string& out, sark::timestamp value) {
    put(out, std::int32_t{8});
    put(out, value.unix_micros() - 946'684'800'000'000);
}

}  // namespace by_hand

namespace {

using clock_type = std::chrono::steady_clock;

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const seconds = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct spent {
    double wall = 0;
    double cpu = 0;
    std::size_t allocations = 0;
};

spent measure(std::function<std::size_t()> const& work, std::size_t expected) {
    std::size_t const allocations = allocation_count;
    double const cpu = cpu_seconds();
    auto const begin = clock_type::now();
    std::size_t const rows = work();
    spent const s{std::chrono::duration<double>(clock_type::now() - begin).count(), cpu_seconds() - cpu,
                  allocation_count - allocations};
    if (rows != expected) {
        std::fprintf(stderr, "%zu rows instead of %zu\n", rows, expected);
        std::exit(1);
    }
    return s;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct workload {
    char const* name;
    std::size_t rows;
    std::function<std::size_t()> hand;
    std::function<std::size_t()> ours;
    std::function<void()> before = [] {};
};

void run(workload const& w, int rounds) {
    std::vector<double> wall;
    std::vector<double> cpu;
    spent hand;
    spent ours;
    for (int round = -2; round < rounds; ++round) {  // two to warm up: the statements are prepared then
        w.before();
        hand = measure(w.hand, w.rows);
        w.before();
        ours = measure(w.ours, w.rows);
        if (round < 0) continue;
        wall.push_back(ours.wall / hand.wall);
        cpu.push_back(ours.cpu / hand.cpu);
    }
    std::printf("| %-44s | %9.2f | %9.2f | %9.2f | %9.2f | %9.2f |\n", w.name, median(wall), median(cpu),
                ours.cpu * 1e9 / static_cast<double>(w.rows) / 1e3,
                static_cast<double>(hand.allocations) / static_cast<double>(w.rows),
                static_cast<double>(ours.allocations) / static_cast<double>(w.rows));
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t const n = count > 1 ? static_cast<std::size_t>(std::atoll(arguments[1])) : 100'000;
    int const rounds = count > 2 ? std::atoi(arguments[2]) : 7;

    sark::testing::postgres const server{{.settings = {{"shared_buffers", "512MB"}, {"max_wal_size", "4GB"}}}};
    sark::connection db{server.url()};
    for (std::string_view statement : sark::create_statements<Resource, Capability, CostTracking>)
        db.execute(statement);
    std::string const size = std::to_string(n);
    db.execute("INSERT INTO resources SELECT 'res-' || lpad(to_hex(i), 8, '0'), 'Payments service ' || i, "
               "(ARRAY['mcp','http','grpc'])[1 + i % 3], 'https://svc-' || i || '.example.internal:8443/api/' || "
               "md5(i::text), (ARRAY['low','medium','high','critical'])[1 + i % 4], jsonb_build_object('team', 'team-' "
               "|| i % 100, 'region', 'eu-west-1', 'tier', i % 4, 'active', i % 3 <> 0, 'tags', "
               "jsonb_build_array('prod', 'zone-' || i % 7), 'owner', md5(i::text)), now() - i * interval '1 second', "
               "now() FROM generate_series(1, " +
               size + ") AS i");
    db.execute(
        "INSERT INTO capabilities SELECT 'cap-' || lpad(to_hex(i), 8, '0'), 'res-' || lpad(to_hex(1 + (i - 1) / "
        "5), 8, '0'), 'list_' || i % 30, 'Runs operation ' || i || ' against the service', "
        "'{\"type\": \"object\"}', '{\"type\": \"array\"}', 'medium', '{}', now(), now() FROM generate_series(1, " +
        size + ") AS i");
    db.execute("INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, estimated_cost, "
               "actual_cost) SELECT now() - i * interval '1 second', 'user-' || i % 5000, 'res', 'cap', (i % 50000) / "
               "1000.0, CASE WHEN i % 5 = 0 THEN NULL ELSE (i % 7919) / 100.0 END FROM generate_series(1, " +
               size + ") AS i");
    db.execute("CREATE TABLE stock AS SELECT * FROM resources");
    db.execute("VACUUM (ANALYZE, FREEZE)");

    PGconn* const hand = PQconnectdb(server.url().c_str());
    auto const prepare = [&](char const* name, std::string_view sql) {
        by_hand::ok(hand, PQprepare(hand, name, std::string{sql}.c_str(), 0, nullptr));
    };
    auto const call = [&](char const* name, std::vector<char const*> const& values = {}) {
        return by_hand::ok(
            hand, PQexecPrepared(hand, name, static_cast<int>(values.size()), values.data(), nullptr, nullptr, 1));
    };

    std::size_t const lookups = std::min<std::size_t>(n, 20'000);
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < lookups; ++i) {
        char id[16];
        std::snprintf(id, sizeof id, "res-%08zx", 1 + (i * 7919) % n);
        ids.emplace_back(id);
    }
    auto const by_id = [](std::string_view id) { return from<Resource>().where(col<&Resource::id> == id); };
    auto const everything = from<Resource>();
    auto const contained = from<Resource>().where(
        col<&Resource::metadata_>.contains(sark::json{R"({"team": "team-7"})"}));
    auto const joined = from<Capability>().join<Resource>().select(
        col<&Capability::id>, col<&Capability::name>, col<&Capability::description>, col<&Capability::input_schema>,
        col<&Resource::id>, col<&Resource::name>, col<&Resource::endpoint>, col<&Resource::metadata_>);
    auto const costs = from<CostTracking>().select(col<&CostTracking::id>, col<&CostTracking::timestamp_>,
                                                   col<&CostTracking::principal_id>, col<&CostTracking::resource_id>,
                                                   col<&CostTracking::estimated_cost>, col<&CostTracking::actual_cost>);
    prepare("by_id", by_id("").sql);
    prepare("everything", everything.sql);
    prepare("contained", contained.sql);
    prepare("joined", joined.sql);
    prepare("costs", costs.sql);
    prepare("cost", "INSERT INTO cost_tracking (principal_id, resource_id, capability_id, estimated_cost) VALUES ($1, "
                    "$2, $3, $4)");
    std::vector<Resource> const stock = db.all(everything);
    auto const empty = [&] { db.execute("TRUNCATE resources CASCADE"); };

    std::printf("%zu rows, %d rounds; ratios to libpq by hand\n\n", n, rounds);
    std::printf("| %-44s | wall      | CPU       | us/row    | new, hand | new, ours |\n", "workload");
    std::printf("|%s|----------:|----------:|----------:|----------:|----------:|\n", std::string(46, '-').c_str());

    auto const hand_lookups = [&] {
        std::size_t found = 0;
        for (std::string const& id : ids) found += by_hand::resources(call("by_id", {id.c_str()})).size();
        return found;
    };
    run({"look-up by id", lookups, hand_lookups,
         [&] {
             std::size_t found = 0;
             for (std::string const& id : ids) found += db.all(by_id(id)).size();
             return found;
         }},
        rounds);
    run({"the same ids in one call (find_many)", lookups, hand_lookups,
         [&] {
             std::size_t found = 0;
             for (auto const& row : db.find_many<Resource>(ids)) found += row.has_value() ? 1U : 0U;
             return found;
         }},
        rounds);
    auto const hand_everything = [&] { return by_hand::resources(call("everything")).size(); };
    run({"all resources (all)", n, hand_everything, [&] { return db.all(everything).size(); }}, rounds);
    run({"all resources (stream), kept", n, hand_everything,
         [&] {
             std::vector<Resource> rows;
             for (Resource& r : db.stream(everything)) rows.push_back(std::move(r));
             return rows.size();
         }},
        rounds);
    run({"all resources (stream)", n, hand_everything,
         [&] {
             std::size_t rows = 0;
             for ([[maybe_unused]] Resource const& r : db.stream(everything)) ++rows;
             return rows;
         }},
        rounds);
    run({"all resources (copy_out)", n, hand_everything,
         [&] {
             std::size_t rows = 0;
             db.copy_out(everything, [&](Resource const&) { ++rows; });
             return rows;
         }},
        rounds);
    run({"containment, a hundredth of the rows", n / 100,
         [&] { return by_hand::resources(call("contained", {R"({"team": "team-7"})"})).size(); },
         [&] { return db.all(contained).size(); }},
        rounds);
    run({"join, 4 + 4 columns", n,
         [&] {
             auto const r = call("joined");
             using row = std::remove_cvref_t<decltype(db.all(joined).front())>;
             std::vector<row> rows;
             int const found = PQntuples(r.get());
             rows.reserve(static_cast<std::size_t>(found));
             for (int i = 0; i < found; ++i) {
                 auto* const p = r.get();
                 std::optional<std::string> description;
                 if (PQgetisnull(p, i, 2) == 0) description = by_hand::text(p, i, 2);
                 rows.emplace_back(by_hand::text(p, i, 0), by_hand::text(p, i, 1), std::move(description),
                                   sark::json{by_hand::text(p, i, 3, 1)}, by_hand::text(p, i, 4),
                                   by_hand::text(p, i, 5), by_hand::text(p, i, 6),
                                   sark::json{by_hand::text(p, i, 7, 1)});
             }
             return rows.size();
         },
         [&] { return db.all(joined).size(); }},
        rounds);
    run({"costs: bigint, timestamptz, 2 numeric, exact", n,
         [&] {
             auto const r = call("costs");
             using row = std::remove_cvref_t<decltype(db.all(costs).front())>;
             std::vector<row> rows;
             int const found = PQntuples(r.get());
             rows.reserve(static_cast<std::size_t>(found));
             auto const amount = [&](int i, int c) -> std::optional<sark::money> {
                 if (PQgetisnull(r.get(), i, c) != 0) return std::nullopt;
                 char const* p = PQgetvalue(r.get(), i, c);
                 auto const two = [&](int at) {
                     return static_cast<std::int16_t>(static_cast<unsigned char>(p[at]) << 8U |
                                                      static_cast<unsigned char>(p[at + 1]));
                 };
                 sark::money::units_type units = 0;
                 int const digits = two(0);
                 for (int d = 0; d < digits; ++d) units = units * 10000 + two(8 + 2 * d);
                 for (int at = two(2) - digits + 1; at > -2; --at) units *= 10000;
                 return sark::money::from_units(units);
             };
             for (int i = 0; i < found; ++i)
                 rows.emplace_back(by_hand::network(PQgetvalue(r.get(), i, 0)), by_hand::time(r.get(), i, 1),
                                   by_hand::text(r.get(), i, 2), by_hand::text(r.get(), i, 3), amount(i, 4),
                                   amount(i, 5));
             return rows.size();
         },
         [&] { return db.all(costs).size(); }},
        rounds);
    std::size_t const singles = std::min<std::size_t>(n, 5000);
    run({"one cost at a time, autocommit", singles,
         [&] {
             for (std::size_t i = 0; i < singles; ++i) call("cost", {"user-1", "res-1", "cap-1", "0.25"});
             return singles;
         },
         [&] {
             for (std::size_t i = 0; i < singles; ++i)
                 db.insert(CostTracking{.principal_id = "user-1",
                                        .resource_id = "res-1",
                                        .capability_id = "cap-1",
                                        .estimated_cost = sark::money{"0.25"}});
             return singles;
         }},
        rounds);
    auto const hand_copy = [&] {
        by_hand::ok(hand, PQexec(hand, "COPY resources FROM STDIN (FORMAT binary)"));
        std::string out;
        out.append("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        for (Resource const& r : stock) {
            by_hand::put(out, std::int16_t{8});
            for (auto const* s : {&r.id, &r.name, &r.protocol, &r.endpoint}) by_hand::put_text(out, *s);
            by_hand::put_text(out, sark::label_of(r.sensitivity_level));
            by_hand::put(out, static_cast<std::int32_t>(r.metadata_.text().size() + 1));
            out += '\x01';
            out += r.metadata_.text();
            by_hand::put_time(out, r.created_at);
            by_hand::put_time(out, r.updated_at);
            if (out.size() > 65'536) PQputCopyData(hand, out.data(), static_cast<int>(out.size())), out.clear();
        }
        by_hand::put(out, std::int16_t{-1});
        PQputCopyData(hand, out.data(), static_cast<int>(out.size()));
        PQputCopyEnd(hand, nullptr);
        while (PGresult* const r = PQgetResult(hand)) by_hand::ok(hand, r);
        return stock.size();
    };
    // Without the indexes, whose upkeep is the server's work and hides the client's.
    db.execute("ALTER TABLE capabilities DROP CONSTRAINT capabilities_resource_id_fkey");
    for (auto const& row : db.query_text("SELECT indexname FROM pg_indexes WHERE tablename = 'resources' AND indexname "
                                         "NOT LIKE '%pkey'"))
        db.execute("DROP INDEX \"" + *row[0] + '"');
    run({"insert (copy_in), against COPY by hand", n, hand_copy, [&] { return db.copy_in(stock); }, empty}, rounds);
    run({"insert (insert_many), against COPY", n, hand_copy, [&] { return db.insert_many(stock); }, empty}, rounds);
    run({"insert (insert_many_returning), against COPY", n, hand_copy,
         [&] { return db.insert_many_returning(stock).size(); }, empty},
        rounds);

    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::printf("\npeak memory of this process: %ld MB\n", used.ru_maxrss / 1024);
    PQfinish(hand);
}
