// SPDX-License-Identifier: MIT
//
// Results as one HTML page that needs nothing else: plots as inline SVG, each beside its table.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tables.hpp"

namespace bench {

inline std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    return out;
}

inline std::string fixed(double value, int digits = 1) {
    char out[48];
    std::snprintf(out, sizeof out, "%.*f", digits, value);
    return out;
}

inline std::string html(table const& t) {
    std::string out = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + escaped(t.title) +
                      "\"><table><caption>" + escaped(t.title) + "</caption><thead><tr>";
    for (std::string const& cell : t.head) out += "<th scope=\"col\">" + escaped(cell) + "</th>";
    out += "</tr></thead><tbody>\n";
    for (auto const& row : t.rows) {
        out += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i)
            out += (i == 0 ? "<th scope=\"row\">" : "<td>") + escaped(row[i]) + (i == 0 ? "</th>" : "</td>");
        out += "</tr>\n";
    }
    return out + "</tbody></table></div>\n";
}

/// Horizontal bars, each with its name and its value as text; what is ours has the accent.
inline std::string bars(std::string const& title, std::vector<std::pair<std::string, double>> const& values,
                        bool has_base) {
    double greatest = 1e-9;
    for (auto const& [name, value] : values) greatest = std::max(greatest, value);
    constexpr double left = 150;
    constexpr double width = 340;
    constexpr double step = 24;
    double const height = step * static_cast<double>(values.size()) + 6;
    std::string out = "<svg role=\"img\" aria-label=\"" + escaped(title) +
                      "; the table has the values\" viewBox=\"0 0 560 " + fixed(height, 0) + "\">\n";
    double y = 3;
    for (auto const& [name, value] : values) {
        std::string const middle = fixed(y + 14);
        double const length = value / greatest * width;
        out += "<text x=\"" + fixed(left - 8) + "\" y=\"" + middle + "\" text-anchor=\"end\">" + escaped(name) +
               "</text><rect class=\"" + (name.find("sark") != std::string::npos ? "ours" : "other") + "\" x=\"" +
               fixed(left) + "\" y=\"" + fixed(y + 1) + "\" width=\"" + fixed(length) +
               "\" height=\"17\" rx=\"2\"/><text x=\"" + fixed(left + length + 6) + "\" y=\"" + middle + "\">" +
               fixed(value, 2) + "</text>\n";
        y += step;
    }
    if (has_base) {
        std::string const x = fixed(left + width / greatest);
        out += "<line class=\"base\" x1=\"" + x + "\" x2=\"" + x + "\" y1=\"0\" y2=\"" + fixed(height) + "\"/>\n";
    }
    return out + "</svg>\n";
}

/// Lines over rows, both axes logarithmic. Names stand at the right end, moved apart where they would meet.
inline std::string lines(std::string const& title, figures const& scale, char const* figure) {
    struct series {
        std::string name;
        std::vector<std::pair<double, double>> points;
        double label = 0;
    };
    std::vector<series> all;
    double low = 1e300;
    double high = 1e-300;
    for (figures const& step : scale)
        for (figures const& r : step["results"]) {
            auto const name = r["contender"].get<std::string>();
            auto at = std::find_if(all.begin(), all.end(), [&](series const& s) { return s.name == name; });
            if (at == all.end()) at = all.insert(all.end(), series{name, {}});
            double const value = std::max(r[figure].get<double>(), 1e-6);
            at->points.emplace_back(step["rows"].get<double>(), value);
            low = std::min(low, value);
            high = std::max(high, value);
        }
    // Whole steps of 1, 2, 5.
    std::vector<double> marks;
    for (double power = std::pow(10.0, std::floor(std::log10(low))); power < high * 10; power *= 10)
        for (double const digit : {1.0, 2.0, 5.0}) marks.push_back(digit * power);
    auto const above = std::upper_bound(marks.begin(), marks.end(), low);
    low = above == marks.begin() ? low : *(above - 1);
    high = *std::lower_bound(marks.begin(), marks.end(), high);
    if (high <= low) high = low * 10;
    double const first = scale.front()["rows"].get<double>();
    double const last = scale.back()["rows"].get<double>();
    auto const x = [&](double v) {
        return 60 + 340 * (last > first ? std::log(v / first) / std::log(last / first) : 0);
    };
    auto const y = [&](double v) { return 230 - 210 * std::log(v / low) / std::log(high / low); };

    std::string out = "<svg role=\"img\" aria-label=\"" + escaped(title) +
                      "; the table has the values\" viewBox=\"0 0 560 260\">\n";
    for (double const mark : marks)
        if (mark >= low * 0.999 && mark <= high * 1.001)
            out += "<line class=\"grid\" x1=\"60\" x2=\"400\" y1=\"" + fixed(y(mark)) + "\" y2=\"" + fixed(y(mark)) +
                   "\"/><text x=\"54\" y=\"" + fixed(y(mark) + 4) + "\" text-anchor=\"end\">" +
                   fixed(mark, mark < 0.1 ? 2 : (mark < 1 ? 1 : 0)) + "</text>\n";
    for (figures const& step : scale)
        out += "<text x=\"" + fixed(x(step["rows"].get<double>())) + "\" y=\"250\" text-anchor=\"middle\">" +
               grouped(step["rows"]) + "</text>\n";
    for (series& s : all) s.label = y(s.points.back().second) + 4;
    std::sort(all.begin(), all.end(), [](series const& a, series const& b) { return a.label < b.label; });
    for (std::size_t i = 1; i < all.size(); ++i) all[i].label = std::max(all[i].label, all[i - 1].label + 15);
    for (series const& s : all) {
        std::string const kind = s.name.find("sark") != std::string::npos ? "ours" : "other";
        out += "<polyline class=\"" + kind + "\" points=\"";
        for (auto const& [rows, value] : s.points) out += fixed(x(rows)) + "," + fixed(y(value)) + " ";
        out += "\"/>";
        for (auto const& [rows, value] : s.points)
            out += "<circle class=\"" + kind + "\" cx=\"" + fixed(x(rows)) + "\" cy=\"" + fixed(y(value)) +
                   "\" r=\"3\"/>";
        out += "<text x=\"" + fixed(x(s.points.back().first) + 10) + "\" y=\"" + fixed(s.label) + "\">" +
               escaped(s.name) + "</text>\n";
    }
    return out + "</svg>\n";
}

