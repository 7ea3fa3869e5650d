// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <string_view>

#include <sark/report/detail/escape.hpp>
#include <sark/report/json.hpp>
#include <sark/report/report.hpp>

namespace sark::report::detail {

/// Gives the level of SARIF, which has no fourth one: what is critical is an error there, and says so in a property.
[[nodiscard]] constexpr std::string_view sarif_level(severity s) {
    return s == severity::info ? "note" : s == severity::warning ? "warning" : "error";
}

}  // namespace sark::report::detail

namespace sark::report {

/// Renders a report as SARIF 2.1.0, which code hosts show beside the code. An object of a database has no file, so it is a
/// logical location; what could not be checked is a notification, and the run then was no success.
[[nodiscard]] inline std::string sarif(report const& r) {
    using detail::document;
    document rules = document::array();
    document results = document::array();
    std::set<std::string_view> known;
    std::vector<finding> const findings = worst_first(r.findings);
    for (finding const& f : findings) {
        if (known.insert(f.id).second)
            rules.push_back({{"id", f.id}, {"defaultConfiguration", {{"level", detail::sarif_level(f.severity)}}}});
        document result{{"ruleId", f.id},
                        {"level", detail::sarif_level(f.severity)},
                        {"message", {{"text", f.why.empty() ? f.what : f.what + ' ' + f.why}}}};
        if (!f.subject.empty()) {
            document place{{"fullyQualifiedName", f.subject}};
            document location;
            location["logicalLocations"] = document::array({place});
            result["locations"] = document::array({location});
        }
        // The same finding of the next run is the same line, whatever else was found.
        result["partialFingerprints"] = {{"sark/v1", f.id + '/' + f.subject}};
        result["properties"] = {{"severity", text_of(f.severity)}, {"evidence", f.evidence}, {"repair", f.repair}};
        results.push_back(result);
    }
    document notes = document::array();
    for (std::string const& gap : r.unchecked) notes.push_back({{"level", "error"}, {"message", {{"text", gap}}}});
    document invocation{{"executionSuccessful", r.unchecked.empty()}};
    if (!r.started.empty()) invocation["startTimeUtc"] = r.started;
    if (!notes.empty()) invocation["toolExecutionNotifications"] = notes;

    document driver{{"name", r.tool}};
    if (!r.version.empty()) driver["version"] = r.version;
    driver["rules"] = rules;
    document run{{"tool", {{"driver", driver}}}};
    run["invocations"] = document::array({invocation});
    run["results"] = results;
    if (r.database) run["properties"] = {{"database", *r.database}};
    document d{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}};
    d["runs"] = document::array({run});
    return detail::written(d);
}

}  // namespace sark::report
