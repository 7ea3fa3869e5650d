// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/stamp.hpp>

namespace sark::migrate {

/// Says which revision of a chain a revision of Alembic is. Where Alembic has had two names for one, hand-back writes the
/// first.
struct alembic_id {
    std::string_view theirs;
    std::string_view ours;
};

/// Says what was taken over.
struct taken_over {
    std::string theirs;  ///< as `alembic_version` spells it, empty for an empty table
    std::string ours;    ///< revision that is recorded now, `base` for none
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

[[nodiscard]] inline bool has_alembic_version(session& db) {
    return db.query_text("SELECT to_regclass(quote_ident(current_schema()) || '.alembic_version') IS NOT NULL")
               .at(0)
               .at(0) == "t";
}

/// Reads which revision of Alembic a database is at; nothing for none.
[[nodiscard]] inline std::string alembic_revision(session& db) {
    auto const rows = db.query_text(R"(SELECT "version_num" FROM "alembic_version" ORDER BY 1)");
    if (rows.size() > 1)
        throw migrate::refused{
            {problem_kind::forked, rows[0][0].value_or(""),
             "sark: alembic_version has more than one row, so the database is on two branches. Merge "
             "them with Alembic first."}};
    return rows.empty() ? std::string{} : rows[0][0].value_or("");
}

/// Tells whether labels differ from the expected ones by their case only: the mark of a database that the models of a
/// program made by themselves, for they write the names of the members and migrations write the values.
[[nodiscard]] inline bool has_upper_case_labels(schema::definition const& expected, catalog::snapshot const& live) {
    for (schema::enum_type const& e : expected.enums) {
        catalog::enum_type const* const there = catalog::find(live.enums, e.name);
        if (there == nullptr || there->labels.empty()) continue;
        bool upper = false;
        for (std::string_view const label : e.labels) {
            std::string raised{label};
            for (char& c : raised)
                if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
            if (std::find(there->labels.begin(), there->labels.end(), raised) != there->labels.end() && raised != label)
                upper = true;
        }
        if (upper) return true;
    }
    return false;
}

/// Counts tables and views that the last revision has and this one does not explain.
[[nodiscard]] inline std::size_t unexplained(schema::definition const& at, schema::definition const& last,
                                             catalog::snapshot const& live) {
    std::size_t count = 0;
    auto const look = [&](auto const& here, auto const& there) {
        for (auto const& item : there)
            count += schema::detail::find_named(here, item.name) == nullptr &&
                     catalog::find(live.relations, item.name) != nullptr;
    };
    look(at.tables, last.tables);
    look(at.views, last.views);
    return count;
}

/// Finds the revision that a database is nearest to, with what is different.
[[nodiscard]] inline std::pair<std::string, std::vector<report::finding>> nearest(
    sark::connection& db, foldable_chain const& chain, std::span<migrate::alembic_id const> known,
    catalog::snapshot const& live) {
    std::pair<std::string, std::vector<report::finding>> best;
    std::size_t distance = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (i > 0 && known[i].ours == known[i - 1].ours) continue;
        schema::definition const at = chain.at(profile_of(live), known[i].ours);
        schema::definition const last = chain.at(profile_of(live), known.back().ours);
        auto found = differences(db, chain, known[i].ours, live);
        // A whole table that nothing explains weighs more than a detail of one that is known.
        std::size_t const here = found.size() + 5 * unexplained(at, last, live);
        if (!best.first.empty() && here > distance) continue;
        best = {std::string{known[i].ours}, std::move(found)};
        distance = here;
    }
    return best;
}

[[noreturn]] inline void refuse_without_version(sark::connection& db, foldable_chain const& chain,
                                                std::span<migrate::alembic_id const> known,
                                                catalog::snapshot const& live) {
    auto [revision, found] = nearest(db, chain, known, live);
    bool const by_models = !revision.empty() && has_upper_case_labels(chain.at(profile_of(live), revision), live);
    if (found.empty())
        throw migrate::refused{
            {problem_kind::damaged, revision,
             "sark: there is no alembic_version, so nothing says which revision the database is at. " +
                 (revision.empty() ? std::string{"Name the table's schema in the search path."}
                                   : "It looks like " + quote(revision) + ": stamp it as that.")}};
    std::string const origin =
        by_models ? "sark: the program's models made this database, not its migrations: labels of enums are in upper "
                    "case and there is no alembic_version. "
                  : "sark: there is no alembic_version, and the database is not what any revision leaves behind. ";
    throw migrate::differs{origin + "It is nearest to " + quote(revision) + ", with " + std::to_string(found.size()) +
                               " differences, first: " + found.front().what +
                               " Repair them and stamp it, or move its rows into a database that upgrade made; nothing "
                               "was recorded.",
                           std::move(found)};
}

inline migrate::taken_over take_over_from(sark::connection& db, foldable_chain const& chain,
                                          std::span<migrate::alembic_id const> known, migrate::options const& how) {
    if (!has_alembic_version(db)) refuse_without_version(db, chain, known, catalog::read(db));
    migrate::taken_over made{.theirs = alembic_revision(db), .ours = "base"};
    if (!made.theirs.empty()) {
        auto const at = std::find_if(known.begin(), known.end(),
                                     [&](auto const& id) { return id.theirs == made.theirs; });
        if (at == known.end())
            throw migrate::refused{{problem_kind::forked, made.theirs,
                                    "sark: alembic_version says " + quote(made.theirs) +
                                        ", which is no revision that can be taken over. Bring it to a known one with "
                                        "Alembic first."}};
        made.ours = at->ours;
    }
    verify_and_record(db, chain, made.ours, how);
    return made;
}

inline std::string hand_back_to(sark::connection& db, foldable_chain const& chain,
                                std::span<migrate::alembic_id const> known, migrate::options const& how) {
    run_lock const lock{db, migrate::direction::down, how};
    migrate::status_t const now = migrate::status(db, chain.migrations);
    if (now.trouble) throw migrate::refused{*now.trouble};
    std::string theirs;
    for (migrate::alembic_id const& id : known)
        if (id.ours == now.current && theirs.empty()) theirs = id.theirs;
    if (theirs.empty() && now.current != "base")
        throw migrate::refused{
            {problem_kind::unknown_target, now.current,
             "sark: Alembic has no revision for " + quote(now.current) + ". Downgrade to one that it knows first."}};
    auto found = differences(db, chain, now.current, catalog::read(db));
    if (!found.empty()) throw migrate::differs{differs_text(now.current, found), std::move(found)};
    db.transaction([&](sark::transaction& tx) {
        if (!has_alembic_version(tx))
            tx.execute(R"(CREATE TABLE "alembic_version" ("version_num" varchar(32) NOT NULL, )"
                       R"(CONSTRAINT "alembic_version_pkc" PRIMARY KEY ("version_num")))");
        tx.execute(R"(DELETE FROM "alembic_version")");
        if (!theirs.empty()) static_cast<void>(tx.query_text(R"(INSERT INTO "alembic_version" VALUES ($1))", {theirs}));
        if (has_ledger(tx)) tx.execute(R"(DROP TABLE "sark_migrations")");
    });
    return theirs;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Takes a database over from Alembic: reads `alembic_version`, compares the whole catalog with the revision it names, and
/// records that one and those before it. `known` says which revisions of Alembic are which of the chain.
///
/// `alembic_version` stays as it is, so the other tool still works until an upgrade. Throws `differs` with the list when
/// the database is not what the revision leaves behind, or has no `alembic_version` because the program's models made it;
/// `refused` for a revision that is not known.
template <auto const&... Migrations>
taken_over take_over(connection& db, chain_t<Migrations...> const& chain, std::span<alembic_id const> known,
                     options const& how = {}) {
    return detail::take_over_from(db, detail::foldable(chain), known, how);
}

/// Hands a database back to Alembic: writes its revision into `alembic_version` and drops the ledger, in one transaction.
///
/// Gives the revision as Alembic spells it, empty for base. Compares the catalog first, as `stamp` does. Throws `refused`
/// when Alembic knows no such revision: downgrade first.
template <auto const&... Migrations>
std::string hand_back(connection& db, chain_t<Migrations...> const& chain, std::span<alembic_id const> known,
                      options const& how = {}) {
    return detail::hand_back_to(db, detail::foldable(chain), known, how);
}

}  // namespace sark::migrate
