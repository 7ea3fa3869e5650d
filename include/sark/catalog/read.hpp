// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/detail/queries.hpp>
#include <sark/catalog/snapshot.hpp>
#include <sark/db/connection.hpp>
#include <sark/db/error.hpp>
#include <sark/db/transaction.hpp>

namespace sark::catalog::detail {

/// Opens a list of the form `1:a3:b c`.
[[nodiscard]] inline std::vector<std::string> opened_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        std::size_t size = 0;
        auto const [after, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
        auto const head = static_cast<std::size_t>(after - text.data()) + 1;
        if (problem != std::errc{} || head > text.size() || size > text.size() - head)
            throw error{"sark: the server sent a list that cannot be read. Report this."};
        items.emplace_back(text.substr(head, size));
        text.remove_prefix(head + size);
    }
    return items;
}

/// Reads a schema within a transaction that somebody else opened; leaves its settings pinned.
class reader {
public:
    /// Names a further schema, quoted, where names are looked up that the schema itself does not have.
    reader(sark::session& tx, std::string_view schema, std::string_view also = {}) : tx_{tx} {
        auto const place = tx_.query_text(read_place, {std::string{schema}});
        if (place.empty())
            throw error{schema.empty()
                            ? std::string{"sark: the search path names no schema that exists. Create the schema, or "
                                          "name another one."}
                            : "sark: there is no schema '" + std::string{schema} +
                                  "'. Create it, or name another one."};
        auto const& row = place.front();
        oid_ = row[0].value();
        made_.schema = row[1].value();
        made_.server_version = std::stoi(row[2].value());
        made_.database = row[3].value();
        made_.taken = row[4].value();
        has_timescaledb_ = row[5] == "t";
        std::string path = row[6].value();
        if (!also.empty()) path += ", " + std::string{also};
        static_cast<void>(tx_.query_text(pin_spelling, {path + ", pg_temp"}));
    }

    [[nodiscard]] snapshot read() {
        relations();
        parts();
        things();
        if (has_timescaledb_) {
            each(read_hypertables, [&](auto const& at) { with(at(0), [&](relation& r) { r.hypertable = at(1); }); });
            each(read_continuous, [&](auto const& at) { with(at(0), [&](relation& r) { r.definition = at(1); }); });
        }
        return std::move(made_);
    }

private:
    template <class F>
    void each(std::string_view query, F const& take) {
        for (auto const& row : tx_.query_text(query, {oid_}))
            take([&](std::size_t i) { return row[i].value_or(std::string{}); });
    }
    template <class F>
    void with(std::string const& name, F const& change) {
        if (auto const found = places_.find(name); found != places_.end()) change(made_.relations[found->second]);
    }
    static char letter(std::string const& text) { return text.empty() ? ' ' : text.front(); }

    void relations() {
        each(read_relations, [&](auto const& at) {
            places_[at(0)] = made_.relations.size();
            made_.relations.push_back({.name = at(0),
                                       .kind = letter(at(1)),
                                       .persistence = letter(at(2)),
                                       .row_security = at(3) == "t",
                                       .row_security_forced = at(4) == "t",
                                       .filled = at(5) == "t",
                                       .definition = at(6),
                                       .options = at(7),
                                       .parent = at(10),
                                       .comment = at(8),
                                       .owner = at(9)});
        });
    }

    void parts() {
        each(read_columns, [&](auto const& at) {
            with(at(0), [&](relation& r) {
                r.columns.push_back({.name = at(1),
                                     .type = at(2),
                                     .collation = at(3),
                                     .nullable = at(4) == "t",
                                     .fallback = at(5),
                                     .generated = at(6),
                                     .identity = at(7),
                                     .comment = at(8)});
            });
        });
        each(read_constraints, [&](auto const& at) {
            with(at(0), [&](relation& r) {
                r.constraints.push_back({.name = at(1),
                                         .kind = letter(at(2)),
                                         .definition = at(3),
                                         .valid = at(4) == "t",
                                         .columns = opened_list(at(5)),
                                         .references = at(6),
                                         .referenced = opened_list(at(7))});
            });
        });
        each(read_indexes, [&](auto const& at) {
            with(at(0), [&](relation& r) {
                r.indexes.push_back({.name = at(1),
                                     .unique = at(2) == "t",
                                     .shape = at(3),
                                     .valid = at(4) == "t",
                                     .of_constraint = at(5) == "t",
                                     .columns = opened_list(at(6))});
            });
        });
        each(read_triggers, [&](auto const& at) {
            with(at(0), [&](relation& r) {
                if (at(1) == "t")
                    r.triggers.push_back(
                        {.name = at(2), .definition = at(3), .function = at(5), .enabled = letter(at(4))});
                else
                    r.policies.push_back({.name = at(2), .definition = at(3)});
            });
        });
        each(read_view_uses, [&](auto const& at) {
            with(at(0), [&](relation& r) { r.uses.push_back({at(1), at(2)}); });
        });
    }

    void things() {
        each(read_types, [&](auto const& at) {
            if (at(1) == "enum")
                made_.enums.push_back({.name = at(0), .labels = opened_list(at(2)), .comment = at(3)});
            else
                made_.others.push_back({.kind = at(1), .name = at(0)});
        });
        each(read_functions(made_.server_version), [&](auto const& at) {
            if (letter(at(1)) == 'a' || letter(at(1)) == 'w')
                made_.others.push_back({.kind = "aggregate", .name = at(0)});
            else
                made_.functions.push_back({.name = at(0),
                                           .arguments = at(2),
                                           .result = at(3),
                                           .language = at(4),
                                           .attributes = at(5),
                                           .body_hash = at(6),
                                           .definition = at(7),
                                           .comment = at(8)});
        });
        each(read_sequences, [&](auto const& at) {
            made_.sequences.push_back(
                {.name = at(0), .settings = at(1), .table = at(2), .column = at(3), .of_identity = at(4) == "t"});
        });
        for (auto const& row : tx_.query_text(read_extensions))
            made_.extensions.push_back({row[0].value_or(""), row[1].value_or("")});
        each(read_grants, [&](auto const& at) {
            made_.grants.push_back(
                {.object = at(0), .kind = at(1), .column = at(2), .grantee = at(3), .privilege = at(4)});
        });
    }

    sark::session& tx_;
    std::string oid_;
    bool has_timescaledb_ = false;
    snapshot made_;
    std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace sark::catalog::detail

namespace sark::catalog {

/// Reads a schema within a transaction, the current one when none is named; the settings that it pins (search path, time
/// zone, styles of dates and intervals) stay so until the transaction ends.
///
/// It is one state of the database where the transaction is repeatable read or stricter.
/// @throws error when there is no such schema
[[nodiscard]] inline snapshot read(transaction& tx, std::string_view schema = {}) {
    return detail::reader{tx, schema}.read();
}

/// Reads a schema of a live database, the current one when none is named.
///
/// All of it is one state of the database: one transaction that is repeatable read and read only. The number of
/// statements does not depend on how much there is. What belongs to an extension is left out.
/// @throws error when there is no such schema
[[nodiscard]] inline snapshot read(connection& db, std::string_view schema = {}) {
    return db.transaction([&](transaction& tx) {
        tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return read(tx, schema);
    });
}

}  // namespace sark::catalog
