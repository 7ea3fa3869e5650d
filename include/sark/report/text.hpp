// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <sark/report/detail/escape.hpp>
#include <sark/report/report.hpp>

namespace sark::report {

struct text_options {
    bool colour = false;  ///< for a terminal that wants it; the caller asks NO_COLOR
    bool repairs = true;  ///< writes the statements that repair
};

}  // namespace sark::report

namespace sark::report::detail {

[[nodiscard]] constexpr std::string_view colour_of(severity s) {
    switch (s) {
        case severity::critical: return "\x1b[1;31m";
        case severity::error: return "\x1b[31m";
        case severity::warning: return "\x1b[33m";
        case severity::info: break;
    }
    return "\x1b[36m";
}

/// Appends lines under a label, all of them indented alike.
inline void put_block(std::string& out, std::string_view label, std::string_view text) {
    constexpr std::size_t indent = 13;
    out += "  ";
    out += label;
    out.append(indent - 2 - label.size(), ' ');
    for (char const c : visible(text, true)) {
        out += c;
        if (c == '\n') out.append(indent, ' ');
    }
    out += '\n';
}

/// Gives the one line that sums a report up: `2 findings: 1 error, 1 warning`.
[[nodiscard]] inline std::string summary(report const& r) {
    std::size_t const n = r.findings.size();
    std::string out = n == 0 ? "no findings" : std::to_string(n) + (n == 1 ? " finding" : " findings");
    std::string_view separator = ": ";
    for (severity const s : severities)
        if (std::size_t const of = count_of(r, s); of > 0) {
            out += separator;
            out += std::to_string(of) + ' ';
            out += text_of(s);
            separator = ", ";
        }
    if (!r.unchecked.empty()) out += "; " + std::to_string(r.unchecked.size()) + " not checked";
    return out;
}

}  // namespace sark::report::detail

namespace sark::report {

/// Renders a report for people: worst first, aligned, every control character of a name shown and not obeyed.
[[nodiscard]] inline std::string text(report const& r, text_options const& how = {}) {
    std::string out = detail::visible(r.tool);
    if (!r.version.empty()) out += ' ' + detail::visible(r.version);
    if (r.database) out += ", database " + detail::visible(*r.database);
    if (!r.started.empty()) out += ", " + detail::visible(r.started);
    out += '\n';
    std::size_t widest = 0;
    for (count const& c : r.counts) widest = std::max(widest, detail::visible(c.name).size());
    for (count const& c : r.counts) {
        std::string const name = detail::visible(c.name);
        out += "  " + name + std::string(widest - name.size() + 2, ' ') + std::to_string(c.value) + '\n';
    }
    for (finding const& f : worst_first(r.findings)) {
        out += '\n';
        if (how.colour) out += detail::colour_of(f.severity);
        out += text_of(f.severity);
        if (how.colour) out += "\x1b[0m";
        out.append(10 - text_of(f.severity).size(), ' ');
        if (!f.subject.empty()) out += detail::visible(f.subject) + "  ";
        out += '[' + detail::visible(f.id) + "]\n";
        detail::put_block(out, "", f.what);
        if (!f.why.empty()) detail::put_block(out, "why", f.why);
        if (!f.evidence.empty()) detail::put_block(out, "evidence", f.evidence);
        if (how.repairs && !f.repair.empty()) detail::put_block(out, "repair", detail::script_of(f.repair));
    }
    for (std::string const& gap : r.unchecked) {
        out += '\n';
        detail::put_block(out, "unchecked", gap);
    }
    if (!r.findings.empty() || !r.unchecked.empty()) out += '\n';
    return out + detail::summary(r) + '\n';
}

}  // namespace sark::report