inline std::string figure(std::string const& heading, std::string const& plot, table const& t) {
    return "<section><h2>" + escaped(heading) + "</h2><div class=\"pair\"><div>" + plot + "</div>" + html(t) +
           "</div></section>\n";
}

inline constexpr char style[] = R"(
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --rule: #d0d7de; --ours: #0a63c9;
  --other: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161b; --ink: #e6edf3; --soft: #9aa6b2; --rule: #30363d;
  --ours: #58a6ff; --other: #7d8590; } }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; } p { max-width: 48rem; }
.soft { color: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1.5rem;
  align-items: start; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: right; }
tbody th, thead th:first-child { text-align: left; } tbody th { font-weight: 500; white-space: nowrap; }
svg { width: 100%; max-width: 40rem; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } .base { stroke: var(--ink); stroke-dasharray: 3 3; } .grid { stroke: var(--rule); }
rect.ours, circle.ours { fill: var(--ours); } rect.other, circle.other { fill: var(--other); }
polyline { fill: none; stroke-width: 2; } polyline.ours { stroke: var(--ours); }
polyline.other { stroke: var(--other); stroke-dasharray: 5 3; }
)";

inline std::string page(figures const& result) {
    std::string out = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\">\n<title>sark: figures</title>\n<style>" +
                      std::string{style} + "</style>\n<main>\n<h1>sark: figures</h1>\n<p>" + escaped(origin(result)) +
                      "</p>\n<p>" + reading +
                      " Bars show the wall ratio; the dashed line is 1. <span class=\"soft\">New counts allocations by "
                      "operator new in C++ programs; peak MB is that of the client.</span></p>\n";
    for (figures const& w : result["workloads"]) {
        std::vector<std::pair<std::string, double>> values;
        for (figures const& r : w["results"])
            values.emplace_back(r["contender"].get<std::string>(), r["wall_ratio"].get<double>());
        std::string const title = w["id"].get<std::string>() + ": " + w["title"].get<std::string>();
        out += figure(title, bars("Wall ratios of " + title, values, true), workload_table(w));
    }
    table const time = scale_table(result["scale"], "us_per_row", "Microseconds per row", 3);
    out += figure("More and more rows: time", lines(time.title, result["scale"], "us_per_row"), time);
    table const memory = scale_table(result["scale"], "peak_mb", "Peak memory of the client, MB", 0);
    out += figure("More and more rows: memory", lines(memory.title, result["scale"], "peak_mb"), memory);
    if (result.contains("growth")) {
        table const growth = scale_table(result["growth"], "us_per_call", growth_title, 1);
        out += figure("Larger and larger tables", lines(growth.title, result["growth"], "us_per_call"), growth);
    }
    std::vector<std::pair<std::string, double>> seconds;
    for (figures const& h : result["compile"]["headers"])
        seconds.emplace_back(h["header"].get<std::string>(), h["seconds"].get<double>());
    out += figure("Compile time", bars("User seconds of each header", seconds, false), header_table(result["compile"]));
    std::string said = further(result["compile"]);
    said.erase(std::remove(said.begin(), said.end(), '`'), said.end());
    return out + "<p>" + escaped(said) + "</p>\n</main>\n</html>\n";
}

}  // namespace bench
