// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <sark/migrate/assertion.hpp>
#include <sark/migrate/detail/assertion_asker.hpp>
#include <sark/migrate/detail/assertion_render.hpp>
#include <sark/migrate/plan.hpp>

namespace sark::migrate::detail {

/// Asks the migrations of a plan; of a later one only what no earlier one of the plan touches.
class preflight_run {
public:
    preflight_run(sark::transaction& tx, asked_chain const& chain) : tx_{tx}, chain_{chain} {}

    [[nodiscard]] std::vector<migrate::assertion_finding> run(migrate::plan_t const& plan) {
        phase const at = plan.way == migrate::direction::up ? phase::before_up : phase::before_down;
        for (migrate::migration_view const& m : plan.migrations) ask(m.id, at);
        return std::move(findings_);
    }

private:
    void ask(std::string_view id, phase at) {
        auto const known = std::find_if(chain_.migrations.begin(), chain_.migrations.end(),
                                        [&](auto const& m) { return m.id == id; });
        auto const place = static_cast<std::size_t>(known - chain_.migrations.begin());
        std::set<std::string_view> touches;
        bool touches_any = false;
        seen_scene const note = [&](preflight_scene const& s) {
            touches.insert(s.touched.begin(), s.touched.end());
            touches_any = touches_any || s.touched_any;
        };
        rendered_assertions const rendered{
            [&](assertion_sink& sink) { chain_.writers[place](sink, {chain_.followers}, place, at, note); }};
        asker asks{tx_};
        std::int64_t skipped = 0;
        std::vector<migrate::assertion_view> const views = rendered.views();
        for (migrate::assertion_view const& a : views) {
            if (!touched_any_ && !touched_.contains(a.subject) && !touched_.contains(a.other))
                asks.ask(a, id, findings_);
            else if (asks.applies(a.guard))
                ++skipped;
        }
        if (skipped > 0)
            findings_.push_back({.migration = std::string{id},
                                 .step = {},
                                 .sentence = "assertions about what migrations before it change were left out. Ask "
                                             "again when it is the next one.",
                                 .count = skipped,
                                 .details = {},
                                 .severity = severity::info});
        touched_.insert(touches.begin(), touches.end());
        touched_any_ = touched_any_ || touches_any;
    }

    sark::transaction& tx_;
    asked_chain const& chain_;
    std::vector<migrate::assertion_finding> findings_;
    std::set<std::string_view> touched_;
    bool touched_any_ = false;
};

[[nodiscard]] inline std::vector<migrate::assertion_finding> preflight(sark::connection& db, asked_chain const& chain,
                                                                       std::string_view target) {
    return in_snapshot(db, [&](sark::transaction& tx) {
        auto decided = migrate::plan(chain.migrations, as_applied(ledger_rows(tx)), target);
        if (auto* why = std::get_if<migrate::problem>(&decided)) throw migrate::refused{std::move(*why)};
        return preflight_run{tx, chain}.run(std::get<migrate::plan_t>(decided));
    });
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Asks the database, before anything is changed, whether migrating it to `target` would fail or lose something on the
/// rows and the schema it has; empty when nothing speaks against it.
///
/// An error is what a migration would fail on, a warning what it would lose. Only the next migration can be asked
/// wholly: of a later one, what earlier ones change is left out, and a finding of severity info counts how much. Reads
/// in one read-only transaction, whole tables where it has to. Throws `refused` where `upgrade` and `downgrade` would.
/// @code
/// for (auto const& found : sark::migrate::preflight(db, chain)) std::cout << text_of(found) << '\n';
/// @endcode
template <auto const&... Migrations>
[[nodiscard]] std::vector<assertion_finding> preflight(connection& db, chain_t<Migrations...> const&,
                                                       std::string_view target = "head") {
    return detail::preflight(db, detail::asked_chain_of<Migrations...>::view(), target);
}

}  // namespace sark::migrate
