// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/meta/message.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/lint_data.hpp>
#include <sark/migrate/detail/lint_indexes.hpp>
#include <sark/migrate/detail/lint_keys.hpp>
#include <sark/migrate/detail/lint_locks.hpp>
#include <sark/migrate/detail/lint_sql.hpp>
#include <sark/migrate/detail/lint_types.hpp>
#include <sark/migrate/lint_finding.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

/// Removes the findings that a migration's waivers name, and reports on the waivers themselves.
constexpr void apply_waivers(scene const& s) {
    std::vector<migrate::finding> found;
    found.swap(s.findings);
    for (migrate::finding const& f : found) {
        if (!s.is_waived(f.rule)) s.findings.push_back(f);
    }
    for (change const& c : s.changes) {
        if (c.waiver == nullptr) continue;
        bool used = false;
        for (migrate::finding const& f : found) used = used || f.rule == c.waiver->rule;
        bool const known = migrate::find_rule(c.waiver->rule) != nullptr;
        if (!known) s.report("unknown-waiver", {}, c.waiver->rule);
        if (known && !used) s.report("unused-waiver", {}, c.waiver->rule);
        // Days that are spelled year-month-day compare as texts.
        if (!s.options.today.empty() && !c.waiver->last_day.empty() && c.waiver->last_day < s.options.today)
            s.report("expired-waiver", {}, c.waiver->rule);
    }
}

/// Tells whether a later migration, or this one, validates a constraint that was added unchecked.
[[nodiscard]] constexpr bool is_validated(std::vector<change> const& changes, change const& added) {
    for (change const& c : changes)
        if (c.table == added.table && c.constraint != nullptr && same_part(*c.constraint, *added.constraint) &&
            (c.kind == change_kind::validate || (c.kind == change_kind::add_constraint && c.reversed)))
            return true;
    return false;
}

/// Applies one migration to a schema and judges it; a proof asks for errors only, because compilers limit the steps of a
/// constant expression.
template <class Migration>
[[nodiscard]] constexpr std::vector<migrate::finding> lint_step(Migration const& m, schema::definition& built,
                                                                migrate::lint_options const& options,
                                                                bool errors_only) {
    std::vector<change> const changes = changes_of(m);
    schema::definition before = touched_part(built, changes);
    m.apply(built);
    std::vector<migrate::finding> findings;
    scene const s{m.id, before, built, changes, options, findings, errors_only};
    lint_locks(s);
    lint_data(s);
    lint_sql(s);
    lint_types(s);
    lint_keys(s);
    lint_indexes(s);
    if (!errors_only) apply_waivers(s);
    return findings;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Judges one migration on top of the schema before it.
template <class... Parts>
[[nodiscard]] constexpr std::vector<finding> lint(migration_t<Parts...> const& m, schema::definition const& before,
                                                  lint_options const& options = {}) {
    schema::definition built{before.enums, before.tables, before.views, before.functions};
    return detail::lint_step(m, built, options, false);
}

/// Judges a chain, migration by migration, without a server: `sark::migrate::lint(chain)`, at compile time too.
template <auto const&... Migrations>
[[nodiscard]] constexpr std::vector<finding> lint(chain_t<Migrations...> const&, lint_options const& options = {}) {
    std::vector<finding> all;
    schema::definition built;
    auto const add = [&](auto const& m) {
        for (finding const& f : detail::lint_step(m, built, options, false)) all.push_back(f);
    };
    (add(Migrations), ...);

    // What is added unchecked has to be validated some day: the only rule that looks across migrations.
    std::vector<std::vector<detail::change>> const changes{detail::changes_of(Migrations)...};
    std::string_view const ids[] = {Migrations.id...};
    for (std::size_t i = 0; i < changes.size(); ++i)
        for (detail::change const& c : changes[i]) {
            bool const unchecked = c.kind == detail::change_kind::add_constraint && !c.reversed &&
                                   c.constraint->unchecked;
            bool open = unchecked;
            for (std::size_t j = i; j < changes.size(); ++j) open = open && !detail::is_validated(changes[j], c);
            for (detail::change const& w : changes[i])
                open = open && !(w.waiver != nullptr && w.waiver->rule == "never-validated");
            if (open)
                detail::scene{ids[i], built, built, changes[i], options, all}.report("never-validated", c.table,
                                                                                     c.name);
        }
    return all;
}

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Counts the statements that are judged in one constant expression, about: compilers limit the steps of each, and each
/// has to build the schema before it first.
inline constexpr std::size_t statements_at_once = 32;

/// Counts the statements of the first migrations of a chain.
[[nodiscard]] constexpr std::size_t statements_before(chain_view migrations, std::size_t count) {
    std::size_t n = 0;
    for (migration_view const& m : migrations.first(count)) n += m.up.size();
    return n;
}

/// Finds the first migration of a part of a chain; the number of migrations when no part follows.
[[nodiscard]] constexpr std::size_t begin_of_part(chain_view migrations, std::size_t part) {
    std::size_t at = 0;
    std::size_t n = 0;
    while (at < migrations.size() && n / statements_at_once < part) n += migrations[at++].up.size();
    return at;
}

/// Finds the first error of a part of a chain; an empty finding when there is none.
template <auto const&... Migrations>
[[nodiscard]] constexpr migrate::finding find_first_error(chain_t<Migrations...> const&, std::size_t begin,
                                                          std::size_t end) {
    schema::definition built;
    migrate::finding worst;
    if (begin == end) return worst;
    std::size_t place = 0;
    auto const visit = [&](auto const& m) {
        if (place < begin) m.apply(built);
        if (place >= begin && place < end && worst.rule.empty())
            for (migrate::finding const& f : lint_step(m, built, {}, true)) worst = f;
        ++place;
    };
    (visit(Migrations), ...);
    return worst;
}

/// Holds the first error of one part of a chain.
template <auto const& Chain, std::size_t Part>
struct first_error {
    static constexpr migrate::finding value = find_first_error(Chain, begin_of_part(Chain, Part),
                                                               begin_of_part(Chain, Part + 1));
    static constexpr void write(sql::writer& w) {
        migrate::put_finding(w, value);
        w.put(" [sark-M12]");
    }
};

template <auto const& Chain, std::size_t... Part>
consteval bool check_clean(std::index_sequence<Part...>) {
    constexpr std::size_t none = sizeof...(Part);
    constexpr std::size_t wrong = [] {
        std::size_t at = none;
        ((at == none && !first_error<Chain, Part>::value.rule.empty() ? void(at = Part) : void()), ...);
        return at;
    }();
    if constexpr (wrong != none) {
        using sentence = sentence_t<sql::text<first_error<Chain, wrong>>>;
        static_assert(sentence::nothing,
                      "sark: a migration is dangerous, and says<...> in this message says which and what to do. Mend "
                      "it, or waive(\"<rule>\", \"<reason>\") in it. [sark-M12]");
    }
    return wrong == none;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Proves that no migration of a chain has an error the linter knows, except for those it waives.
///
/// It is `true`, or the build fails with one sentence that names the migration, the table and the cure.
/// @code
/// static_assert(sark::migrate::is_clean<my_chain>);
/// @endcode
template <auto const& Chain>
inline constexpr bool is_clean = detail::check_clean<Chain>(
    std::make_index_sequence<detail::statements_before(Chain, Chain.view().size()) / detail::statements_at_once + 1>{});

}  // namespace sark::migrate
