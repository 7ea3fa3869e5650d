// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/diff.hpp>
#include <sark/catalog/read.hpp>
#include <sark/catalog/shadow.hpp>
#include <sark/db/connection.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/postcondition.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/report/report.hpp>
#include <sark/validate/detail/asker.hpp>
#include <sark/validate/kinds.hpp>
#include <sark/validate/options.hpp>

namespace sark::validate::detail {

/// Is a chain without its type.
struct chain_access {
    migrate::chain_view migrations;
    schema::definition (*fold)(migrate::profile, std::string_view);
    std::vector<migrate::assertion_finding> (*verify)(connection&);
};

/// Holds what the schema should be, as far as this connection can find out.
struct expectation {
    schema::definition definition;
    std::optional<catalog::snapshot> spelled;  ///< by the server; absent where it cannot be built
};

class schema_part {
public:
    schema_part(connection& db, chain_access const& chain, options const& how, report::report& out)
        : db_{db}, chain_{chain}, how_{how}, out_{out} {}

    /// Finds out what the schema should be; reports what the ledger says.
    [[nodiscard]] expectation expect() {
        expectation made;
        std::string const revision = revision_of_ledger();
        if (revision != "base") made.definition = chain_.fold(profile(), revision);
        bool const wants_text = how_.schema || (how_.data && !how_.quick);
        if (wants_text && !how_.read_only) {
            try {
                made.spelled = catalog::build(db_, made.definition);
            } catch (sark::error const& problem) {
                if (problem.connection_lost()) throw;
                if (how_.schema)
                    out_.unchecked.push_back(
                        std::string{"schema: expressions were not compared: "} +
                        (problem.sqlstate() == "42501" || problem.sqlstate() == "25006"
                             ? "what is expected cannot be spelled here, for the role may not create a schema or the "
                               "server takes no writes. Grant CREATE on the database, or choose read_only."
                             : reason_of(problem)));
            }
        }
        if (how_.schema && !made.spelled) structure();
        return made;
    }

private:
    std::string revision_of_ledger() {
        std::string revision = chain_.migrations.empty() ? "base" : std::string{chain_.migrations.back().id};
        migrate::status_t stands;
        try {
            stands = migrate::status(db_, chain_.migrations);
        } catch (sark::error const& problem) {
            if (problem.connection_lost()) throw;
            if (how_.schema) out_.unchecked.push_back("schema-history: " + reason_of(problem));
            return revision;
        }
        is_followed_ = stands.state == migrate::history_state::clean || stands.state == migrate::history_state::behind;
        is_followed_ = is_followed_ && !stands.applied.empty() &&
                       stands.applied.back().state == migrate::row_state::applied;
        if (how_.schema && (stands.trouble || !stands.pending.empty())) {
            check const& c = *find_kind("schema-history");
            std::string what = "The schema is at " + stands.current + ", and the chain's head is " + stands.head + '.';
            if (stands.applied.empty()) what = "The database has no ledger of migrations.";
            if (stands.trouble)
                what = stands.trouble->message.starts_with("sark: ") ? stands.trouble->message.substr(6)
                                                                     : stands.trouble->message;
            std::string pending;
            for (std::string const& id : stands.pending) pending += (pending.empty() ? "pending: " : ", ") + id;
            out_.findings.push_back({.id = std::string{c.id},
                                     .severity = c.severity,
                                     .subject = "sark_migrations",
                                     .what = std::move(what),
                                     .why = std::string{c.why},
                                     .evidence = std::move(pending),
                                     .repair = {std::string{c.repair}}});
        }
        return is_followed_ ? stands.current : revision;
    }

    migrate::profile profile() {
        for (auto const& row : db_.query_text("SELECT extname FROM pg_catalog.pg_extension"))
            for (migrate::profile const p : migrate::profiles)
                if (p != migrate::profile::plain && row.at(0) == migrate::extension_of(p)) return p;
        return migrate::profile::plain;
    }

    /// Asks what needs no spelling: columns, types, keys, indexes, labels, triggers, and whether there is a default.
    void structure() {
        if (!is_followed_) {
            out_.unchecked.emplace_back(
                "schema: nothing was compared: without a ledger of the chain only a role that may create a schema can "
                "compare. Repair the ledger, or take another role.");
            return;
        }
        try {
            check const& c = *find_kind("schema-structure");
            for (migrate::assertion_finding const& f : chain_.verify(db_))
                out_.findings.push_back({.id = std::string{c.id},
                                         .severity = c.severity,
                                         .subject = f.migration,
                                         .what = f.sentence,
                                         .why = std::string{c.why},
                                         .evidence = f.details,
                                         .repair = {std::string{c.repair}}});
        } catch (sark::error const& problem) {
            if (problem.connection_lost()) throw;
            out_.unchecked.push_back("schema-structure: " + reason_of(problem));
        }
    }

    connection& db_;
    chain_access const& chain_;
    options const& how_;
    report::report& out_;
    bool is_followed_ = false;
};

}  // namespace sark::validate::detail
