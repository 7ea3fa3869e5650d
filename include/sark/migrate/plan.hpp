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
#include <sark/migrate/checksum.hpp>

namespace sark::migrate {

enum class direction { up, down };

/// Is one row of the ledger, as far as planning needs it.
struct applied_revision {
    std::string revision;
    std::string checksum;
};

/// Lists what has to run, in order; empty when the database is where it should be.
struct plan_t {
    direction way = direction::up;
    std::string from;  ///< revision before, `base` for none
    std::string to;    ///< revision afterwards
    std::vector<migration_view> migrations;
};

enum class problem_kind {
    unknown_target,    ///< the chain has no such revision
    unknown_applied,   ///< the database has a revision that the chain does not have
    edited_migration,  ///< a revision was applied with other statements than the chain has now
    gap,               ///< the applied revisions are not the beginning of the chain
    irreversible,      ///< a revision on the way down has no way back
    wrong_direction,   ///< upgrade was asked to go back, or downgrade forward
    not_alone          ///< a statement that refuses transactions shares its migration with others
};

/// Says why there is no plan.
struct problem {
    problem_kind kind;
    std::string revision;
    std::string message;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

[[nodiscard]] inline std::string quote(std::string_view text) { return "'" + std::string{text} + "'"; }

/// Compares the ledger with the chain; the first disagreement is the problem.
[[nodiscard]] inline std::vector<migrate::problem> ledger_problems(migrate::chain_view chain,
                                                                   std::span<migrate::applied_revision const> applied) {
    using migrate::problem_kind;
    for (std::size_t i = 0; i < applied.size(); ++i) {
        migrate::applied_revision const& row = applied[i];
        auto const known = std::find_if(chain.begin(), chain.end(),
                                        [&](auto const& m) { return m.id == row.revision; });
        if (known == chain.end())
            return {{problem_kind::unknown_applied, row.revision,
                     "sark: the database has revision " + quote(row.revision) +
                         ", which the chain does not have. Use the program that migrated it, or a newer one."}};
        if (static_cast<std::size_t>(known - chain.begin()) != i)
            return {{problem_kind::gap, row.revision,
                     "sark: the database has revision " + quote(row.revision) + " where the chain has " +
                         quote(chain[i].id) + ". Its ledger is incomplete or in another order."}};
        if (migrate::checksum(*known) != row.checksum)
            return {{problem_kind::edited_migration, row.revision,
                     "sark: revision " + quote(row.revision) +
                         " was applied with other statements than the chain has now. Restore it and put the change "
                         "into a new migration."}};
    }
    return {};
}

[[nodiscard]] inline std::vector<migrate::problem> step_problems(migrate::plan_t const& plan) {
    using migrate::direction;
    using migrate::problem_kind;
    for (migrate::migration_view const& m : plan.migrations) {
        if (plan.way == direction::down && !m.irreversible.empty())
            return {{problem_kind::irreversible, std::string{m.id},
                     "sark: revision " + quote(m.id) + " has no way back: " + std::string{m.irreversible}}};
        auto const statements = plan.way == direction::up ? m.up : m.down;
        bool const refuses = std::any_of(statements.begin(), statements.end(),
                                         [](auto const& s) { return !s.cost.needs_transaction; });
        if (refuses && statements.size() > 1)
            return {{problem_kind::not_alone, std::string{m.id},
                     "sark: revision " + quote(m.id) +
                         " has a statement that cannot run in a transaction. Give it a migration of its own."}};
    }
    return {};
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Decides what to run to bring a database with these applied revisions (oldest first) to `target`: a revision of the
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
    if (auto wrong = detail::ledger_problems(chain, applied); !wrong.empty()) return std::move(wrong.front());

    auto const name_of = [&](std::size_t count) { return std::string{count == 0 ? "base" : chain[count - 1].id}; };
    plan_t made{.way = wanted < applied.size() ? direction::down : direction::up,
                .from = name_of(applied.size()),
                .to = name_of(wanted),
                .migrations = {}};
    if (wanted != applied.size() && only.value_or(made.way) != made.way)
        return problem{problem_kind::wrong_direction, made.to,
                       "sark: the database is at " + detail::quote(made.from) + ", so " + detail::quote(made.to) +
                           (made.way == direction::down ? " is reached by downgrade, not upgrade."
                                                        : " is reached by upgrade, not downgrade.")};
    for (std::size_t i = applied.size(); i < wanted; ++i) made.migrations.push_back(chain[i]);
    for (std::size_t i = applied.size(); i > wanted; --i) made.migrations.push_back(chain[i - 1]);
    if (auto wrong = detail::step_problems(made); !wrong.empty()) return std::move(wrong.front());
    return made;
}

}  // namespace sark::migrate
