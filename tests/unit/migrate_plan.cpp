// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <string>
#include <variant>
#include <vector>

#include <sark/migrate/checksum.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/migrate/table_operations.hpp>

namespace {

namespace m = sark::migrate;

inline constexpr auto a = m::migration("a", m::root, m::data("SELECT 'a'", "SELECT '-a'"));
inline constexpr auto b = m::migration("b", m::after{"a"}, m::data("SELECT 'b'", "SELECT '-b'"));
inline constexpr auto c = m::migration("c", m::after{"b"}, m::data("SELECT 'c'", m::irreversible{"gone for good"}));
inline constexpr auto d = m::migration("d", m::after{"c"}, m::data("SELECT 'd'", "SELECT '-d'"));
inline constexpr auto whole = m::chain<a, b, c, d>;

inline constexpr auto beside = m::migration(
    "b", m::after{"a"}, m::data("SELECT 1", "SELECT 2"),
    m::data("VACUUM", m::nothing_to_undo{"it changes nothing"}).with({.needs_transaction = false}));

std::vector<m::applied_revision> applied(m::chain_view from, std::size_t count) { return m::applied_rows(from, count); }

/// Numbers and hashes rows as a run would have written them.
std::vector<m::applied_revision> rehashed(std::vector<m::applied_revision> rows) {
    std::string before;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].position = i;
        rows[i].chain_hash = before = m::chain_hash(before, rows[i].revision, rows[i].checksum);
    }
    return rows;
}

std::string shown(std::variant<m::plan_t, m::problem> const& decided) {
    if (auto const* why = std::get_if<m::problem>(&decided)) return why->revision + ": " + why->message;
    auto const& plan = std::get<m::plan_t>(decided);
    std::string text = (plan.way == m::direction::up ? "up " : "down ") + plan.from + "->" + plan.to + ":";
    for (m::migration_view const& one : plan.migrations) text += " " + std::string{one.id};
    return text;
}

m::problem_kind kind(std::variant<m::plan_t, m::problem> const& decided) { return std::get<m::problem>(decided).kind; }

}  // namespace

TEST_CASE("a plan lists what is missing, in order", "[migrate][plan]") {
    CHECK(shown(m::plan(whole, {})) == "up base->d: a b c d");
    CHECK(shown(m::plan(whole, {}, "b")) == "up base->b: a b");
    CHECK(shown(m::plan(whole, applied(whole, 2))) == "up b->d: c d");
    CHECK(shown(m::plan(whole, applied(whole, 2), "b")) == "up b->b:");
    CHECK(shown(m::plan(whole, applied(whole, 4))) == "up d->d:");
    CHECK(shown(m::plan(whole, {}, "base")) == "up base->base:");
}

TEST_CASE("a plan back lists the newest first", "[migrate][plan]") {
    CHECK(shown(m::plan(whole, applied(whole, 2), "base")) == "down b->base: b a");
    CHECK(shown(m::plan(whole, applied(whole, 4), "c")) == "down d->c: d");
}

TEST_CASE("a plan that makes no sense is a problem with a name", "[migrate][plan]") {
    CHECK(kind(m::plan(whole, {}, "x")) == m::problem_kind::unknown_target);
    CHECK_THAT(shown(m::plan(whole, {}, "x")), ContainsSubstring("the chain has no revision 'x'"));

    auto rows = applied(whole, 2);
    rows.push_back({"newer", "0000000000000000"});
    rows = rehashed(rows);
    CHECK(kind(m::plan(whole, rows)) == m::problem_kind::forked);
    CHECK_THAT(shown(m::plan(whole, rows)),
               ContainsSubstring("newer: sark: the history forked: the database has revision 'newer'"));

    rows = applied(whole, 3);
    rows.erase(rows.begin() + 1);
    rows = rehashed(rows);
    CHECK(kind(m::plan(whole, rows)) == m::problem_kind::out_of_order);
    CHECK_THAT(shown(m::plan(whole, rows)), ContainsSubstring("revision 'c' where the chain has 'b'"));

    rows = applied(whole, 2);
    rows[0].checksum = "0000000000000000";
    CHECK(kind(m::plan(whole, rows)) == m::problem_kind::damaged);
    rows = rehashed(rows);
    CHECK(kind(m::plan(whole, rows)) == m::problem_kind::edited);
    CHECK(std::get<m::problem>(m::plan(whole, rows)).revision == "a");

    CHECK(kind(m::plan(whole, applied(whole, 4), "a")) == m::problem_kind::irreversible);
    CHECK_THAT(shown(m::plan(whole, applied(whole, 4), "a")), ContainsSubstring("'c' has no way back: gone for good"));

    CHECK(kind(m::plan(whole, applied(whole, 4), "a", m::direction::up)) == m::problem_kind::wrong_direction);
    CHECK_THAT(shown(m::plan(whole, applied(whole, 1), "b", m::direction::down)),
               ContainsSubstring("the database is at 'a', so 'b' is reached by upgrade, not downgrade."));
    CHECK(shown(m::plan(whole, applied(whole, 1), "a", m::direction::down)) == "up a->a:");

    rows = applied(m::chain<a, beside>, 2);
    rows[1].state = m::row_state::building;
    rows[1].progress = 1;
    auto const going_on = std::get<m::plan_t>(m::plan(m::chain<a, beside>, rows));
    CHECK(going_on.resumes);
    CHECK(going_on.progress == 1);
    CHECK(shown(going_on) == "up a->b: b");
    CHECK(kind(m::plan(m::chain<a, beside>, rows, "a")) == m::problem_kind::unfinished);
    CHECK(kind(m::plan(m::chain<a, beside>, rows, "base")) == m::problem_kind::unfinished);
    rows[1].state = m::row_state::removing;
    CHECK(shown(m::plan(m::chain<a, beside>, rows, "base")) == "down b->base: b a");
    CHECK(kind(m::plan(m::chain<a, beside>, rows)) == m::problem_kind::unfinished);
}

TEST_CASE("a checksum changes with the id, the parent and every text, and with nothing else", "[migrate][plan]") {
    static constexpr auto same = m::migration("a", m::root, "another description",
                                              m::step("titled", m::data("SELECT 'a'", "SELECT '-a'")));
    static constexpr auto other_down = m::migration("a", m::root, m::data("SELECT 'a'", "SELECT '-A'"));
    static constexpr auto other_id = m::migration("A", m::root, m::data("SELECT 'a'", "SELECT '-a'"));
    auto const of = [](auto const& one) { return m::checksum(one.view().front()); };
    std::string const sum = of(m::chain<a>);
    CHECK(sum.size() == 16);
    CHECK(of(m::chain<same>) == sum);
    CHECK(of(m::chain<other_down>) != sum);
    CHECK(of(m::chain<other_id>) != sum);
    // Texts moved between statements are told apart.
    static constexpr auto joined = m::migration("x", m::root, m::data("ab", "c"));
    static constexpr auto parted = m::migration("x", m::root, m::data("a", "bc"));
    CHECK(of(m::chain<joined>) != of(m::chain<parted>));
}
