// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/migrate/detail/lint_judge.hpp>
#include <sark/migrate/detail/lint_proof.hpp>
#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

/// Tells whether a later migration, or this one, validates a constraint that was added unchecked.
[[nodiscard]] constexpr bool is_validated(change_span changes, change const& added) {
    for (change const& c : changes)
        if (c.table == added.table && c.constraint != nullptr && same_part(*c.constraint, *added.constraint) &&
            (c.kind == change_kind::validate || (c.kind == change_kind::add_constraint && c.reversed)))
            return true;
    return false;
}

/// Applies one migration to a schema and judges it.
template <class Migration>
[[nodiscard]] constexpr std::vector<migrate::finding> lint_step(Migration const& m, schema::definition& built,
                                                                migrate::lint_options const& options) {
    auto const changes = changes_of(m);
    schema::definition before = touched_part(built, changes);
    m.apply(built);
    std::vector<migrate::finding> findings;
    judge({m.id, before, built, changes, options, findings});
    return findings;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Judges one migration on top of the schema before it.
template <class... Parts>
[[nodiscard]] constexpr std::vector<finding> lint(migration_t<Parts...> const& m, schema::definition const& before,
                                                  lint_options const& options = {}) {
    schema::definition built{before.enums, before.tables, before.views, before.functions};
    return detail::lint_step(m, built, options);
}

/// Judges a chain, migration by migration, without a server: `sark::migrate::lint(chain)`, at compile time too.
template <auto const&... Migrations>
[[nodiscard]] constexpr std::vector<finding> lint(chain_t<Migrations...> const&, lint_options const& options = {}) {
    std::vector<finding> all;
    schema::definition built;
    auto const add = [&](auto const& m) {
        for (finding const& f : detail::lint_step(m, built, options)) all.push_back(f);
    };
    (add(Migrations), ...);

    // What is added unchecked has to be validated some day: the only rule that looks across migrations.
    detail::change_span const changes[] = {detail::change_span{detail::changes_in<Migrations>}...};
    std::string_view const ids[] = {Migrations.id...};
    for (std::size_t i = 0; i < sizeof...(Migrations); ++i)
        for (detail::change const& c : changes[i]) {
            bool const unchecked = c.kind == detail::change_kind::add_constraint && !c.reversed &&
                                   c.constraint->unchecked;
            bool open = unchecked;
            for (std::size_t j = i; j < sizeof...(Migrations); ++j) open = open && !detail::is_validated(changes[j], c);
            for (detail::change const& w : changes[i])
                open = open && !(w.waiver != nullptr && w.waiver->rule == "never-validated");
            if (open)
                detail::scene{ids[i], built, built, changes[i], options, all}.report("never-validated", c.table,
                                                                                     c.name);
        }
    return all;
}

}  // namespace sark::migrate

namespace sark::migrate {

/// Proves that no migration of a chain has an error the linter knows, except for those it waives.
///
/// It is `true`, or the build fails with one sentence that names the migration, the table and the cure.
/// @code
/// static_assert(sark::migrate::is_clean<my_chain>);
/// @endcode
template <auto const& Chain>
inline constexpr bool is_clean = detail::check_clean<std::remove_cvref_t<decltype(Chain)>>(
    std::make_index_sequence<detail::linked_chain<std::remove_cvref_t<decltype(Chain)>>::size>{});

}  // namespace sark::migrate
