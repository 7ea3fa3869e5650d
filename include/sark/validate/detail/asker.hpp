// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/snapshot.hpp>
#include <sark/db/error.hpp>
#include <sark/db/transaction.hpp>
#include <sark/report/report.hpp>
#include <sark/schema/definition.hpp>
#include <sark/validate/detail/question.hpp>
#include <sark/validate/detail/server_queries.hpp>
#include <sark/validate/kinds.hpp>
#include <sark/validate/options.hpp>

namespace sark::validate::detail {

/// Says why something could not be checked, without the server's words, which may quote values.
[[nodiscard]] inline std::string reason_of(sark::error const& problem) {
    std::string const& code = problem.sqlstate();
    if (code == "42501")
        return "the role may not read all of it. Grant SELECT, and BYPASSRLS where row security is on.";
    if (code == "57014") return "it ran into statement_timeout, or was cancelled. Give it more time.";
    if (code == "55P03") return "another transaction holds the table. Try again later.";
    if (code.starts_with("42")) return "the schema has not what it reads (" + code + "). Repair the schema first.";
    return problem.what();
}

/// Asks the questions of a run, each within a savepoint: what one of them cannot do leaves the others alone.
class asker {
public:
    asker(sark::transaction& tx, catalog::snapshot const& live, options const& how, report::report& out)
        : tx_{tx}, live_{live}, how_{how}, out_{out} {}

    /// Asks about the server itself: indexes, sequences, statistics, space, triggers of keys.
    void ask_server() {
        thresholds const& t = how_.thresholds;
        auto const seconds = std::chrono::seconds{t.unused_for}.count();
        server("index-duplicate", duplicate_indexes, {});
        server("index-unused", unused_indexes, {std::to_string(t.unused_index_bytes), std::to_string(seconds)});
        server("sequence-near-end", sequences_near_end, {std::to_string(t.sequence_used)});
        server("statistics-stale", stale_statistics, {std::to_string(t.changed_rows), std::to_string(t.changed_share)});
        server("table-bloat", bloated_tables, {std::to_string(t.bloat_bytes), std::to_string(t.bloat_share)});
        server("foreign-key-unenforced", unenforced_keys, {});
    }

    /// Says which tables and views of the schema are not there at all.
    void ask_existence(schema::definition const& expected) {
        auto const look_for = [&](std::string const& name) {
            if (catalog::find(live_.relations, name) == nullptr)
                lacks("table-missing", name, "Table " + name + " is missing.", {});
        };
        for (schema::table const& t : expected.tables) look_for(std::string{t.name});
        for (schema::view const& v : expected.views) look_for(std::string{v.name});
    }

    void ask(std::vector<question> const& all) {
        std::vector<question const*> chosen;
        for (question const& q : all)
            if (how_.wants(q.check)) chosen.push_back(&q);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (how_.report) how_.report({chosen[i]->check.id, chosen[i]->subject, i, chosen.size()});
            if (can_read(*chosen[i])) ask(*chosen[i]);
        }
    }

    [[nodiscard]] std::int64_t asked() const { return asked_; }

private:
    template <class F>
    void attempt(std::string const& name, F const& f) {
        try {
            tx_.nested(f);
            ++asked_;
        } catch (sark::error const& problem) {
            if (problem.connection_lost()) throw;
            out_.unchecked.push_back(name + ": " + reason_of(problem));
        }
    }

    void server(std::string_view kind, std::string_view query, text_row const& values) {
        check const& c = *find_kind(kind);
        if (!how_.wants(c)) return;
        attempt(std::string{c.id}, [&](sark::transaction& tx) {
            for (text_row const& row : tx.query_text(query, values))
                out_.findings.push_back({.id = std::string{c.id},
                                         .severity = c.severity,
                                         .subject = row.at(0).value_or(""),
                                         .what = row.at(1).value_or(""),
                                         .why = std::string{c.why},
                                         .evidence = row.at(2).value_or(""),
                                         .repair = {row.at(3).value_or("")}});
        });
    }

    void ask(question const& q) {
        attempt(std::string{q.check.id} + " of " + q.subject, [&](sark::transaction& tx) {
            auto const row = tx.query_text(
                "WITH \"found\"(\"key\") AS MATERIALIZED (" + q.query +
                    ")\nSELECT count(*), (SELECT string_agg(left(\"key\", 100), ', ' ORDER BY \"key\" COLLATE \"C\")\n"
                    "FROM (SELECT \"key\" FROM \"found\" ORDER BY \"key\" COLLATE \"C\" LIMIT $1::bigint) AS "
                    "\"first\") FROM \"found\"",
                {std::to_string(how_.keys)});
            std::string const count = row.at(0).at(0).value_or("0");
            if (count == "0") return;
            std::string const keys = row.at(0).at(1).value_or("");
            out_.findings.push_back(
                {.id = std::string{q.check.id},
                 .severity = q.check.severity,
                 .subject = q.subject,
                 .what = "Table " + q.table + " has " + q.what + ": " + count + ".",
                 .why = std::string{q.check.why},
                 .evidence = count + " found" + (keys.empty() ? "" : ", the first by key: " + keys) + '\n' + q.query,
                 .repair = q.repair});
        });
    }

    /// Tells whether what a question reads is there; what is not is a finding, once.
    bool can_read(question const& q) {
        bool all = true;
        for (std::string const& name : q.reads) {
            catalog::relation const* const there = catalog::find(live_.relations, name);
            if (there == nullptr)
                lacks("table-missing", name, "Table " + name + " is missing.", {});
            else if (there->kind == 'm' && !there->filled)
                lacks("view-not-filled", name, "Materialized view " + name + " is not filled.",
                      {"REFRESH MATERIALIZED VIEW \"" + name + '"'});
            else
                continue;
            all = false;
        }
        return all;
    }

    void lacks(std::string_view kind, std::string const& name, std::string what, std::vector<std::string> repair) {
        constexpr std::string_view same[] = {"table-missing", "table-renamed", "table-kind", "view-missing",
                                             "view-not-filled"};
        for (report::finding const& f : out_.findings)
            if (f.subject == name && std::find(std::begin(same), std::end(same), f.id) != std::end(same)) return;
        check const& c = *find_kind(kind);
        if (repair.empty()) repair.emplace_back(c.repair);
        out_.findings.push_back({.id = std::string{c.id},
                                 .severity = c.severity,
                                 .subject = name,
                                 .what = std::move(what),
                                 .why = std::string{c.why},
                                 .evidence = {},
                                 .repair = std::move(repair)});
    }

    sark::transaction& tx_;
    catalog::snapshot const& live_;
    options const& how_;
    report::report& out_;
    std::int64_t asked_ = 0;
};

}  // namespace sark::validate::detail
