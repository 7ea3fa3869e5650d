// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <sark/migrate/migration.hpp>

namespace sark::migrate {

/// Shows one statement of a migration: its whole text is a constant of the binary.
struct statement_view {
    std::string_view sql;   ///< zero-terminated, for C interfaces
    std::string_view step;  ///< title of the step it belongs to, empty outside of steps
    facts cost;
};

/// Shows which rows, or values of a column, a statement of a migration makes.
struct made_rows_view {
    std::string_view table;
    std::string_view column;  ///< empty for whole rows
    std::string_view rows;
};

/// Shows a migration without its types, so that plan and runner are no templates. Both lists are in the order in which
/// they run: `down` begins with what undoes the last operation.
struct migration_view {
    std::string_view id;
    std::string_view parent;
    std::string_view description;
    std::span<statement_view const> up;
    std::span<statement_view const> down;
    std::string_view irreversible;  ///< the reason, empty when there is a way back
    void (*apply)(schema::definition&);
    void (*revert)(schema::definition&);
    std::span<made_rows_view const> made = {};  ///< rows that are the migration's own
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Calls `visit(op, title)` for every operation of a migration, steps opened, in the order of one direction.
template <class Migration, class Visit>
constexpr void each_operation(Migration const& m, bool forward, Visit const& visit) {
    auto const open = [&](auto const& part) {
        if constexpr (requires { part.operations; }) {
            auto const inner = [&](auto const& op) { visit(op, part.title); };
            forward ? part.operations.forward(inner) : part.operations.backward(inner);
        } else {
            visit(part, std::string_view{});
        }
    };
    forward ? m.parts.forward(open) : m.parts.backward(open);
}

/// Freezes the texts of one migration: all of them in one array, each zero-terminated, and a view of each.
///
/// One array per migration instead of one `sql::text` per statement keeps the number of instantiations small.
template <auto const& Migration>
struct frozen {
private:
    struct measured {
        std::size_t chars = 0;
        std::size_t ups = 0;
        std::size_t downs = 0;
        std::size_t made = 0;
    };
    static constexpr measured measure = [] {
        measured m;
        sql::writer counter;
        each_operation(Migration, true, [&](auto const& op, std::string_view) {
            for (std::size_t i = 0; i < migrate::up_count(op); ++i, ++m.ups) migrate::put_up(counter, op, i);
            for (std::size_t i = 0; i < migrate::down_count(op); ++i, ++m.downs) migrate::put_down(counter, op, i);
            if constexpr (requires { op.made.rows; }) m.made += op.made.rows.empty() ? 0 : 1;
        });
        m.chars = counter.size() + m.ups + m.downs;
        return m;
    }();

    struct placed {
        std::size_t begin = 0;
        std::size_t size = 0;
        std::string_view step;
        migrate::facts cost;
    };
    struct stored_texts {
        std::array<char, measure.chars + 1> chars{};
        std::array<placed, measure.ups> up{};
        std::array<placed, measure.downs> down{};
        std::array<migrate::made_rows_view, measure.made> made{};
        std::string_view irreversible;
    };
    static constexpr stored_texts stored = [] {
        stored_texts s;
        sql::writer store{s.chars.data()};
        std::size_t next = 0;
        [[maybe_unused]] std::size_t next_made = 0;
        each_operation(Migration, true, [&](auto const& op, std::string_view title) {
            for (std::size_t i = 0; i < migrate::up_count(op); ++i) {
                std::size_t const begin = store.size();
                migrate::put_up(store, op, i);
                s.up[next++] = {begin, store.size() - begin, title, op.up_facts()};
                store.put('\0');
            }
            if (s.irreversible.empty()) s.irreversible = migrate::irreversible_reason(op);
            if constexpr (requires { op.made.rows; })
                if (!op.made.rows.empty()) s.made[next_made++] = {op.made.table, op.made.column, op.made.rows};
        });
        next = 0;
        each_operation(Migration, false, [&](auto const& op, std::string_view title) {
            for (std::size_t i = 0; i < migrate::down_count(op); ++i) {
                std::size_t const begin = store.size();
                migrate::put_down(store, op, i);
                s.down[next++] = {begin, store.size() - begin, title, op.down_facts()};
                store.put('\0');
            }
        });
        return s;
    }();

    template <std::size_t N>
    static constexpr std::array<migrate::statement_view, N> views(std::array<placed, N> const& from) {
        std::array<migrate::statement_view, N> made{};
        for (std::size_t i = 0; i < N; ++i)
            made[i] = {{stored.chars.data() + from[i].begin, from[i].size}, from[i].step, from[i].cost};
        return made;
    }
    static constexpr auto up = views(stored.up);
    static constexpr auto down = views(stored.down);

    static constexpr void apply(schema::definition& d) { Migration.apply(d); }
    static constexpr void revert(schema::definition& d) { Migration.revert(d); }

public:
    static constexpr migrate::migration_view view{.id = Migration.id,
                                                  .parent = Migration.parent,
                                                  .description = Migration.description,
                                                  .up = up,
                                                  .down = down,
                                                  .irreversible = stored.irreversible,
                                                  .apply = &frozen::apply,
                                                  .revert = &frozen::revert,
                                                  .made = stored.made};
};

}  // namespace sark::migrate::detail
