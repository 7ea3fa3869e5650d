// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include <sark/report/detail/escape.hpp>
#include <sark/report/report.hpp>
#include <sark/report/text.hpp>

namespace sark::report {

/// Renders a report as JUnit XML: a test case per finding, one that passed when there is none. Findings below `fail_on`
/// pass, with their sentence as output; what could not be checked is an error.
[[nodiscard]] inline std::string junit(report const& r, severity fail_on = severity::error) {
    using detail::markup;
    std::size_t failures = 0;
    for (finding const& f : r.findings) failures += f.severity >= fail_on || f.severity == severity::critical;
    std::size_t const cases = r.findings.size() + r.unchecked.size();
    std::string const numbers = "tests=\"" + std::to_string(cases == 0 ? 1 : cases) + "\" failures=\"" +
                                std::to_string(failures) + "\" errors=\"" + std::to_string(r.unchecked.size()) + '"';
    std::string const suite = markup(r.tool, false);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" + suite + "\" " + numbers +
                      ">\n  <testsuite name=\"" + suite + "\" " + numbers;
    if (!r.started.empty()) out += " timestamp=\"" + markup(r.started, false) + '"';
    out += ">\n";
    if (r.database || !r.counts.empty()) {
        out += "    <properties>\n";
        auto const put = [&](std::string const& name, std::string const& value) {
            out += "      <property name=\"" + markup(name, false) + "\" value=\"" + markup(value, false) + "\"/>\n";
        };
        if (r.database) put("database", *r.database);
        for (count const& c : r.counts) put(c.name, std::to_string(c.value));
        out += "    </properties>\n";
    }
    if (cases == 0) out += "    <testcase classname=\"" + suite + "\" name=\"no findings\"/>\n";
    for (finding const& f : worst_first(r.findings)) {
        out += "    <testcase classname=\"" + suite + '.' + markup(f.id, false) + "\" name=\"" +
               markup(f.subject.empty() ? f.id : f.subject, false) + "\">\n";
        std::string details = f.what;
        if (!f.why.empty()) details += '\n' + f.why;
        if (!f.evidence.empty()) details += '\n' + f.evidence;
        if (!f.repair.empty()) details += '\n' + detail::script_of(f.repair);
        if (f.severity >= fail_on || f.severity == severity::critical)
            out += "      <failure type=\"" + std::string{text_of(f.severity)} + "\" message=\"" +
                   markup(f.what, false) + "\">" + markup(details) + "</failure>\n";
        else
            out += "      <system-out>" + std::string{text_of(f.severity)} + ": " + markup(details) + "</system-out>\n";
        out += "    </testcase>\n";
    }
    for (std::string const& gap : r.unchecked)
        out += "    <testcase classname=\"" + suite + "\" name=\"not checked\">\n      <error message=\"" +
               markup(gap, false) + "\"/>\n    </testcase>\n";
    return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace sark::report
