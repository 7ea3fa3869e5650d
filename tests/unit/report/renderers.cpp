// SPDX-License-Identifier: MIT
#include <sark/report.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "support/catch.hpp"

namespace r = sark::report;

namespace {

/// Is what a name of a database can hold when somebody means harm: an escape sequence, markup, quotes, a turn of the
/// direction of text, a C1 control, broken UTF-8 and the end of a CDATA section.
constexpr std::string_view hostile = "\x1b[2Jx</pre><script>alert('1')</script>&\"]]>\xE2\x80\xAE\xC2\x9B"
                                     "2J\xFF\xC0\xAF\x07";

r::report sample() {
    return {.tool = "sark drift",
            .version = "1.2.3",
            .database = "shop",
            .started = "2026-01-02T03:04:05Z",
            .counts = {{"tables", 16}, {"columns compared", 152}},
            .findings = {{.id = "comment",
                          .severity = r::severity::info,
                          .subject = "teams",
                          .what = "The comment of table teams differs."},
                         {.id = "index-missing",
                          .severity = r::severity::error,
                          .subject = "users.ix",
                          .what = "Index ix of table users is missing.",
                          .why = "Look-ups read the table.",
                          .evidence = "line 1\nline 2",
                          .repair = {"CREATE INDEX \"ix\" ON \"users\" (\"a\")", "ANALYZE \"users\""}}},
            .unchecked = {}};
}

r::report hostile_report() {
    std::string const bad{hostile};
    r::report made{.tool = bad, .version = bad, .database = bad, .started = bad};
    made.counts = {{bad, 1}};
    made.findings = {{bad, r::severity::critical, bad, bad, bad, bad, {bad}}};
    made.unchecked = {bad};
    return made;
}

/// Tells whether a text has only what may be shown: line ends, and no control or turn of direction.
bool harmless(std::string_view text) {
    while (!text.empty()) {
        auto const c = r::detail::first_code_point(text);
        if (c.size == 0 || (r::detail::is_treacherous(c.value) && c.value != '\n')) return false;
        text.remove_prefix(c.size);
    }
    return true;
}

std::size_t occurrences(std::string_view text, std::string_view of) {
    std::size_t n = 0;
    for (std::size_t at = text.find(of); at != std::string_view::npos; at = text.find(of, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("a report as text is aligned and begins with the worst", "[report]") {
    CHECK(r::text(sample()) == "sark drift 1.2.3, database shop, 2026-01-02T03:04:05Z\n"
                               "  tables            16\n"
                               "  columns compared  152\n"
                               "\n"
                               "error     users.ix  [index-missing]\n"
                               "             Index ix of table users is missing.\n"
                               "  why        Look-ups read the table.\n"
                               "  evidence   line 1\n"
                               "             line 2\n"
                               "  repair     CREATE INDEX \"ix\" ON \"users\" (\"a\");\n"
                               "             ANALYZE \"users\";\n"
                               "\n"
                               "info      teams  [comment]\n"
                               "             The comment of table teams differs.\n"
                               "\n"
                               "2 findings: 1 error, 1 info\n");
    CHECK(r::text({.tool = "sark drift"}) == "sark drift\nno findings\n");
    CHECK_THAT(r::text(sample(), {.colour = true}), ContainsSubstring("\x1b[31merror\x1b[0m     users.ix"));
    CHECK_THAT(r::text(sample(), {.repairs = false}), !ContainsSubstring("CREATE INDEX"));
}

TEST_CASE("a report as JSON carries the version of its form and every field", "[report]") {
    auto const d = nlohmann::json::parse(r::json(sample()));
    CHECK(d.at("schema_version") == "1.0");
    CHECK(d.at("database") == "shop");
    CHECK(d.at("counts").at("columns compared") == 152);
    CHECK(d.at("severities") == nlohmann::json{{"critical", 0}, {"error", 1}, {"warning", 0}, {"info", 1}});
    CHECK(d.at("findings").size() == 2);
    CHECK(d.at("findings").at(0) ==
          nlohmann::json{{"id", "index-missing"},
                         {"severity", "error"},
                         {"subject", "users.ix"},
                         {"what", "Index ix of table users is missing."},
                         {"why", "Look-ups read the table."},
                         {"evidence", "line 1\nline 2"},
                         {"repair", {"CREATE INDEX \"ix\" ON \"users\" (\"a\")", "ANALYZE \"users\""}}});
    auto const empty = nlohmann::json::parse(r::json({.tool = "sark lint"}));
    CHECK(empty.at("database").is_null());
    CHECK(empty.at("findings") == nlohmann::json::array());
}

TEST_CASE("a report as SARIF names rules, levels and places", "[report]") {
    auto const d = nlohmann::json::parse(r::sarif(sample()));
    CHECK(d.at("version") == "2.1.0");
    auto const& run = d.at("runs").at(0);
    CHECK(run.at("tool").at("driver").at("name") == "sark drift");
    CHECK(run.at("tool").at("driver").at("rules").size() == 2);
    CHECK(run.at("invocations").at(0).at("executionSuccessful") == true);
    auto const& first = run.at("results").at(0);
    CHECK(first.at("ruleId") == "index-missing");
    CHECK(first.at("level") == "error");
    CHECK(first.at("message").at("text") == "Index ix of table users is missing. Look-ups read the table.");
    CHECK(first.at("locations").at(0).at("logicalLocations").at(0).at("fullyQualifiedName") == "users.ix");
    CHECK(run.at("results").at(1).at("level") == "note");

    r::report gaps = sample();
    gaps.unchecked = {"no privilege"};
    gaps.findings.push_back(gaps.findings[0]);
    auto const again = nlohmann::json::parse(r::sarif(gaps)).at("runs").at(0);
    CHECK(again.at("invocations").at(0).at("executionSuccessful") == false);
    CHECK(again.at("tool").at("driver").at("rules").size() == 2);
    CHECK(again.at("results").size() == 3);
}

TEST_CASE("a report as JUnit fails at its threshold", "[report]") {
    std::string const xml = r::junit(sample());
    CHECK_THAT(xml, ContainsSubstring("<testsuite name=\"sark drift\" tests=\"2\" failures=\"1\" errors=\"0\""));
    CHECK_THAT(xml, ContainsSubstring("<failure type=\"error\" message=\"Index ix of table users is missing.\">"));
    CHECK_THAT(xml, ContainsSubstring("<system-out>info: The comment of table teams differs.</system-out>"));
    CHECK_THAT(r::junit(sample(), r::severity::info), ContainsSubstring("failures=\"2\""));
    CHECK_THAT(r::junit({.tool = "sark drift"}), ContainsSubstring("tests=\"1\" failures=\"0\" errors=\"0\""));
}

TEST_CASE("hostile names do nothing in any form", "[report]") {
    r::report const bad = hostile_report();
    std::string const text = r::text(bad);
    CHECK(harmless(text));
    CHECK_THAT(text, ContainsSubstring("\\x1b[2Jx"));
    CHECK_THAT(text, ContainsSubstring("\\u{202e}\\u{009b}2J\\xff\\xc0\\xaf\\x07"));

    for (std::string const& markup : {r::html(bad), r::junit(bad)}) {
        CHECK(harmless(markup));
        CHECK(markup.find("<script") == std::string::npos);
        CHECK(markup.find("]]>") == std::string::npos);
        CHECK(occurrences(markup, "&lt;script&gt;") > 5);
        CHECK(occurrences(markup, "<") == occurrences(markup, ">"));
    }
    CHECK(r::html(bad).find("http://") == std::string::npos);

    for (std::string const& document : {r::json(bad), r::sarif(bad)}) {
        CHECK(harmless(document));
        for (char const c : document) REQUIRE(static_cast<unsigned char>(c) < 0x7F);
        CHECK(nlohmann::json::accept(document));
    }
    // What is not broken comes back as it was.
    auto const d = nlohmann::json::parse(r::json({.tool = "x", .findings = {{.id = "a", .what = "\x1b\xC2\x9B<&"}}}));
    CHECK(d.at("findings").at(0).at("what") == "\x1b\xC2\x9B<&");
}

TEST_CASE("the exit code tells findings from gaps", "[report]") {
    r::report made{.tool = "x"};
    CHECK(r::exit_code(made) == r::exit_clean);
    made.findings = {{.id = "a", .severity = r::severity::warning}};
    CHECK(r::exit_code(made) == r::exit_clean);
    CHECK(r::exit_code(made, r::severity::warning) == r::exit_findings);
    CHECK(r::exit_code(made, r::severity::info) == r::exit_findings);
    made.findings.push_back({.id = "b", .severity = r::severity::error});
    CHECK(r::exit_code(made) == r::exit_findings);
    CHECK(r::exit_code(made, r::severity::critical) == r::exit_clean);
    made.unchecked = {"no privilege"};
    CHECK(r::exit_code(made, r::severity::critical) == r::exit_critical);
    made.unchecked.clear();
    made.findings.push_back({.id = "c", .severity = r::severity::critical});
    CHECK(r::exit_code(made, r::severity::critical) == r::exit_critical);
}
