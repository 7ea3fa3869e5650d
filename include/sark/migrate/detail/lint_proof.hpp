// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/meta/message.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/lint_judge.hpp>
#include <sark/migrate/detail/lint_replay.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

// Proofs of a chain: each migration is judged in a constant expression of its own, because compilers limit the steps of
// each, and looks only at the history of the tables it touches. See docs/decisions/0030.

/// Holds the changes of a migration as a constant.
template <auto const& Migration>
inline constexpr auto changes_in = changes_of(Migration);

/// Is one change of a chain, linked to the one before it that names the same relation.
struct linked_change {
    change const* what = nullptr;
    std::size_t previous = 0;  ///< its place plus one, 0 for none
    std::size_t relation = 0;  ///< slot in the table of histories
};

/// Holds where the history of a relation ends: the place plus one of the last change that names it.
struct history_end {
    std::string_view relation = {};
    std::size_t last = 0;
};
using history_span = std::span<history_end const>;

[[nodiscard]] constexpr std::size_t hash_of(std::string_view name) {
    std::size_t hash = name.size();
    // The end tells numbered names apart; more characters only cost steps.
    for (char c : name.substr(name.size() < 12 ? 0 : name.size() - 12))
        hash = hash * 31 + static_cast<unsigned char>(c);
    return hash;
}

/// Finds the slot of a relation in a hash table that is never full.
[[nodiscard]] constexpr std::size_t slot_of(history_span slots, std::string_view relation) {
    std::size_t slot = hash_of(relation) % slots.size();
    while (slots[slot].last != 0 && slots[slot].relation != relation) slot = (slot + 1) % slots.size();
    return slot;
}

[[nodiscard]] constexpr bool renames(change const& c) {
    return c.kind == change_kind::rename_table || c.kind == change_kind::rename_column;
}

template <std::size_t Count>
struct links {
    std::array<linked_change, Count> changes{};
    std::array<history_end, 2 * Count + 1> ends{};
    std::size_t clear = 0;
    bool renames = false;
};

/// Links the changes of a chain by the relations they name.
template <std::size_t Count>
[[nodiscard]] constexpr links<Count> link_changes(std::span<change_span const> migrations) {
    links<Count> made;
    std::size_t place = 0;
    bool clear = true;
    bool reused = false;
    auto const append = [&](std::string_view relation) {
        std::size_t const slot = slot_of(made.ends, relation);
        std::size_t const before = made.ends[slot].last;
        made.ends[slot] = {relation, place};
        return linked_change{nullptr, before, slot};
    };
    for (change_span changes : migrations) {
        for (change const& c : changes) {
            ++place;
            clear = clear && !c.is_opaque();
            if (!c.table.empty()) made.changes[place - 1] = append(c.table);
            made.changes[place - 1].what = &c;
            made.renames = made.renames || detail::renames(c);
            if (c.kind != change_kind::rename_table) continue;
            // A name that goes from one table to another has two histories, and there is room for one.
            if (append(c.name).previous != 0) reused = true;
        }
        made.clear += clear ? 1 : 0;
    }
    if (reused) made.clear = 0;
    return made;
}

/// Shows a chain to the proofs.
struct linked_view {
    std::span<std::string_view const> ids;
    std::span<change_span const> migrations;
    std::span<linked_change const> changes;
    history_span ends;
    bool renames;

    [[nodiscard]] constexpr std::size_t begin_of(std::size_t migration) const {
        std::size_t place = 0;
        for (change_span const& before : migrations.first(migration)) place += before.size();
        return place;
    }
};

/// Links a chain, in a constant.
template <class Chain>
struct linked_chain;
template <auto const&... Migrations>
struct linked_chain<migrate::chain_t<Migrations...>> {
private:
    static constexpr std::string_view ids[] = {Migrations.id...};
    static constexpr change_span migrations[] = {change_span{changes_in<Migrations>}...};
    static constexpr links stored = link_changes<(std::size_t{0} + ... + changes_in<Migrations>.size())>(migrations);

public:
    static constexpr std::size_t size = sizeof...(Migrations);
    /// So many migrations at the beginning show what they do without being run.
    static constexpr std::size_t clear = stored.clear;
    static constexpr linked_view view{ids, migrations, stored.changes, stored.ends, stored.renames};

    /// Runs the first migrations for real.
    static constexpr void apply(schema::definition& d, std::size_t count) {
        std::size_t place = 0;
        ((place++ < count ? Migrations.apply(d) : void()), ...);
    }
};

/// Tells whether a migration may concern tables that it does not name as its own.
[[nodiscard]] constexpr bool needs_all_tables(change_span changes) {
    for (change const& c : changes)
        if (renames(c) || (c.statement != nullptr && has_words(c.text, "create_hypertable"))) return true;
    return false;
}

/// Replays the first changes of a chain: all of them, in their order.
[[nodiscard]] constexpr schema::definition replay_all(linked_view const& chain, std::size_t end) {
    schema::definition made;
    for (std::size_t place = 0; place < end; ++place) replay(made, *chain.changes[place].what);
    return made;
}

/// Replays the changes that name one relation, up to a place.
constexpr void replay_relation(schema::definition& made, linked_view const& chain, std::size_t slot, std::size_t end) {
    std::vector<change const*> history;  // the newest first
    for (std::size_t place = chain.ends[slot].last; place != 0; place = chain.changes[place - 1].previous)
        if (place <= end) history.push_back(chain.changes[place - 1].what);
    std::size_t const others = made.tables.size();
    for (std::size_t n = history.size(); n-- > 0;) {
        change const& c = *history[n];
        bool const in_table = c.kind != change_kind::create_table && made.tables.size() > others && !c.elsewhere;
        in_table ? replay_in_table(made.tables.back(), c) : replay(made, c);
    }
}

