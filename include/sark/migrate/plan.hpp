// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/history.hpp>

namespace sark::migrate {

enum class direction { up, down };

/// Lists what has to run, in order; empty when the database is where it should be.
struct plan_t {
    direction way = direction::up;
    std::string from;  ///< revision before, `base` for none
    std::string to;    ///< revision afterwards
    std::vector<migration_view> migrations;
    bool resumes = false;      ///< the first migration was interrupted between two of its transactions
    std::size_t progress = 0;  ///< and so many of its statements are done
};

enum class problem_kind {
    unknown_target,   ///< the chain has no such revision
    ahead,            ///< the database has newer revisions than the chain
    forked,           ///< the database has a revision that the chain does not have, and lacks one that it has
    out_of_order,     ///< the applied revisions are not the beginning of the chain
    edited,           ///< a revision was applied with other statements than the chain has now
    damaged,          ///< the ledger contradicts itself
    unfinished,       ///< a revision was interrupted on its way in the other direction
    irreversible,     ///< a revision on the way down has no way back
    wrong_direction,  ///< upgrade was asked to go back, or downgrade forward
    pooler,           ///< the connection goes through a pooler that shares sessions between transactions
    no_schema,        ///< unqualified names belong to no schema
    would_lose_rows,  ///< the way back would drop rows that the chain did not make
    two_engines       ///< the database has TimescaleDB and Citus, and chains are proven for one of them
};

/// Says why there is no plan.
struct problem {
    problem_kind kind;
    std::string revision;
    std::string message;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Gives the problem that a history is, nothing when there is a way on from it.
[[nodiscard]] inline std::optional<migrate::problem> problem_of(migrate::history const& found) {
    using migrate::history_state;
    using migrate::problem_kind;
    auto const as = [&](problem_kind kind) { return migrate::problem{kind, found.revision, found.sentence}; };
    switch (found.state) {
        case history_state::ahead: return as(problem_kind::ahead);
        case history_state::edited: return as(problem_kind::edited);
        case history_state::out_of_order: return as(problem_kind::out_of_order);
        case history_state::forked: return as(problem_kind::forked);
        case history_state::damaged: return as(problem_kind::damaged);
        case history_state::clean:
        case history_state::behind: break;
    }
    return std::nullopt;
}

[[nodiscard]] inline std::optional<migrate::problem> no_way_back(migrate::plan_t const& plan) {
    if (plan.way == migrate::direction::up) return std::nullopt;
    for (migrate::migration_view const& m : plan.migrations)
        if (!m.irreversible.empty())
            return migrate::problem{migrate::problem_kind::irreversible, std::string{m.id},
                                    "sark: revision " + quote(m.id) +
                                        " has no way back: " + std::string{m.irreversible}};
    return std::nullopt;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Decides what to run to bring a database with these rows in its ledger (oldest first) to `target`: a revision of the
/// chain, `head` or `base`; `only` refuses a plan of the other direction. Asks no server.
[[nodiscard]] inline std::variant<plan_t, problem> plan(chain_view chain, std::span<applied_revision const> applied,
                                                        std::string_view target = "head",
                                                        std::optional<direction> only = std::nullopt) {
    std::size_t wanted = 0;  // how many revisions of the chain shall be applied
    if (target == "head") {
        wanted = chain.size();
    } else if (target != "base") {
        auto const found = std::find_if(chain.begin(), chain.end(), [&](auto const& m) { return m.id == target; });
        if (found == chain.end())
            return problem{problem_kind::unknown_target, std::string{target},
                           "sark: the chain has no revision " + detail::quote(target) +
                               ". Name one of its revisions, head or base."};
        wanted = static_cast<std::size_t>(found - chain.begin()) + 1;
    }
    history const found = compare_history(chain, applied);
    if (auto wrong = detail::problem_of(found)) return std::move(*wrong);

    // A revision on its way down counts as applied, one on its way up does not: so the way on is the way it was going.
    bool const removing = found.unfinished == row_state::removing;
    std::size_t const now = found.applied + (removing ? 1 : 0);
    auto const name_of = [&](std::size_t count) { return std::string{count == 0 ? "base" : chain[count - 1].id}; };
    plan_t made{.way = wanted < now ? direction::down : direction::up,
                .from = name_of(now),
                .to = name_of(wanted),
                .migrations = {}};
    if (found.unfinished) {
        bool const goes_on = removing ? wanted < now : wanted > now;
        if (!goes_on || only.value_or(made.way) != made.way)
            return problem{
                problem_kind::unfinished, found.revision,
                "sark: revision " + detail::quote(found.revision) + " was interrupted on its way " +
                    (removing ? "down. Finish it first: downgrade to " : "up. Finish it first: upgrade to ") +
                    detail::quote(removing ? name_of(now - 1) : found.revision) + "."};
        made.resumes = true;
        made.progress = found.progress;
    }
    if (wanted != now && only.value_or(made.way) != made.way)
        return problem{problem_kind::wrong_direction, made.to,
                       "sark: the database is at " + detail::quote(made.from) + ", so " + detail::quote(made.to) +
                           (made.way == direction::down ? " is reached by downgrade, not upgrade."
                                                        : " is reached by upgrade, not downgrade.")};
    for (std::size_t i = now; i < wanted; ++i) made.migrations.push_back(chain[i]);
    for (std::size_t i = now; i > wanted; --i) made.migrations.push_back(chain[i - 1]);
    if (auto wrong = detail::no_way_back(made)) return std::move(*wrong);
    return made;
}

}  // namespace sark::migrate
