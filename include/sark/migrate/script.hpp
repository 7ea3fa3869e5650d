// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/statement_kind.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/history.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

[[nodiscard]] inline std::string literal(std::string_view value) {
    return sql::render([value](sql::writer& w) { sql::put_literal(w, value); });
}

/// Gives a text for a comment of one line: control characters would end it.
[[nodiscard]] inline std::string in_one_line(std::string_view text) {
    std::string line{text};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return line;
}

/// Writes a block; its marks are chosen so that the body does not have them.
[[nodiscard]] inline std::string do_block(std::string_view body) {
    std::string mark = "$sark_script$";
    while (body.find(mark) != std::string_view::npos) mark.insert(mark.size() - 1, 1, '_');
    return "DO " + mark + "\n" + std::string{body} + "\n" + mark + ";\n";
}

/// Writes the statements of a range as psql reads them. Has no state but the text.
class script_writer {
public:
    script_writer(migrate::chain_view chain, std::size_t applied, migrate::plan_t const& plan)
        : chain_{chain}, applied_{applied}, plan_{plan} {}

    [[nodiscard]] std::string write() && {
        hashes_ = migrate::applied_rows(chain_, chain_.size());
        put_head();
        for (std::size_t i = 0; i < plan_.migrations.size(); ++i) put_migration(plan_.migrations[i], i);
        text_ += "\n" + do_block("BEGIN\n    PERFORM pg_advisory_unlock(" + std::string{lock_key} + ");\nEND");
        return std::move(text_);
    }

private:
    /// The two halves of the runner's lock; a test holds one against the other.
    static constexpr std::string_view lock_key = "1396789835, hashtext(coalesce(current_schema(), ''))";
    static constexpr std::string_view has_ledger =
        "to_regclass(quote_ident(current_schema()) || '.sark_migrations') IS NOT NULL";

    [[nodiscard]] bool up() const { return plan_.way == migrate::direction::up; }

    void put_head() {
        text_ = "-- sark: from " + in_one_line(plan_.from) + " to " + in_one_line(plan_.to) + "\n";
        text_ += "-- Apply with: psql -v ON_ERROR_STOP=1 -f <this file>\n";
        for (migrate::migration_view const& m : plan_.migrations)
            text_ += std::string{up() ? "--   up   " : "--   down "} + in_one_line(m.id) + "\n";
        text_ += "\\set ON_ERROR_STOP on\n"
                 "SET client_encoding = 'UTF8';\n"
                 "SET standard_conforming_strings = on;\n"
                 "SET \"TimeZone\" = 'UTC';\n"
                 "SET \"DateStyle\" = 'ISO, YMD';\n"
                 "SET \"IntervalStyle\" = 'iso_8601';\n\n";
        text_ += do_block("BEGIN\n    IF NOT pg_try_advisory_lock(" + std::string{lock_key} +
                          ") THEN\n        RAISE EXCEPTION USING ERRCODE = 'lock_not_available',\n"
                          "            MESSAGE = 'sark: another migration of this schema is running. Wait for it, or "
                          "end its session.';\n    END IF;\nEND");
    }

    void put_migration(migrate::migration_view const& m, std::size_t place) {
        std::span<migrate::statement_view const> const statements = up() ? m.up : m.down;
        std::vector<segment> const parts = segments_of(statements);
        bool const alone = parts.size() == 1 && !parts.front().in_transaction;
        if (parts.size() > 1)
            throw migrate::refused{{migrate::problem_kind::not_alone, std::string{m.id},
                                    "sark: revision " + quote(m.id) +
                                        " takes several transactions, which a script could not resume. Run it with "
                                        "upgrade, or give what needs a transaction of its own a migration of its "
                                        "own."}};
        std::size_t const now = up() ? applied_ + place : applied_ - place;  // revisions applied before this migration
        text_ += "\n-- " + std::string(up() ? "up to " : "down from ") + in_one_line(m.id);
        if (!m.description.empty()) text_ += ": " + in_one_line(m.description);
        text_ += "\n";
        if (!alone) text_ += "BEGIN;\n";
        put_guard(now);
        if (place == 0 && applied_ > 0) put_history_guard();
        std::string_view step;
        for (migrate::statement_view const& s : statements) {
            if (s.step != step) text_ += "-- " + in_one_line(s.step) + "\n";
            step = s.step;
            text_ += s.sql;
            text_ += "\n;\n";  // on a line of its own: the statement may end with a comment
        }
        if (alone) text_ += "BEGIN;\n";
        up() ? put_record_up(m, now) : put_record_down(m, now - 1);
        text_ += "COMMIT;\n";
    }

