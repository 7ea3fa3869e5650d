// SPDX-License-Identifier: MIT
//
// Starts a server, loads the data, measures all contenders at all workloads and writes the results. Called by
// benchmarks/run, which has the manual.

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <tuple>
#include <string_view>

#include <libpq-fe.h>
#include <pqxx/version>

#include <sark/testing.hpp>

#include "data.hpp"
#include "machine.hpp"
#include "measure.hpp"
#include "page.hpp"
#include "tables.hpp"

namespace {

using bench::contender, bench::figures, bench::machine_class, bench::say, bench::today, bench::workload, bench::write;

struct options {
    std::string mode = "normal";
    std::filesystem::path output{};
    std::filesystem::path programs{};
    std::string commit = "unknown";
    std::string python{};  // empty: no peers
    bool has_sqlalchemy = false;
    std::vector<std::string> compared{};
};

options read(int count, char** arguments) {
    options o;
    o.programs = std::filesystem::absolute(arguments[0]).parent_path();
    for (int i = 1; i < count; ++i) {
        std::string_view const name = arguments[i];
        auto const value = [&] {
            if (++i >= count) throw std::runtime_error{std::string{name} + " needs a value"};
            return std::string{arguments[i]};
        };
        if (name == "--mode")
            o.mode = value();
        else if (name == "--output")
            o.output = value();
        else if (name == "--commit")
            o.commit = value();
        else if (name == "--python")
            o.python = value();
        else if (name == "--sqlalchemy")
            o.has_sqlalchemy = true;
        else if (name == "--compare")
            o.compared = {value(), value()};
        else
            throw std::runtime_error{"unknown option " + std::string{name}};
    }
    return o;
}

figures load_result(std::string const& path) {
    std::ifstream in{path};
    if (!in) throw std::runtime_error{"cannot read " + path};
    return figures::parse(in);
}

figures measure_all(options const& o) {
    bool const quick = o.mode == "quick";
    bench::sizes const n{quick ? 10'000U : 100'000U, quick ? 50'000U : 500'000U,
                         quick              ? 100'000U
                         : o.mode == "full" ? 10'000'000U
                                            : 1'000'000U};
    // Parallel workers would hide from the CPU of the backend; compiled expressions come and go with estimates.
    sark::testing::postgres const server{{.settings = {{"shared_buffers", "512MB"},
                                                       {"max_wal_size", "4GB"},
                                                       {"jit", "off"},
                                                       {"max_parallel_workers_per_gather", "0"}}}};
    ::setenv("DATABASE_URL", server.url().c_str(), 1);
    sark::connection db{server.url()};
    say("loading " + std::to_string(n.resources) + " resources, " + std::to_string(n.capabilities) + " capabilities, " +
        std::to_string(n.costs) + " costs");
    bench::load(db, n);

    auto const program = [&](char const* name) { return bench::words{(o.programs / name).string()}; };
    contender const binary{"libpq, binary", program("sark_bench_libpq"), "binary"};
    contender const text{"libpq, text", program("sark_bench_libpq"), "text"};
    contender const pipelined{"libpq, pipelined", program("sark_bench_libpq"), "pipelined"};
    contender const pqxx{"libpqxx", program("sark_bench_libpqxx"), "prepared"};
    auto const ours = [&](std::string const& way) {
        return contender{"sark, " + way, program("sark_bench_sark"), way};
    };
    std::vector<contender> peers;
    if (!o.python.empty()) {
        bench::words const script{o.python, SARK_BENCH_PEERS};
        peers.push_back({"psycopg2", script, "psycopg2"});
        if (o.has_sqlalchemy) {
            peers.push_back({"SQLAlchemy Core", script, "core"});
            peers.push_back({"SQLAlchemy ORM", script, "orm"});
        }
    }
    std::vector<workload> workloads{
        {"W1", "look-ups by id, one statement each", n.resources, quick ? 2'000U : 20'000U},
        {"W2", "all resources into structs", n.resources, n.resources},
        {"W2b", "resources of a protocol, their documents decoded to structs", n.resources, n.resources / 10},
        {"W3", "insert of all resources, table with a primary key", n.resources, n.resources},
        {"W3i", "insert of all resources, table with all indexes", n.resources, n.resources},
        {"W4", "single inserts of a cost, autocommit, id returned", n.resources, quick ? 1'000U : 5'000U},
        {"W5", "20 containment queries, a hundredth of the resources each", n.resources, 20},
        {"W6", "join, 10 + 8 columns", n.resources, n.capabilities / 10},
        {"W7", "costs: integer, time, texts, two exact amounts", n.resources, n.resources}};
    std::vector<std::vector<std::string>> const ways{{"all", "pipeline", "find_many"},
                                                     {"all", "stream", "copy_out"},
                                                     {"all", "stream"},
                                                     {"copy_in", "insert_many", "insert_many_returning"},
                                                     {"copy_in", "insert_many"},
                                                     {"insert_into"},
                                                     {"all"},
                                                     {"all"},
                                                     {"all", "stream"}};
    int const rounds = quick ? 5 : 7;

    figures out{{"format", 1},
                {"commit", o.commit},
                {"date", today()},
                {"machine", machine_class(db)},
                {"mode", o.mode},
                {"libpq", PQlibVersion() / 10'000},
                {"libpqxx", PQXX_VERSION},
                {"resources", n.resources},
                {"capabilities", n.capabilities},
                {"costs", n.costs},
                {"rounds", rounds}};
    for (std::size_t i = 0; i < workloads.size(); ++i) {
        workload& w = workloads[i];
        bool const decodes = w.id == "W2b";  // by hand with libpq only: the JSON library is the cost
        w.contenders = {binary, text};
        if (!decodes) w.contenders.push_back(pqxx);
        if (w.id == "W1") w.contenders.push_back(pipelined);
        for (std::string const& way : ways[i]) w.contenders.push_back(ours(way));
        if (!decodes) w.contenders.insert(w.contenders.end(), peers.begin(), peers.end());
        say("measuring " + w.id + ": " + w.title);
        out["workloads"].push_back(bench::measure(w, rounds));
    }

    // The same statement with more and more rows: does a row stay as dear, and what is held in memory?
    out["scale"] = figures::array();
    for (std::size_t rows = 10'000; rows <= n.costs; rows *= 10) {
        workload w{"W7", "costs", n.resources, rows};
        // Who holds ten million rows, and libpq's copy of them, holds more than most machines have.
        if (rows <= 1'000'000)
            w.contenders = {binary, text, pqxx, ours("all"), ours("stream")};
        else
            w.contenders = {ours("stream")};
        say("measuring the series: " + std::to_string(rows) + " rows");
        figures one = bench::measure(w, 3);
        for (figures& r : one["results"])
            r["us_per_row"] = r["wall_ms"].get<double>() * 1e3 / static_cast<double>(rows);
        one.erase("id");
        one.erase("title");
        out["scale"].push_back(one);
    }

    // One row, a hundred rows and one insert, in ever larger tables: they may grow as an index gets deeper, not faster.
    out["growth"] = figures::array();
    for (std::size_t rows = 10'000; rows <= n.costs; rows *= 10) {
        say("measuring growth: " + std::to_string(rows) + " rows");
        bench::grow(db, rows);
        figures step{{"rows", rows}, {"results", figures::array()}};
        for (auto const& [id, name, count] :
             {std::tuple{"G1", "look-up by id", 2'000U}, std::tuple{"G5", "containment, a hundred rows", 100U},
              std::tuple{"G6", "the same, index of paths", 100U}, std::tuple{"G4", "insert of a cost", 1'000U}}) {
            figures const one = bench::measure({id, name, rows, count, {ours("all")}}, 3);
            figures const& result = one["results"][0];
            step["results"].push_back({{"contender", name},
                                       {"us_per_call", result["wall_ms"].get<double>() * 1e3 / count},
                                       {"server_us_per_call", result["server_cpu_ms"].get<double>() * 1e3 / count}});
        }
        out["growth"].push_back(step);
    }

    say("measuring compile times");
    bench::words compiler{SARK_BENCH_COMPILER, "-std=c++20"};
    std::string const folders = SARK_BENCH_INCLUDES;
    for (std::size_t at = 0; at < folders.size();) {
        std::size_t const end = std::min(folders.find('|', at), folders.size());
        if (end > at) compiler.push_back("-I" + folders.substr(at, end - at));
        at = end + 1;
    }
    out["compile"] = bench::compile_times(compiler, quick ? 3 : 5);
    return out;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        options const o = read(count, arguments);
        if (!o.compared.empty()) {
            std::cout << bench::comparison(load_result(o.compared[0]), load_result(o.compared[1]));
            return 0;
        }
        figures const result = measure_all(o);
        std::filesystem::create_directories(o.output);
        std::string const name = o.mode == "normal" ? "results" : o.mode;
        write(o.output / (name + ".json"), result.dump(1) + "\n");
        write(o.output / (name + ".md"), bench::markdown(result));
        write(o.output / (name + ".html"), bench::page(result));
        std::cout << bench::markdown(result);
        say("written: " + name + ".json, " + name + ".md, " + name + ".html");
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "error: " << e.what() << '\n';
        return 1;
    }
}
