// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/upgrade/detail/mover.hpp>
#include <sark/upgrade/detail/rollback_texts.hpp>
#include <sark/upgrade/execute.hpp>

namespace sark::upgrade::detail {

class remover {
public:
    remover(sark::connection& db, rollback_options const& how, transaction* outer)
        : db_{db}, how_{how}, outer_{outer} {}

    /// Counts what would go and what would stay, and names the latter.
    void look(rollback_result& result) {
        read([&](session& db) {
            mark_ = hash_mark(db);
            result.native_children = count(db.query_text(count_native_children, {all()}).at(0).at(0));
            for (move const* of : moves)
                for (auto const& row : db.query_text(fates_text(*of), {mark_, all()})) {
                    std::string const fate = row.at(0).value_or("");
                    std::int64_t const rows = count(row.at(1));
                    total_ += rows;
                    if (fate == "changed") result.changed += rows;
                    if (fate != "changed" && fate != "children") continue;
                    std::vector<std::string> keys;
                    append_keys(keys, row.at(2).value_or("{}"), how_.named);
                    result.findings.push_back(stays(*of, fate, rows, keys));
                }
        });
    }

    void run(rollback_result& result) {
        // Children first: a resource with children stays.
        for (std::size_t place = moves.size(); place-- > 0;) {
            move const& of = *moves[place];
            std::string const text = remove_text(of);
            std::int64_t& removed = place == 0 ? result.resources : result.capabilities;
            for (std::optional<std::string> after = "";;) {
                std::int64_t rows = 0;
                auto const begun = std::chrono::steady_clock::now();
                unit([&](session& db) {
                    auto const got = db.query_text(
                        text, {mark_, all(), after, std::to_string(how_.batch), how_.force ? "true" : "false"});
                    after = got.at(0).at(0);
                    rows = count(got.at(0).at(1));
                    removed += count(got.at(0).at(2));
                    result.already_gone += count(got.at(0).at(3));
                    result.costs_named += count(got.at(0).at(4));
                    result.costs += count(got.at(0).at(5));
                });
                if (rows == 0) break;
                done_ += rows;
                if (how_.report)
                    how_.report({.phase = "roll back",
                                 .table = of.sides.actual,
                                 .done = done_,
                                 .total = total_,
                                 .batch = static_cast<std::size_t>(rows),
                                 .took = std::chrono::steady_clock::now() - begun});
            }
        }
        unit([&](session& db) {
            for (move const* of : moves)
                result.left += count(db.query_text(R"(SELECT count(*) FROM "migrated_rows" WHERE "target_table" = $2 )"
                                                   R"(AND ("run_id" IS NOT NULL OR $1::boolean))",
                                                   {all(), std::string{of->sides.actual}})
                                         .at(0)
                                         .at(0));
            if (!has_state(db)) return;
            db.execute(R"(DELETE FROM "sark_upgrade_quarantine")");
            db.execute(R"(UPDATE "sark_upgrade_runs" SET "state" = 'rolled back', "alive_at" = clock_timestamp() )"
                       R"(WHERE "state" <> 'rolled back')");
        });
    }

private:
    template <class F>
    void unit(F&& f) {
        if (outer_ != nullptr)
            f(*outer_);
        else
            db_.transaction([&](transaction& tx) { f(tx); });
    }
    template <class F>
    void read(F&& f) {
        if (outer_ != nullptr)
            f(*outer_);
        else
            f(db_);
    }

    [[nodiscard]] std::string all() const { return how_.with_revision_006 ? "true" : "false"; }

    static std::int64_t count(std::optional<std::string> const& text) { return compare::detail::number(text); }

    static report::finding stays(move const& of, std::string const& fate, std::int64_t rows,
                                 std::vector<std::string> const& keys) {
        std::string const table{of.sides.actual};
        bool const is_changed = fate == "changed";
        std::string list;
        for (std::string const& key : keys) list.append(list.empty() ? "" : ", ").append(key);
        if (static_cast<std::int64_t>(keys.size()) < rows) list += ", …";
        report::finding made{.id = is_changed ? "v2-row-changed" : "v2-row-has-children",
                             .severity = report::severity::error,
                             .subject = table,
                             .what = std::to_string(rows) + " moved row(s) of " + table +
                                     (is_changed ? " changed in v2 since: " : " have capabilities of v2: ") + list};
        made.why = is_changed ? "a rollback would lose the change" : "they would go with their resource";
        made.repair.emplace_back(is_changed ? "-- Carry the changes back to v1, or roll back with force"
                                            : "-- Delete these capabilities yourself; force leaves them and their "
                                              "resources in place");
        return made;
    }

    sark::connection& db_;
    rollback_options const& how_;
    transaction* outer_;
    std::string mark_;
    std::int64_t done_ = 0;
    std::int64_t total_ = 0;
};

}  // namespace sark::upgrade::detail

namespace sark::upgrade {

/// Removes the rows that runs brought into v2, and nothing else; a second call finds nothing to do.
///
/// Refuses, with the number, when moved rows changed in v2 since or were given capabilities of v2. `force` removes the
/// changed ones; what v2 added stays, and so do the resources it hangs on. All costs stay as they are; those without a
/// protocol get the one of the row that goes. A dry run does it all and rolls back.
/// @throws refused when rows would be lost, or after `finalize`; busy when a run does not end in time
inline rollback_result rollback(connection& db, rollback_options const& how = {}) {
    std::vector<report::finding> found = detail::blockers(db);
    detail::refuse_blockers(found);
    detail::run_lock const lock{db, how};
    detail::refuse_finalized(db);
    rollback_result result;
    result.dry_run = how.dry_run;
    if (how.dry_run) {
        try {
            db.transaction([&](transaction& tx) {
                detail::remover removing{db, how, &tx};
                removing.look(result);
                removing.run(result);
                throw detail::undone{};
            });
        } catch (detail::undone const&) {  // NOLINT(bugprone-empty-catch): rolled back, which was the intent
        }
        return result;
    }
    detail::remover removing{db, how, nullptr};
    removing.look(result);
    if (!how.force && (result.changed > 0 || result.native_children > 0)) {
        std::string const sentence = "sark: a rollback would lose what v2 did since: " +
                                     std::to_string(result.changed) + " moved row(s) changed, " +
                                     std::to_string(result.native_children) +
                                     " capabilities were added to moved resources. Nothing was removed; see why().";
        throw refused{sentence, std::move(result.findings)};
    }
    removing.run(result);
    return result;
}

}  // namespace sark::upgrade
