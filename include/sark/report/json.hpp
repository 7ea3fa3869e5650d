// SPDX-License-Identifier: MIT
#pragma once

// The door to nlohmann/json for reports.

#include <nlohmann/json.hpp>
#include <string>

#include <sark/report/report.hpp>

namespace sark::report {

/// Is the version of the JSON form: the first number changes when a reader of the old form would misread the new one.
inline constexpr char const* json_schema_version = "1.0";

}  // namespace sark::report

namespace sark::report::detail {

using document = nlohmann::ordered_json;

/// Writes ASCII only: what a name may hold then does nothing to a terminal, and broken UTF-8 is replaced.
[[nodiscard]] inline std::string written(document const& d) {
    return d.dump(2, ' ', true, document::error_handler_t::replace) + '\n';
}

[[nodiscard]] inline document document_of(finding const& f) {
    document d{{"id", f.id}, {"severity", text_of(f.severity)}, {"subject", f.subject}, {"what", f.what}};
    d["why"] = f.why;
    d["evidence"] = f.evidence;
    d["repair"] = f.repair;
    return d;
}

}  // namespace sark::report::detail

namespace sark::report {

/// Renders a report as one JSON object that carries `schema_version`; findings with the worst first.
[[nodiscard]] inline std::string json(report const& r) {
    detail::document d{{"schema_version", json_schema_version}, {"tool", r.tool}, {"version", r.version}};
    d["database"] = r.database ? detail::document(*r.database) : detail::document(nullptr);
    d["started"] = r.started.empty() ? detail::document(nullptr) : detail::document(r.started);
    d["counts"] = detail::document::object();
    for (count const& c : r.counts) d["counts"][c.name] = c.value;
    d["severities"] = detail::document::object();
    for (severity const s : severities) d["severities"][std::string{text_of(s)}] = count_of(r, s);
    d["findings"] = detail::document::array();
    for (finding const& f : worst_first(r.findings)) d["findings"].push_back(detail::document_of(f));
    d["unchecked"] = r.unchecked;
    return detail::written(d);
}

}  // namespace sark::report
