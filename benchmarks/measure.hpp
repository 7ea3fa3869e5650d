// SPDX-License-Identifier: MIT
//
// Runs contenders in turns and makes figures of what they answer.

#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "compile_time.hpp"
#include "process.hpp"

namespace bench {

using figures = nlohmann::ordered_json;

struct contender {
    std::string name;
    words program;
    std::string way;
};

struct workload {
    std::string id;
    std::string title;
    std::size_t resources = 0;
    std::size_t count = 0;
    std::vector<contender> contenders{};  // the first one is what the others are compared with
};

/// Measures a workload: `rounds` rounds after some to warm up. Everybody runs once in a round; who comes first changes.
inline figures measure(workload const& w, int rounds, int warm_up = 2) {
    struct runner {
        worker process;
        std::vector<figures> rounds;
    };
    std::vector<runner> runners;
    auto const hear = [](contender const& c, worker& process) {
        std::optional<std::string> const line = process.answer();
        if (!line) throw std::runtime_error{c.name + " ended early, see above"};
        return figures::parse(*line);
    };
    for (contender const& c : w.contenders) {
        words command = c.program;
        for (std::string const& word : {w.id, c.way, std::to_string(w.resources), std::to_string(w.count)})
            command.push_back(word);
        runners.push_back({worker{command}, {}});
        static_cast<void>(hear(c, runners.back().process));
    }
    for (int round = -warm_up; round < rounds; ++round) {
        for (std::size_t i = 0; i < runners.size(); ++i) {
            std::size_t const turn = (i + static_cast<std::size_t>(round + warm_up)) % runners.size();
            runners[turn].process.ask();
            figures const got = hear(w.contenders[turn], runners[turn].process);
            if (round >= 0) runners[turn].rounds.push_back(got);
        }
    }

    figures const& first = runners.front().rounds.front();
    double const rows = first["rows"].get<double>();
    figures out{{"id", w.id}, {"title", w.title}, {"rows", first["rows"]}, {"results", figures::array()}};
    for (std::size_t i = 0; i < runners.size(); ++i) {
        auto const& mine = runners[i].rounds;
        for (figures const& r : mine)
            if (r["rows"] != first["rows"] || r["sum"] != first["sum"])
                throw std::runtime_error{w.id + ": " + w.contenders[i].name + " read something else than " +
                                         w.contenders.front().name};
        auto const column = [&](char const* name) {
            std::vector<double> values;
            for (figures const& r : mine) values.push_back(r[name].get<double>());
            return values;
        };
        auto const ratio = [&](char const* name) {
            std::vector<double> values;
            for (std::size_t n = 0; n < mine.size(); ++n)
                values.push_back(mine[n][name].get<double>() / runners.front().rounds[n][name].get<double>());
            return median(values);
        };
        figures one{{"contender", w.contenders[i].name}};
        one["wall_ratio"] = ratio("wall");
        one["client_cpu_ratio"] = ratio("cpu");
        one["wall_ms"] = median(column("wall"));
        one["client_cpu_ms"] = median(column("cpu"));
        double const server = median(column("server"));  // below: round brackets, braces would make an array
        one["server_cpu_ms"] = server < 0 ? figures() : figures(server);
        figures const& allocations = mine.back()["allocations"];
        one["allocations_per_row"] = allocations.is_null() ? figures() : figures(allocations.get<double>() / rows);
        one["peak_mb"] = mine.back()["peak_kb"].get<double>() / 1024;
        one["wall_ms_of_rounds"] = column("wall");
        out["results"].push_back(one);
    }
    return out;
}

}  // namespace bench
