// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/checksum.hpp>

namespace sark::migrate {

/// Names how a database's history stands to a chain.
enum class history_state {
    clean,         ///< all of the chain is applied
    behind,        ///< the beginning of the chain is applied
    ahead,         ///< all of the chain is applied, and something newer that the chain does not have
    edited,        ///< a revision was applied with other statements than the chain has now
    out_of_order,  ///< the chain's revisions are applied with gaps, or in another order
    forked,        ///< a revision is applied that the chain does not have, where the chain has another one
    damaged        ///< the ledger contradicts itself: somebody wrote to it
};

/// Gives the name of a state as operators read it.
[[nodiscard]] constexpr std::string_view text_of(history_state state) {
    switch (state) {
        case history_state::clean: return "clean";
        case history_state::behind: return "behind";
        case history_state::ahead: return "ahead";
        case history_state::edited: return "edited";
        case history_state::out_of_order: return "out of order";
        case history_state::forked: return "forked";
        case history_state::damaged: break;
    }
    return "damaged";
}

static_assert(text_of(history_state::out_of_order) == "out of order");

/// Says how far a migration of several transactions has come; most have one, and are applied or not there.
enum class row_state {
    applied,
    building,  ///< on its way up: `progress` statements are done
    removing   ///< on its way down: `progress` statements of its way back are done
};

/// Is one row of the ledger, as far as planning needs it.
struct applied_revision {
    std::string revision;
    std::string checksum;
    std::string chain_hash = {};  ///< of all checksums up to this one
    std::size_t position = 0;
    row_state state = row_state::applied;
    std::size_t progress = 0;
};

/// Holds the verdict on a history.
struct history {
    history_state state = history_state::clean;
    std::string revision = {};  ///< the first one the verdict is about; the next one to apply when it is behind
    std::string sentence = {};  ///< what is wrong and what to do; empty for clean and behind
    std::size_t applied = 0;    ///< how many revisions of the chain are wholly applied, as far as it is one
    std::optional<row_state> unfinished = {};  ///< what the revision after those was doing, when it was interrupted
    std::size_t progress = 0;                  ///< how many of its statements are done
};

/// Hashes a ledger up to a row: the hash before it, the row's revision and its checksum.
[[nodiscard]] constexpr checksum_text chain_hash(std::string_view before, std::string_view revision,
                                                 std::string_view checksum) {
    detail::statement_hash hash;
    hash.add(before);
    hash.add(revision);
    hash.add(checksum);
    return hash.text();
}

/// Gives the rows a ledger has once the first `count` revisions of a chain are applied.
[[nodiscard]] inline std::vector<applied_revision> applied_rows(chain_view chain, std::size_t count) {
    std::vector<applied_revision> rows;
    std::string before;
    for (std::size_t i = 0; i < std::min(count, chain.size()); ++i) {
        std::string const sum = checksum(chain[i]);
        before = chain_hash(before, chain[i].id, sum);
        rows.push_back({std::string{chain[i].id}, sum, before, i});
    }
    return rows;
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

[[nodiscard]] inline std::string quote(std::string_view text) { return "'" + std::string{text} + "'"; }

using ledger_span = std::span<migrate::applied_revision const>;

/// Finds what no run of ours writes: holes in the numbering, a revision twice, a hash of another history.
[[nodiscard]] inline std::optional<migrate::history> find_damage(ledger_span rows) {
    auto const damage = [](std::string const& revision, std::string const& what) {
        return migrate::history{.state = migrate::history_state::damaged,
                                .revision = revision,
                                .sentence = "sark: the ledger is damaged: " + what +
                                            ". Restore the table sark_migrations from a backup, or compare the "
                                            "database with the chain and record it anew."};
    };
    std::string before;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        migrate::applied_revision const& row = rows[i];
        if (row.position != i)
            return damage(row.revision, "revision " + quote(row.revision) + " has position " +
                                            std::to_string(row.position) + " and is number " + std::to_string(i));
        for (std::size_t j = 0; j < i; ++j)
            if (rows[j].revision == row.revision)
                return damage(row.revision, "revision " + quote(row.revision) + " is there twice");
        before = migrate::chain_hash(before, row.revision, row.checksum);
        if (row.chain_hash != before)
            return damage(row.revision,
                          "the row of revision " + quote(row.revision) + ", or one before it, is not what was written");
        if (row.state != migrate::row_state::applied && i + 1 != rows.size())
            return damage(row.revision, "revision " + quote(row.revision) + " is unfinished, and there are newer ones");
    }
    return std::nullopt;
}

[[nodiscard]] inline bool has_revision(migrate::chain_view chain, std::string_view revision) {
    return std::any_of(chain.begin(), chain.end(), [&](auto const& m) { return m.id == revision; });
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Compares a ledger, oldest row first, with a chain. Where several verdicts fit, the gravest is given: damaged, forked,
/// out of order, edited, ahead, behind, clean. Asks no server.
[[nodiscard]] inline history compare_history(chain_view chain, std::span<applied_revision const> rows) {
    using detail::quote;
    if (auto damaged = detail::find_damage(rows)) return std::move(*damaged);
    history found;
    auto const verdict = [&](history_state state, std::string const& revision, std::string sentence) {
        found.state = state;
        found.revision = revision;
        found.sentence = std::move(sentence);
        return found;
    };
    std::size_t same = 0;  // rows that are the chain's, one by one
    while (same < rows.size() && same < chain.size() && rows[same].revision == chain[same].id) ++same;
    if (same < rows.size() && same < chain.size()) {
        for (std::size_t i = same; i < rows.size(); ++i)
            if (!detail::has_revision(chain, rows[i].revision))
                return verdict(history_state::forked, rows[i].revision,
                               "sark: the history forked: the database has revision " + quote(rows[i].revision) +
                                   ", which the chain does not have, and lacks " + quote(chain[same].id) +
                                   ", which it does. Use the program that migrated it, or bring both into one chain.");
        return verdict(history_state::out_of_order, rows[same].revision,
                       "sark: the history is out of order: the database has revision " + quote(rows[same].revision) +
                           " where the chain has " + quote(chain[same].id) +
                           ". Use the program that migrated it, or put new revisions behind the applied ones.");
    }
    for (std::size_t i = 0; i < same; ++i)
        if (checksum(chain[i]) != std::string_view{rows[i].checksum})
            return verdict(history_state::edited, rows[i].revision,
                           "sark: revision " + quote(rows[i].revision) +
                               " was applied with other statements than the chain has now. Restore it and put the "
                               "change into a new migration.");
    found.applied = same;
    if (same < rows.size())
        return verdict(history_state::ahead, rows[same].revision,
                       "sark: the database is ahead: it has revision " + quote(rows[same].revision) +
                           ", which the chain does not have. Use the program that migrated it, or a newer one.");
    if (!rows.empty() && rows.back().state != row_state::applied) {
        --found.applied;
        found.unfinished = rows.back().state;
        found.progress = rows.back().progress;
        return verdict(history_state::behind, rows.back().revision, {});
    }
    if (same < chain.size()) return verdict(history_state::behind, std::string{chain[same].id}, {});
    return found;
}

}  // namespace sark::migrate
