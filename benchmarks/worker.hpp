// SPDX-License-Identifier: MIT
//
// What every measured program shares. A worker measures one contender at one workload:
//
//   WORKER WORKLOAD CONTENDER RESOURCES COUNT        the database is in DATABASE_URL
//
// It says {"ready":true}, then answers each line on its input with a line of JSON: one repetition. A program that can
// take these arguments and print these lines can be measured, whatever its language. One process for each pair of
// contender and workload, so that a peak of memory belongs to somebody.

#pragma once

#include <ctime>
#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sark/models.hpp>

namespace bench {
struct service;
}
template <>
inline constexpr std::string_view sark::protocol_of<bench::service> = "http";

namespace bench {

inline std::size_t allocation_count = 0;

/// What a repetition read or wrote. `sum` adds up sizes and values of all members: contenders have to agree on it.
struct outcome {
    std::size_t rows = 0;
    std::uint64_t sum = 0;
};

struct job {
    std::function<outcome()> work;
    std::function<void()> before = [] {};
    std::function<std::uint64_t()> sum =
        {};  // where the sum is no part of the work: asked for when the clock has stopped
    int backend = 0;
};

struct request {
    std::string_view workload;
    std::string_view contender;
    std::size_t resources;
    std::size_t count;
    std::string url;
};

[[noreturn]] inline void unknown(request const& r) {
    throw std::runtime_error{std::string{r.contender} + " does not know workload " + std::string{r.workload}};
}

/// CPU of a process of the server in milliseconds; negative where the system does not tell.
inline double backend_cpu(int pid) {
    std::ifstream in{"/proc/" + std::to_string(pid) + "/schedstat"};
    std::uint64_t nanoseconds = 0;
    return in >> nanoseconds ? static_cast<double>(nanoseconds) / 1e6 : -1.0;
}

inline double own_cpu() {
    timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

/// Peak memory in kB. Linux hands the peak of getrusage on from the program that started this one; VmHWM is our own.
inline long peak_kb() {
    std::ifstream in{"/proc/self/status"};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
#ifdef __APPLE__
    return used.ru_maxrss / 1024;
#else
    return used.ru_maxrss;
#endif
}

inline int serve(int count, char** arguments, job (*make)(request const&)) {
    try {
        char const* const url = std::getenv("DATABASE_URL");
        if (count != 5 || url == nullptr) throw std::runtime_error{"needs four arguments and DATABASE_URL"};
        request const asked{arguments[1], arguments[2], std::stoull(arguments[3]), std::stoull(arguments[4]), url};
        job const j = make(asked);
        std::cout << "{\"ready\":true}" << std::endl;
        for (std::string line; std::getline(std::cin, line);) {
            j.before();
            double const server = backend_cpu(j.backend);
            std::size_t const allocations = allocation_count;
            double const cpu = own_cpu();
            auto const begin = std::chrono::steady_clock::now();
            outcome got = j.work();
            double const wall =
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
            double const cpu_used = own_cpu() - cpu;
            std::size_t const made = allocation_count - allocations;
            double const server_used = server < 0 ? -1.0 : backend_cpu(j.backend) - server;
            if (j.sum) got.sum = j.sum();
            std::printf("{\"wall\":%.4f,\"cpu\":%.4f,\"server\":%.4f,\"allocations\":%zu,\"peak_kb\":%ld,\"rows\":%zu,"
                        "\"sum\":\"%llu\"}\n",
                        wall, cpu_used, server_used, made, peak_kb(), got.rows,
                        static_cast<unsigned long long>(got.sum));
            std::fflush(stdout);
        }
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "%s: %s\n", arguments[0], e.what());
        return 1;
    }
}

// --- the work, the same for all --------------------------------------------------------------------------------------

inline std::vector<std::string> ids(request const& r) {
    std::vector<std::string> out;
    std::uint64_t s = 88'172'645'463'325'252U;
    for (std::size_t i = 0; i < r.count; ++i) {
        s ^= s << 13U;
        s ^= s >> 7U;
        s ^= s << 17U;
        char id[24];
        std::snprintf(id, sizeof id, "res-%08llx", static_cast<unsigned long long>(1 + s % r.resources));
        out.emplace_back(id);
    }
    return out;
}

inline std::string team(std::size_t i) { return "{\"team\": \"team-" + std::to_string(i) + "\"}"; }

/// What the documents of the resources hold; those of one protocol are read as this.
struct limits {
    std::int64_t rps{};
    std::int64_t burst{};
};
struct service {
    std::string team{};
    std::string region{};
    std::string version{};
    std::int64_t tier{};
    bool active{};
    std::vector<std::string> tags{};
    std::optional<bench::limits> limits{};
    std::optional<std::string> contact{};
};

inline std::uint64_t sum(std::string const& s) { return s.size(); }
inline std::uint64_t sum(sark::json const& j) { return j.text().size(); }
inline std::uint64_t sum(sark::timestamp t) { return static_cast<std::uint64_t>(t.unix_micros()); }
inline std::uint64_t sum(std::int64_t i) { return static_cast<std::uint64_t>(i); }
inline std::uint64_t sum(sark::Sensitivity s) { return static_cast<std::uint64_t>(sark::label_of(s).size()); }
inline std::uint64_t sum(sark::money m) { return static_cast<std::uint64_t>(m.units()); }
template <class T>
std::uint64_t sum(std::optional<T> const& o) {
    return o ? sum(*o) : 1;
}
inline std::uint64_t sum(sark::Resource const& r) {
    return sum(r.id) + sum(r.name) + sum(r.protocol) + sum(r.endpoint) + sum(r.sensitivity_level) + sum(r.metadata_) +
           sum(r.created_at) + sum(r.updated_at);
}
inline std::uint64_t sum(sark::Capability const& c) {
    return sum(c.id) + sum(c.resource_id) + sum(c.name) + sum(c.description) + sum(c.input_schema) +
           sum(c.output_schema) + sum(c.sensitivity_level) + sum(c.metadata_) + sum(c.created_at) + sum(c.updated_at);
}
inline std::uint64_t sum(bool b) { return b ? 1 : 0; }
template <class T>
std::uint64_t sum(std::vector<T> const& values);
inline std::uint64_t sum(limits const& l) { return sum(l.rps) + sum(l.burst); }
inline std::uint64_t sum(service const& s) {
    return sum(s.team) + sum(s.region) + sum(s.version) + sum(s.tier) + sum(s.active) + sum(s.tags) + sum(s.limits) +
           sum(s.contact);
}
inline std::uint64_t sum(sark::typed<service> const& r) {
    return sum(static_cast<sark::Resource const&>(r)) + sum(r.metadata);
}
template <class T>
std::uint64_t sum(std::vector<T> const& values) {
    std::uint64_t all = values.size();
    for (T const& value : values) all += sum(value);
    return all;
}
template <class A, class B>
std::uint64_t sum(std::pair<A, B> const& p) {
    return sum(p.first) + sum(p.second);
}
template <class... T>
std::uint64_t sum(std::tuple<T...> const& t) {
    return std::apply([](auto const&... part) { return (std::uint64_t{0} + ... + sum(part)); }, t);
}
template <class Row>
void add(outcome& o, Row const& row) {
    ++o.rows;
    o.sum += sum(row);
}
template <class Row>
outcome total(std::vector<Row> const& rows) {
    outcome o;
    for (Row const& row : rows) add(o, row);
    return o;
}

using cost = std::tuple<std::int64_t, sark::timestamp, std::string, std::string, std::string,
                        std::optional<sark::money>, std::optional<sark::money>>;

// --- the statements, as a person writes them -------------------------------------------------------------------------

inline std::string const resource_columns =
    "id, name, protocol, endpoint, sensitivity_level, metadata, created_at, updated_at";
inline std::string const all_resources = "SELECT " + resource_columns + " FROM resources";
inline std::string const http_resources = all_resources + " WHERE protocol = 'http'";
inline std::string const resource_by_id = all_resources + " WHERE id = $1";
inline std::string const resources_that_contain = all_resources + " WHERE metadata @> $1";
inline std::string const capabilities_with_resource =
    "SELECT c.id, c.resource_id, c.name, c.description, c.input_schema, c.output_schema, c.sensitivity_level, "
    "c.metadata, c.created_at, c.updated_at, r.id, r.name, r.protocol, r.endpoint, r.sensitivity_level, r.metadata, "
    "r.created_at, r.updated_at FROM capabilities c JOIN resources r ON r.id = c.resource_id WHERE r.protocol = 'grpc'";
inline std::string const some_costs =
    "SELECT id, \"timestamp\", principal_id, resource_id, capability_id, estimated_cost, actual_cost FROM "
    "cost_tracking ORDER BY \"timestamp\", id LIMIT $1";
inline std::string const one_cost =
    "INSERT INTO cost_single (\"timestamp\", principal_id, resource_id, capability_id, estimated_cost, metadata) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";

inline std::string target_table(std::string_view workload) {
    return workload == "W3" ? "resources_plain" : "resources_indexed";
}

/// The cost that W4 writes again and again.
inline constexpr std::int64_t cost_time = 1'750'000'000'000'000;
inline constexpr char cost_time_text[] = "2025-06-15 15:06:40+00";
inline constexpr char cost_amount[] = "12.3456";
inline constexpr char cost_metadata[] = R"({"model": "small", "cached": false, "tokens_in": 12, "tokens_out": 7})";

}  // namespace bench
