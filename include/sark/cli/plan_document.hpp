// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/cli/progress.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::cli {

/// Is a plan as it is shown, saved and compared: plain values. As JSON its members are the keys.
struct plan_statement {
    std::string sql = {};
    std::string step = {};  ///< title of the step, may be empty
    std::string lock = {};  ///< as the server's documentation spells it; NONE for none
    std::string relation = {};
    std::optional<std::int64_t> rows = {};  ///< what the server thinks the relation has, absent where it does not know
    bool rewrites = false;
    bool scans = false;
    bool loses_data = false;
    bool transaction = true;
};
struct plan_migration {
    std::string revision = {};
    std::string description = {};
    std::string checksum = {};
    bool reversible = true;
    std::string irreversible_reason = {};
    std::vector<plan_statement> statements = {};
};
struct plan_document {
    std::string schema_version = "1.0";
    std::string direction = {};
    std::string from = {};
    std::string to = {};
    std::string database = {};  ///< name of the database and of the schema, empty for a plan without a server
    std::string catalog = {};   ///< hash of the tables, columns, constraints and indexes that were there
    std::vector<std::string> applied = {};  ///< `revision checksum`, oldest first
    std::vector<plan_migration> migrations = {};
};

/// Gives a plan as plain values; `rows` tells what is known about sizes.
[[nodiscard]] inline plan_document document_of(migrate::plan_t const& plan,
                                               std::map<std::string, std::int64_t> const& rows = {}) {
    bool const up = plan.way == migrate::direction::up;
    plan_document made;
    made.direction = up ? "up" : "down";
    made.from = plan.from;
    made.to = plan.to;
    for (migrate::migration_view const& m : plan.migrations) {
        plan_migration one{.revision = std::string{m.id},
                           .description = std::string{m.description},
                           .checksum = migrate::checksum(m),
                           .reversible = m.irreversible.empty(),
                           .irreversible_reason = std::string{m.irreversible},
                           .statements = {}};
        for (migrate::statement_view const& s : up ? m.up : m.down) {
            plan_statement statement{.sql = std::string{s.sql},
                                     .step = std::string{s.step},
                                     .lock = std::string{migrate::text_of(s.cost.lock)},
                                     .relation = std::string{s.cost.relation},
                                     .rows = std::nullopt,
                                     .rewrites = s.cost.rewrites,
                                     .scans = s.cost.scans,
                                     .loses_data = s.cost.loses_data,
                                     .transaction = s.cost.needs_transaction};
            if (auto const known = rows.find(statement.relation); known != rows.end()) statement.rows = known->second;
            one.statements.push_back(std::move(statement));
        }
        made.migrations.push_back(std::move(one));
    }
    return made;
}

/// Counts the statements of a plan after which rows or values are gone.
[[nodiscard]] inline std::size_t losses_of(plan_document const& plan) {
    std::size_t count = 0;
    for (plan_migration const& m : plan.migrations)
        count += static_cast<std::size_t>(
            std::count_if(m.statements.begin(), m.statements.end(), [](auto const& s) { return s.loses_data; }));
    return count;
}

}  // namespace sark::cli

namespace sark::cli::detail {

/// Gives the beginning of a statement in one line of at most `width` characters; UTF-8 is not cut within a character.
[[nodiscard]] inline std::string in_one_line(std::string_view sql, std::size_t width) {
    std::string line;
    bool blank = false;
    for (char const c : sql) {
        if (static_cast<unsigned char>(c) <= ' ') {
            blank = !line.empty();
            continue;
        }
        if (blank) line += ' ';
        blank = false;
        line += c;
    }
    if (line.size() <= width) return line;
    std::size_t end = width - 3;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    return line.substr(0, end) + "...";
}

[[nodiscard]] inline std::string effects_of(plan_statement const& s) {
    std::string text;
    auto const add = [&](bool holds, char const* word) {
        if (!holds) return;
        if (!text.empty()) text += ", ";
        text += word;
    };
    add(s.rewrites, "rewrites the table");
    add(s.scans && !s.rewrites, "reads the table");
    add(s.loses_data, "LOSES DATA");
    add(!s.transaction, "outside of transactions");
    return text;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Writes a plan for people: per statement its lock, its relation with the rows it has, and what it does to them.
[[nodiscard]] inline std::string text_of(plan_document const& plan, bool whole_statements = false) {
    if (plan.migrations.empty()) return "at " + plan.to + ": nothing to do\n";
    std::size_t statements = 0;
    std::size_t lock_width = 0;
    std::size_t relation_width = 0;
    for (plan_migration const& m : plan.migrations)
        for (plan_statement const& s : m.statements) {
            ++statements;
            lock_width = std::max(lock_width, s.lock.size());
            relation_width = std::max(relation_width, s.relation.size());
        }
    auto const padded = [](std::string text, std::size_t width) {
        text.resize(std::max(width, text.size()), ' ');
        return text;
    };
    std::string out = plan.from + " -> " + plan.to + ", " + plan.direction + ": " +
                      std::to_string(plan.migrations.size()) +
                      (plan.migrations.size() == 1 ? " migration, " : " migrations, ") + std::to_string(statements) +
                      (statements == 1 ? " statement\n" : " statements\n");
    for (plan_migration const& m : plan.migrations) {
        out += "\n" + m.revision + (m.description.empty() ? "" : ": " + m.description);
        out += m.reversible ? "\n" : "\n  no way back: " + m.irreversible_reason + "\n";
        std::string step;
        std::size_t number = 0;
        for (plan_statement const& s : m.statements) {
            if (s.step != step && !s.step.empty()) out += "  " + s.step + "\n";
            step = s.step;
            std::string place = std::to_string(++number);
            place.insert(0, place.size() < 3 ? 3 - place.size() : 0, ' ');
            std::string line = "  " + place + "  " + padded(s.lock, lock_width) + "  " +
                               padded(s.relation, relation_width);
            if (s.rows)
                line += "  ~" + grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(*s.rows, 0))) + " rows";
            if (std::string const effects = detail::effects_of(s); !effects.empty()) line += "  " + effects;
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
            if (whole_statements)
                out += s.sql + "\n";
            else
                out += "       " + detail::in_one_line(s.sql, 100) + "\n";
        }
    }
    return out;
}

}  // namespace sark::cli
