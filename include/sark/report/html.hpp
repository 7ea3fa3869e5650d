// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <sark/report/detail/escape.hpp>
#include <sark/report/report.hpp>
#include <sark/report/text.hpp>

namespace sark::report::detail {

/// Needs nothing from anywhere: the policy forbids scripts and every load, so a hostile name finds nothing to start.
inline constexpr std::string_view html_head = R"html(<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin-bottom: 0; }
table { border-collapse: collapse; margin: 1rem 0; }
td { padding: 0 1.5rem 0 0; }
td + td { text-align: right; font-variant-numeric: tabular-nums; }
section { border-left: .3rem solid #888; padding: .1rem 1rem; margin: 1.2rem 0; }
.critical { border-color: #a00; } .error { border-color: #d44; } .warning { border-color: #c90; } .info { border-color: #48c; }
h2 { font-size: 1rem; margin: .3rem 0; overflow-wrap: anywhere; }
h2 small { font-weight: normal; opacity: .7; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
pre { background: #8882; padding: .6rem; overflow-x: auto; margin: .4rem 0; }
</style>
)html";

}  // namespace sark::report::detail

namespace sark::report {

/// Renders a report as one HTML page that loads nothing and runs nothing.
[[nodiscard]] inline std::string html(report const& r) {
    using detail::markup;
    std::string const title = markup(r.tool + (r.database ? ": " + *r.database : std::string{}), false);
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n";
    out += detail::html_head;
    out += "<title>" + title + "</title>\n</head>\n<body>\n<h1>" + title + "</h1>\n<p>" + detail::summary(r);
    if (!r.started.empty()) out += " &middot; " + markup(r.started, false);
    if (!r.version.empty()) out += " &middot; version " + markup(r.version, false);
    out += "</p>\n";
    if (!r.counts.empty()) {
        out += "<table>\n";
        for (count const& c : r.counts)
            out += "<tr><td>" + markup(c.name, false) + "</td><td>" + std::to_string(c.value) + "</td></tr>\n";
        out += "</table>\n";
    }
    for (finding const& f : worst_first(r.findings)) {
        std::string const severity{text_of(f.severity)};
        out += "<section class=\"" + severity + "\">\n<h2>" + severity + ' ' + markup(f.subject, false) + " <small>" +
               markup(f.id, false) + "</small></h2>\n<p>" + markup(f.what) + "</p>\n";
        if (!f.why.empty()) out += "<p>" + markup(f.why) + "</p>\n";
        if (!f.evidence.empty()) out += "<pre>" + markup(f.evidence) + "</pre>\n";
        if (!f.repair.empty()) out += "<pre><code>" + markup(detail::script_of(f.repair)) + "</code></pre>\n";
        out += "</section>\n";
    }
    for (std::string const& gap : r.unchecked)
        out += "<section class=\"critical\">\n<h2>not checked</h2>\n<p>" + markup(gap) + "</p>\n</section>\n";
    return out + "</body>\n</html>\n";
}

}  // namespace sark::report