    /// Writes what stops when the ledger's newest revision is another one than this place of the script needs.
    void put_guard(std::size_t now) {
        std::string const expected = literal(now == 0 ? std::string_view{"base"} : chain_[now - 1].id);
        text_ += do_block(
            "DECLARE\n    found text := 'base';\nBEGIN\n    IF " + std::string{has_ledger} +
            " THEN\n        SELECT coalesce(max(\"revision\"), 'base') INTO found FROM \"sark_migrations\"\n"
            "        WHERE \"position\" >= 0 AND \"position\" = (SELECT max(\"position\") FROM \"sark_migrations\");\n "
            "   END IF;\n"
            "    IF found <> " +
            expected +
            " THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',\n"
            "            MESSAGE = format('sark: this script needs the database at %L here, and it is at %L.',\n"
            "                             " +
            expected +
            ", found),\n"
            "            HINT = 'Make the script for the revision the database is at.';\n    END IF;\n"
            "    PERFORM set_config('sark.started', clock_timestamp()::text, false);\nEND");
    }

    /// Writes what stops when the applied revisions are not the chain's, one by one and with the same statements.
    void put_history_guard() {
        std::string rows;
        for (std::size_t i = 0; i < applied_; ++i)
            rows += (i == 0 ? "" : ",\n                 ") + ("(" + std::to_string(i)) + ", " + literal(chain_[i].id) +
                    ", '" + hashes_[i].checksum + "', '" + hashes_[i].chain_hash + "')";
        text_ += do_block(
            "DECLARE\n    wrong text;\nBEGIN\n"
            "    SELECT coalesce(l.\"revision\", e.revision) INTO wrong\n"
            "    FROM (VALUES " +
            rows +
            ") AS e(position, revision, checksum, chain_hash)\n"
            "    FULL JOIN (SELECT * FROM \"sark_migrations\" WHERE \"position\" >= 0) AS l\n"
            "        ON l.\"position\" = e.position AND l.\"revision\" = e.revision AND l.\"checksum\" = e.checksum\n"
            "        AND l.\"chain_hash\" = e.chain_hash AND l.\"state\" = 'applied'\n"
            "    WHERE l.\"position\" IS NULL OR e.position IS NULL\n"
            "    ORDER BY coalesce(l.\"position\", e.position) LIMIT 1;\n"
            "    IF FOUND THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',\n"
            "            MESSAGE = format('sark: revision %L is missing, or was applied at another place or with "
            "other statements.', wrong),\n"
            "            HINT = 'Make the script with the program that migrated the database, or a newer one.';\n"
            "    END IF;\nEND");
    }

    void put_record_up(migrate::migration_view const& m, std::size_t position) {
        if (position == 0) {
            constexpr std::string_view create = "CREATE TABLE ";
            static_assert(create_ledger.starts_with(create));
            text_ += std::string{create} + "IF NOT EXISTS " + std::string{create_ledger.substr(create.size())} + ";\n";
        }
        text_ += "INSERT INTO \"sark_migrations\" (\"revision\", \"name\", \"checksum\", \"position\", "
                 "\"chain_hash\",\n        \"started_at\", \"applied_at\", \"duration_ms\", \"run\", "
                 "\"library_version\")\nVALUES (" +
                 literal(m.id) + ", " + literal(m.description.empty() ? m.id : m.description) + ", '" +
                 hashes_[position].checksum + "', " + std::to_string(position) + ", '" + hashes_[position].chain_hash +
                 "',\n        current_setting('sark.started')::timestamptz, clock_timestamp(),\n        "
                 "(extract(epoch FROM clock_timestamp() - current_setting('sark.started')::timestamptz) * "
                 "1000)::bigint, 'script', '" +
                 version_text() + "');\n";
    }

    void put_record_down(migrate::migration_view const& m, std::size_t position) {
        text_ += "DELETE FROM \"sark_migrations\" WHERE \"revision\" = " + literal(m.id) + ";\n";
        // A fence that a killed run left behind does not keep the ledger.
        if (position == 0) text_ += "DROP TABLE \"sark_migrations\";\n";
    }

    migrate::chain_view chain_;
    std::size_t applied_;
    migrate::plan_t const& plan_;
    std::vector<migrate::applied_revision> hashes_;
    std::string text_;
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Writes the SQL that brings a database from one revision to another, for a person who applies it with
/// `psql -v ON_ERROR_STOP=1 -f`: the same statements in the same transactions as `upgrade` and `downgrade`, the same
/// lock, and the same rows of the ledger. Asks no server.
///
/// `from` and `to` are revisions of the chain, `base` or `head`; the way back is written when `to` is the older one.
/// Each migration begins with a guard that stops when the database is not where the script needs it, so applying a
/// script twice changes nothing. A session that another run holds off is refused at once instead of waiting. Throws
/// `refused` for unknown revisions and for what has no way back.
[[nodiscard]] inline std::string script(chain_view chain, std::string_view from = "base",
                                        std::string_view to = "head") {
    auto const unwrap = [](std::variant<plan_t, problem>&& decided) {
        if (auto* why = std::get_if<problem>(&decided)) throw refused{std::move(*why)};
        return std::get<plan_t>(std::move(decided));
    };
    std::vector<applied_revision> const applied = applied_rows(chain, unwrap(plan(chain, {}, from)).migrations.size());
    plan_t const range = unwrap(plan(chain, applied, to));
    return detail::script_writer{chain, applied.size(), range}.write();
}

}  // namespace sark::migrate
