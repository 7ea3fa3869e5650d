// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/operation.hpp>

namespace sark::migrate {

/// Says why a statement has no way back; a downgrade across it is refused with this reason.
struct irreversible {
    std::string_view reason;
};

/// Says why a statement needs no statement of its own on the way back, e.g. "the column goes with its values".
struct nothing_to_undo {
    std::string_view reason;
};

/// Says what a verbatim statement does to the schema.
struct changes {
    void (*apply)(schema::definition&);
    void (*revert)(schema::definition&);
};

/// Says why a verbatim statement's effect is no part of the schema value, e.g. "storage option".
struct opaque {
    std::string_view reason;
};

/// Says which rows, or which values of one column, a statement makes: those that may go when its table or column goes.
struct made_rows {
    std::string_view table = {};
    std::string_view column = {};  ///< empty for whole rows
    std::string_view rows = {};    ///< a condition on the table's rows, true for those the statement made
};

/// Runs a statement as it is spelled: one that changes rows, or DDL no other operation covers.
///
/// An empty `undo` needs a reason: either nothing is left to undo, or the statement is `irreversible`.
struct statement {
    std::string_view sql;
    std::string_view undo = {};
    std::string_view irreversible = {};
    std::string_view reason = {};
    void (*apply_effect)(schema::definition&) = nullptr;
    void (*revert_effect)(schema::definition&) = nullptr;
    facts cost = {};
    made_rows made = {};

    [[nodiscard]] constexpr std::size_t down_count() const { return undo.empty() ? 0 : 1; }
    constexpr void up(sql::writer& w) const { w.put(sql); }
    constexpr void down(sql::writer& w) const { w.put(undo); }
    constexpr void apply(schema::definition& d) const {
        if (apply_effect != nullptr) apply_effect(d);
    }
    constexpr void revert(schema::definition& d) const {
        if (revert_effect != nullptr) revert_effect(d);
    }
    [[nodiscard]] constexpr bool changes_other_relations() const { return apply_effect != nullptr; }
    [[nodiscard]] constexpr facts up_facts() const { return cost; }
    [[nodiscard]] constexpr facts down_facts() const { return cost; }

    /// States the cost of running it; a statement that says nothing counts as a row change.
    [[nodiscard]] constexpr statement with(facts const& stated) const {
        statement copy = *this;
        copy.cost = stated;
        return copy;
    }

    /// States which rows of a table it makes; a downgrade that drops the table is refused when it has others. The
    /// condition is one on the table as this migration leaves it, and may ask other tables.
    [[nodiscard]] constexpr statement creates(std::string_view table, std::string_view rows) const {
        return fills(table, {}, rows);
    }

    /// States in which rows it fills a column; a downgrade that drops the column is refused when others have values.
    [[nodiscard]] constexpr statement fills(std::string_view table, std::string_view column,
                                            std::string_view rows) const {
        statement copy = *this;
        copy.made = {detail::checked_name(table), column, detail::checked_text(rows)};
        return copy;
    }
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

constexpr void set_undo(migrate::statement& s, std::string_view undo) { s.undo = checked_text(undo); }
constexpr void set_undo(migrate::statement& s, migrate::irreversible why) { s.irreversible = checked_text(why.reason); }
constexpr void set_undo(migrate::statement& s, migrate::nothing_to_undo why) { s.reason = checked_text(why.reason); }

constexpr void set_effect(migrate::statement& s, migrate::changes effect) {
    s.apply_effect = effect.apply;
    s.revert_effect = effect.revert;
}
constexpr void set_effect(migrate::statement& s, migrate::opaque why) { s.reason = checked_text(why.reason); }

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Changes rows and nothing else: `data("UPDATE …", "UPDATE …")`, `data("…", irreversible{"…"})`,
/// `data("…", nothing_to_undo{"…"})`.
template <class Undo>
[[nodiscard]] constexpr statement data(std::string_view sql, Undo const& undo) {
    statement s{.sql = detail::checked_text(sql), .cost = {.lock = lock_level::row_exclusive}};
    detail::set_undo(s, undo);
    return s;
}

/// Runs DDL as it is spelled; says what it does to the schema (`changes`), or why that does not matter (`opaque`).
template <class Undo, class Effect>
[[nodiscard]] constexpr statement verbatim(std::string_view sql, Undo const& undo, Effect const& effect) {
    statement s{.sql = detail::checked_text(sql), .cost = {.lock = lock_level::access_exclusive}};
    detail::set_undo(s, undo);
    detail::set_effect(s, effect);
    return s;
}

}  // namespace sark::migrate