/// Replays the changes that name some relations, and every rename: it may concern foreign keys of any table.
[[nodiscard]] constexpr schema::definition replay_renamed(linked_view const& chain,
                                                          std::vector<std::size_t> const& slots, std::size_t end) {
    // GCC's library and Clang disagree about vector(n) of characters in a constant expression.
    std::vector<char> wanted;
    for (std::size_t place = 0; place < end; ++place) wanted.push_back(0);
    for (std::size_t slot : slots)
        for (std::size_t place = chain.ends[slot].last; place != 0; place = chain.changes[place - 1].previous)
            if (place <= end) wanted[place - 1] = 1;
    schema::definition made;
    for (std::size_t place = 0; place < end; ++place)
        if (change const& c = *chain.changes[place].what; wanted[place] != 0 || renames(c)) replay(made, c);
    return made;
}

/// Lists the relations that a migration names, and those its foreign keys point to.
[[nodiscard]] constexpr std::vector<std::size_t> named_slots(linked_view const& chain, change_span changes,
                                                             std::size_t begin) {
    std::vector<std::size_t> slots;
    auto const add = [&](std::size_t slot) {
        if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
    };
    auto const add_named = [&](std::string_view relation) {
        if (!relation.empty()) add(slot_of(chain.ends, relation));
    };
    for (std::size_t n = 0; n < changes.size(); ++n) {
        change const& c = changes[n];
        if (!c.table.empty()) add(chain.changes[begin + n].relation);
        for (migrate::enum_use const& use : c.uses) add_named(use.table);
        for (migrate::constraint_part const& part : c.constraints) add_named(part.target);
        if (c.constraint != nullptr) add_named(c.constraint->target);
    }
    return slots;
}

/// Builds the relations that a migration names, and those its foreign keys point to, as they are before it.
[[nodiscard]] constexpr schema::definition named_part(linked_view const& chain, std::size_t migration) {
    change_span const changes = chain.migrations[migration];
    std::size_t const begin = chain.begin_of(migration);
    if (needs_all_tables(changes)) return replay_all(chain, begin);
    std::vector<std::size_t> const slots = named_slots(chain, changes, begin);
    if (chain.renames) return replay_renamed(chain, slots, begin);
    schema::definition made;
    for (std::size_t slot : slots) replay_relation(made, chain, slot, begin);
    return made;
}

[[nodiscard]] constexpr migrate::finding first_error_in(std::string_view id, change_span changes,
                                                        schema::definition const& before,
                                                        schema::definition const& after) {
    std::vector<migrate::finding> findings;
    migrate::lint_options const options;
    judge({id, before, after, changes, options, findings, true});
    return findings.empty() ? migrate::finding{} : findings.front();
}

/// Finds the first error of a migration that shows what it does.
[[nodiscard]] constexpr migrate::finding find_error(linked_view const& chain, std::size_t migration) {
    change_span const changes = chain.migrations[migration];
    schema::definition before = named_part(chain, migration);
    schema::definition after = before;
    for (change const& c : changes) replay(after, c);
    return first_error_in(chain.ids[migration], changes, before, after);
}

/// Finds the first error of a migration by running it: after an effect that only its author knows, nothing else will do.
template <class Chain>
[[nodiscard]] constexpr migrate::finding find_error_by_running(std::size_t migration) {
    using proof = linked_chain<Chain>;
    change_span const changes = proof::view.migrations[migration];
    schema::definition built;
    proof::apply(built, migration);
    schema::definition before = touched_part(built, changes);
    schema::definition after;
    proof::apply(after, migration + 1);
    return first_error_in(proof::view.ids[migration], changes, before, after);
}

/// Holds the first error of one migration of a chain; an empty finding when there is none.
template <class Chain, std::size_t Migration>
[[nodiscard]] consteval migrate::finding error_of() {
    if constexpr (Migration < linked_chain<Chain>::clear)
        return find_error(linked_chain<Chain>::view, Migration);
    else
        return find_error_by_running<Chain>(Migration);
}

template <class Chain, std::size_t Migration>
struct first_error {
    static constexpr migrate::finding value = error_of<Chain, Migration>();
    static constexpr void write(sql::writer& w) {
        migrate::put_finding(w, value);
        w.put(" [sark-M12]");
    }
};

template <class Chain, std::size_t... Migration>
consteval bool check_clean(std::index_sequence<Migration...>) {
    constexpr bool wrong[] = {!first_error<Chain, Migration>::value.rule.empty()...};
    constexpr std::size_t none = sizeof...(Migration);
    constexpr std::size_t first = [](bool const* begin) {
        std::size_t place = 0;
        while (place < none && !begin[place]) ++place;
        return place;
    }(wrong);
    if constexpr (first != none) {
        using sentence = sentence_t<sql::text<first_error<Chain, first>>>;
        static_assert(sentence::nothing,
                      "sark: a migration is dangerous, and says<...> in this message says which and what to do. Mend "
                      "it, or waive(\"<rule>\", \"<reason>\") in it. [sark-M12]");
    }
    return first == none;
}

}  // namespace sark::migrate::detail
