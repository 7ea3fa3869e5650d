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
#include <sark/migrate/detail/run_session.hpp>
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

/// Writes the statements of a range as psql reads them.
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
        text_ += "-- Apply with: psql -v ON_ERROR_STOP=1 -f <this file>\n"
                 "-- through a direct connection, and not with --single-transaction: it commits by itself.\n"
                 "-- To give up on a lock instead of queueing for it: PGOPTIONS='-c lock_timeout=2s' psql ...\n";
        for (migrate::migration_view const& m : plan_.migrations) {
            std::size_t const parts = segments_of(up() ? m.up : m.down).size();
            text_ += std::string{up() ? "--   up   " : "--   down "} + in_one_line(m.id);
            if (parts > 1) text_ += ", committed in " + std::to_string(parts) + " parts";
            text_ += "\n";
        }
        text_ += "\\set ON_ERROR_STOP on\nSET client_encoding = 'UTF8';\n";
        for (auto const& [name, value] : session_pins)
            text_ += "SET \"" + std::string{name} + "\" = " + literal(value) + ";\n";
        text_ += "\n";
        text_ += do_block("BEGIN\n    IF NOT pg_try_advisory_lock(" + std::string{lock_key} +
                          ") THEN\n        RAISE EXCEPTION USING ERRCODE = 'lock_not_available',\n"
                          "            MESSAGE = 'sark: another migration of this schema is running. Wait for it, or "
                          "end its session.';\n    END IF;\nEND");
    }

    void put_migration(migrate::migration_view const& m, std::size_t place) {
        statements_ = up() ? m.up : m.down;
        position_ = up() ? applied_ + place : applied_ - place - 1;
        is_recorded_ = false;
        step_ = {};
        text_ += "\n-- " + std::string(up() ? "up to " : "down from ") + in_one_line(m.id);
        if (!m.description.empty()) text_ += ": " + in_one_line(m.description);
        text_ += "\n";
        for (segment const& part : segments_of(statements_)) {
            bool const is_last = part.end == statements_.size();
            if (part.in_transaction) {
                begin(m, place, part.begin);
                put_statements(part);
            } else {
                if (!is_recorded_) {  // the intent: who stops here leaves a migration that is under way
                    begin(m, place, part.begin);
                    put_progress(m, part.begin);
                    text_ += "COMMIT;\n";
                }
                put_outside(part);
                begin(m, place, part.begin);
                put_index_guard(concurrent_index_of(statements_[part.begin].sql));
            }
            is_last ? put_end(m) : put_progress(m, part.end);
            text_ += "COMMIT;\n";
        }
    }

    /// Begins a transaction, and stops it when the database is not where it has to be.
    void begin(migrate::migration_view const& m, std::size_t place, std::size_t done) {
        text_ += "BEGIN;\n";
        if (is_recorded_) return put_part_guard(m, done);
        put_guard(up() ? position_ : position_ + 1);
        if (place == 0 && applied_ > 0) put_history_guard();
    }

    void put_statements(segment const& part) {
        for (migrate::statement_view const& s : statements_.subspan(part.begin, part.end - part.begin)) {
            if (s.step != step_) text_ += "-- " + in_one_line(s.step) + "\n";
            step_ = s.step;
            text_ += s.sql;
            text_ += "\n;\n";  // on a line of its own: the statement may end with a comment
        }
    }

    /// Writes a statement that refuses transactions. One that works while others write waits for old transactions
    /// without holding anybody up, and a time-out would leave an invalid index.
    void put_outside(segment const& part) {
        concurrent_index const index = concurrent_index_of(statements_[part.begin].sql);
        if (!index.builds && !index.drops) return put_statements(part);
        text_ += do_block("BEGIN\n    PERFORM set_config('sark.lock_timeout', current_setting('lock_timeout'), "
                          "false);\n    PERFORM set_config('sark.index', coalesce(" +
                          number_of(index) + ", ''), false);\nEND") +
                 "SET lock_timeout = 0;\n";
        put_statements(part);
        text_ += do_block("BEGIN\n    PERFORM set_config('lock_timeout', current_setting('sark.lock_timeout'), "
                          "false);\nEND");
    }

    /// Writes what asks for the number of an index, as text; NULL when there is none of that name.
    [[nodiscard]] static std::string number_of(concurrent_index const& of) {
        std::string const name = literal(of.name);
        if (!of.builds || of.name.find('.') != std::string_view::npos) return "to_regclass(" + name + ")::oid::text";
        return "(SELECT to_regclass(quote_ident(n.nspname) || '.' || " + name +
               ")::oid::text\n        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = "
               "c.relnamespace WHERE c.oid = to_regclass(" +
               literal(of.table) + "))";
    }

    /// Writes what stops when the statement before it has not built or dropped its index: for tools that go on after
    /// an error.
    void put_index_guard(concurrent_index const& index) {
        if (!index.builds && !index.drops) return;
        std::string const wrong =
            index.drops ? number_of(index) + " IS NOT NULL"
                        : "NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indisvalid AND indexrelid::text = " +
                              number_of(index) + "\n        AND indexrelid::text <> current_setting('sark.index'))";
        text_ += do_block("BEGIN\n    IF " + wrong +
                          " THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',\n"
                          "            MESSAGE = 'sark: the index was not " +
                          (index.drops ? "dropped" : "built") + ".';\n    END IF;\nEND");
    }

    /// Writes what stops when the ledger's newest revision is another one than this place of the script needs.
    void put_guard(std::size_t now) {
        std::string const expected = literal(now == 0 ? std::string_view{"base"} : chain_[now - 1].id);
        text_ += do_block(
            "DECLARE\n    found text := 'base';\n    is_whole boolean := true;\nBEGIN\n    IF " +
            std::string{has_ledger} +
            " THEN\n        SELECT coalesce(max(\"revision\"), 'base'), coalesce(bool_and(\"state\" = 'applied'), "
            "true)\n"
            "        INTO found, is_whole FROM \"sark_migrations\"\n"
            "        WHERE \"position\" >= 0 AND \"position\" = (SELECT max(\"position\") FROM \"sark_migrations\");\n"
            "    END IF;\n"
            "    IF found <> " +
            expected +
            " OR NOT is_whole THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',\n"
            "            MESSAGE = format('sark: this script needs the database at %L here, and it is at %L%s.',\n"
            "                             " +
            expected +
            ", found, CASE WHEN is_whole THEN '' ELSE ', unfinished' END),\n"
            "            HINT = CASE WHEN is_whole THEN 'Make the script for the revision the database is at.'\n"
            "                        ELSE 'That revision was interrupted between two of its transactions. Finish it by "
            "upgrade or downgrade.' END;\n    END IF;\n"
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

    /// Writes what stops when the part of the migration before this one is not done.
    void put_part_guard(migrate::migration_view const& m, std::size_t done) {
        text_ += do_block(
            "BEGIN\n    IF NOT EXISTS (SELECT FROM \"sark_migrations\" WHERE \"revision\" = " + literal(m.id) +
            " AND \"state\" = '" + under_way() + "' AND \"progress\" = " + std::to_string(done) +
            ") THEN\n        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',\n"
            "            MESSAGE = 'sark: the part of this migration before this one was not committed.';\n"
            "    END IF;\nEND");
    }

    [[nodiscard]] std::string under_way() const { return up() ? "building" : "removing"; }

    /// Records that so many statements of a migration are done and others are not, from where the runner goes on.
    void put_progress(migrate::migration_view const& m, std::size_t done) {
        if (up() && !is_recorded_)
            put_row(m, under_way(), done);
        else
            put_state(m, under_way(), done);
        is_recorded_ = true;
    }

    /// Records that a migration is applied, or gone.
    void put_end(migrate::migration_view const& m) {
        if (!up()) {
            text_ += "DELETE FROM \"sark_migrations\" WHERE \"revision\" = " + literal(m.id) + ";\n";
            // A fence that a killed run left behind does not keep the ledger.
            if (position_ == 0) text_ += "DROP TABLE \"sark_migrations\";\n";
        } else if (is_recorded_) {
            put_state(m, "applied", 0);
        } else {
            put_row(m, "applied", 0);
        }
    }

    void put_row(migrate::migration_view const& m, std::string const& state, std::size_t done) {
        if (position_ == 0) {
            constexpr std::string_view create = "CREATE TABLE ";
            static_assert(create_ledger.starts_with(create));
            text_ += std::string{create} + "IF NOT EXISTS " + std::string{create_ledger.substr(create.size())} + ";\n";
        }
        text_ += "INSERT INTO \"sark_migrations\" (\"revision\", \"name\", \"checksum\", \"position\", "
                 "\"chain_hash\",\n        \"state\", \"progress\", \"started_at\", \"applied_at\", \"duration_ms\", "
                 "\"run\", \"library_version\")\nVALUES (" +
                 literal(m.id) + ", " + literal(m.description.empty() ? m.id : m.description) + ", '" +
                 hashes_[position_].checksum + "', " + std::to_string(position_) + ", '" +
                 hashes_[position_].chain_hash + "',\n        '" + state + "', " + std::to_string(done) +
                 ", current_setting('sark.started')::timestamptz, ";
        text_ += state == "applied" ? "clock_timestamp(),\n        "
                                      "(extract(epoch FROM clock_timestamp() - "
                                      "current_setting('sark.started')::timestamptz) * 1000)::bigint"
                                    : "NULL,\n        0";
        text_ += ", 'script', '" + version_text() + "');\n";
    }

    void put_state(migrate::migration_view const& m, std::string const& state, std::size_t done) {
        text_ += "UPDATE \"sark_migrations\" SET \"state\" = '" + state + "', \"progress\" = " + std::to_string(done) +
                 ", \"run\" = 'script',\n        \"backend_pid\" = pg_backend_pid(), \"transaction_id\" = "
                 "txid_current(), \"applied_at\" = ";
        text_ += state == "applied" ? "clock_timestamp(),\n        \"duration_ms\" = "
                                      "(extract(epoch FROM clock_timestamp() - \"started_at\") * 1000)::bigint\n"
                                    : "NULL\n";
        text_ += "WHERE \"revision\" = " + literal(m.id) + ";\n";
    }

    migrate::chain_view chain_;
    std::size_t applied_;
    migrate::plan_t const& plan_;
    std::vector<migrate::applied_revision> hashes_;
    std::string text_;

    // of the migration that is being written
    std::span<migrate::statement_view const> statements_;
    std::size_t position_ = 0;
    bool is_recorded_ = false;  // the ledger says that it is under way
    std::string_view step_;
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Writes the SQL that brings a database from one revision to another, for a person who applies it with
/// `psql -v ON_ERROR_STOP=1 -f`: the same statements in the same transactions as `upgrade` and `downgrade`, the same
/// lock, and the same rows of the ledger. Asks no server.
///
/// A migration that takes several transactions is written in its parts: where such a script stops between two of them,
/// the ledger says so, and `upgrade` or `downgrade` go on from there.
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
