// SPDX-License-Identifier: MIT
//
// Results as Markdown, and two results beside each other.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "measure.hpp"

namespace bench {

/// A table of texts. Columns after the first hold numbers.
struct table {
    std::string title;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows{};
};

inline std::string number(figures const& value, int digits) {
    if (value.is_null()) return "–";
    char out[48];
    std::snprintf(out, sizeof out, "%.*f", digits, value.get<double>());
    return out;
}

inline std::string grouped(std::size_t value) {
    std::string out = std::to_string(value);
    for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
    return out;
}
inline std::string grouped(figures const& value) { return grouped(value.get<std::size_t>()); }

inline table workload_table(figures const& w) {
    table t{w["id"].get<std::string>() + ": " + w["title"].get<std::string>() + ", " + grouped(w["rows"]) + " rows",
            {"program", "wall ratio", "client CPU ratio", "wall ms", "client CPU ms", "server CPU ms", "new per row",
             "peak MB"}};
    for (figures const& r : w["results"])
        t.rows.push_back({r["contender"].get<std::string>(), number(r["wall_ratio"], 2),
                          number(r["client_cpu_ratio"], 2), number(r["wall_ms"], 1), number(r["client_cpu_ms"], 1),
                          number(r["server_cpu_ms"], 1), number(r["allocations_per_row"], 2), number(r["peak_mb"], 0)});
    return t;
}

/// One figure of the series: a line for each program, a column for each number of rows.
inline table scale_table(figures const& scale, char const* figure, std::string const& title, int digits) {
    table t{title, {"program"}};
    for (figures const& step : scale) t.head.push_back(grouped(step["rows"]) + " rows");
    for (figures const& first : scale.front()["results"]) {
        std::vector<std::string> line{first["contender"].get<std::string>()};
        for (figures const& step : scale) {
            auto const found = std::find_if(step["results"].begin(), step["results"].end(),
                                            [&](figures const& r) { return r["contender"] == first["contender"]; });
            line.push_back(found == step["results"].end() ? "–" : number((*found)[figure], digits));
        }
        t.rows.push_back(std::move(line));
    }
    return t;
}

inline constexpr char growth_title[] = "Larger and larger tables: microseconds per call";
inline constexpr char growth_server_title[] = "Of these, CPU of the server";

inline table header_table(figures const& compile) {
    table t{"Headers", {"header", "preprocessed lines", "user seconds"}};
    for (figures const& h : compile["headers"])
        t.rows.push_back({h["header"].get<std::string>(), grouped(h["lines"]), number(h["seconds"], 2)});
    return t;
}

inline std::string further(figures const& compile) {
    return "A further query costs " + number(compile["further_query_ms"], 0) +
           " ms, a further model of eight columns " + number(compile["further_model_ms"], 0) +
           " ms (slope over 16, `-O0 -c`).";
}

inline std::string origin(figures const& result) {
    return "Commit " + result["commit"].get<std::string>() + ", " + result["date"].get<std::string>() + ". " +
           result["machine"].get<std::string>() + ", libpq " + std::to_string(result["libpq"].get<int>()) +
           ", libpqxx " + result["libpqxx"].get<std::string>() + ". " + grouped(result["resources"]) + " resources, " +
           grouped(result["capabilities"]) + " capabilities, " + grouped(result["costs"]) + " costs; medians of " +
           std::to_string(result["rounds"].get<int>()) + " rounds.";
}

inline constexpr char reading[] =
    "Ratios are to the first line of each table, within a round: below 1 is quicker. Read them, not the times.";

inline std::string markdown(table const& t, std::string const& level) {
    std::string out = level + " " + t.title + "\n\n";
    auto const line = [&](std::vector<std::string> const& cells) {
        for (std::string const& cell : cells) {
            bool const is_header = cell.starts_with('<');
            out += is_header ? "| `" + cell + "` " : "| " + cell + " ";
        }
        out += "|\n";
    };
    line(t.head);
    out += "|---|";
    for (std::size_t i = 1; i < t.head.size(); ++i) out += "---:|";
    out += '\n';
    for (auto const& row : t.rows) line(row);
    return out + "\n";
}

inline std::string markdown(figures const& result) {
    std::string out = "# Figures\n\n" + origin(result) + "\n\n" + reading + "\n\n";
    for (figures const& w : result["workloads"]) out += markdown(workload_table(w), "##");
    out += "## More and more rows\n\nW7 again.\n\n";
    out += markdown(scale_table(result["scale"], "us_per_row", "Microseconds per row", 3), "###");
    out += markdown(scale_table(result["scale"], "peak_mb", "Peak memory of the client, MB", 0), "###");
    if (result.contains("growth"))
        out += markdown(scale_table(result["growth"], "us_per_call", growth_title, 1), "##") +
               markdown(scale_table(result["growth"], "server_us_per_call", growth_server_title, 1), "###");
    out += "## Compile time\n\n" + further(result["compile"]) + "\n\n";
    out += markdown(header_table(result["compile"]), "###");
    out.pop_back();
    return out;
}

/// Puts the ratios of two results beside each other: what both measured.
inline std::string comparison(figures const& before, figures const& after) {
    std::string out = "before: " + origin(before) + "\nafter: " + origin(after) + "\n\n";
    table t{"Ratios, before and after",
            {"workload, program", "wall before", "wall after", "change", "CPU before", "CPU after", "change",
             "new before", "new after"}};
    auto const change = [](figures const& a, figures const& b) {
        return number((b.get<double>() / a.get<double>() - 1) * 100, 0) + " %";
    };
    for (figures const& w : after["workloads"])
        for (figures const& v : before["workloads"]) {
            if (v["id"] != w["id"]) continue;
            for (figures const& r : w["results"])
                for (figures const& q : v["results"]) {
                    if (q["contender"] != r["contender"]) continue;
                    t.rows.push_back({w["id"].get<std::string>() + " " + r["contender"].get<std::string>(),
                                      number(q["wall_ratio"], 2), number(r["wall_ratio"], 2),
                                      change(q["wall_ratio"], r["wall_ratio"]), number(q["client_cpu_ratio"], 2),
                                      number(r["client_cpu_ratio"], 2),
                                      change(q["client_cpu_ratio"], r["client_cpu_ratio"]),
                                      number(q["allocations_per_row"], 2), number(r["allocations_per_row"], 2)});
                }
        }
    return out + markdown(t, "##");
}

}  // namespace bench
