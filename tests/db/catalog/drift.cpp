// SPDX-License-Identifier: MIT
#include "db/catalog/mutations.hpp"
#include "support/catch.hpp"
#include "support/database.hpp"
#include "support/test_size.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog.hpp>
#include <sark/db/observer.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrations/chain.hpp>

namespace catalog = sark::catalog;
using sark::migrations::chain;

namespace {

std::string told(std::vector<sark::report::finding> const& findings) {
    std::string text;
    for (auto const& f : findings) {
        text += '[' + f.id + "] " + f.subject + ": " + f.what + '\n' + f.evidence + '\n';
        for (auto const& statement : f.repair) text += "    " + statement + ";\n";
    }
    return text;
}

/// Undoes a transaction.
struct undo {};

/// Reads what a transaction has made so far.
catalog::snapshot read_in(sark::transaction& tx) { return catalog::detail::reader{tx, "public"}.read(); }

void run_each(sark::transaction& tx, std::string_view script) {
    while (!script.empty()) {
        // A second statement begins with its word; a name may hold a semicolon.
        std::size_t end = script.size();
        for (std::string_view const next : {"; CREATE", "; DROP", "; ALTER"}) end = std::min(end, script.find(next));
        end = std::min(end, script.size());
        tx.execute(script.substr(0, end));
        script.remove_prefix(std::min(end + 2, script.size()));
    }
}

/// Changes a database, looks for the one finding, repairs it, and looks again; all of it in a transaction that is undone.
///
/// All of the changes where CI is set, the first of each kind elsewhere.
std::size_t each_is_one_finding(std::span<sark::test::mutation const> mutations, catalog::snapshot const& expected,
                                sark::connection& db) {
    bool const all = sark::test::sized(false, true);
    std::set<std::string_view> kinds;
    std::size_t done = 0;
    for (auto const& m : mutations) {
        if (!kinds.insert(m.id).second && !all) continue;
        ++done;
        std::vector<sark::report::finding> found;
        std::vector<sark::report::finding> left;
        std::string problem;
        try {
            db.transaction([&](sark::transaction& tx) {
                run_each(tx, m.sql);
                found = catalog::diff(expected, read_in(tx));
                for (auto const& f : found)
                    for (auto const& statement : f.repair) tx.execute(statement);
                left = catalog::diff(expected, read_in(tx));
                throw undo{};
            });
        } catch (undo const&) {
        } catch (sark::error const& failure) { problem = failure.server_message(); }
        INFO(m.sql << '\n' << told(found) << "left after the repair:\n" << told(left));
        CHECK(problem.empty());
        CHECK(found.size() == 1);
        CHECK(left.empty());
        for (auto const& f : found) {
            CHECK(f.id == m.id);
            CHECK(f.subject == m.subject);
        }
    }
    return done;
}

}  // namespace

TEST_CASE("each change of a database at head is exactly one finding, and its repair undoes it", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    sark::migrate::upgrade(db, chain);
    static_assert(std::size(sark::test::mutations_of_head) + std::size(sark::test::mutations_of_everything) > 130);
    auto const expected = catalog::build(db, sark::migrate::fold(chain.view()));
    std::size_t const done = each_is_one_finding(sark::test::mutations_of_head, expected, db);
    CHECK(done >= 40);
}

TEST_CASE("each change of what our chain does not use is exactly one finding, too", "[catalog][db]") {
    sark::test::database const model;
    model.execute(std::string{sark::test::everything});
    sark::connection db{model.url()};
    auto const expected = catalog::read(db);
    CHECK(each_is_one_finding(sark::test::mutations_of_everything, expected, db) >= 18);
}

TEST_CASE("what is not of the schema is reported when it is asked for, and never repaired", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    sark::migrate::upgrade(db, chain);
    auto const expected = catalog::build(db, sark::migrate::fold(chain.view()));
    CHECK(catalog::diff(expected, catalog::read(db), {.unmanaged = true}).empty());
    std::size_t known = 0;
    for (auto const& m : sark::test::strangers) {
        INFO(m.sql);
        live.execute(std::string{m.sql});
        auto const now = catalog::read(db);
        CHECK(catalog::diff(expected, now).empty());
        auto const found = catalog::diff(expected, now, {.unmanaged = true});
        INFO(told(found));
        CHECK(found.size() == ++known);
        std::size_t here = 0;
        for (auto const& f : found) {
            here += f.id == m.id && f.subject == m.subject && f.severity == sark::report::severity::info;
            CHECK(f.repair.empty());
        }
        CHECK(here >= 1);
    }
}

TEST_CASE("fresh builds have no findings, whatever role, zone or schema they were made with", "[catalog][db]") {
    auto const builds = sark::test::sized<std::size_t>(10, 100);
    static constexpr std::string_view settings[] = {
        "SET TimeZone = 'Asia/Kolkata'",      "SET DateStyle = 'German, DMY'", "SET IntervalStyle = iso_8601",
        "SET quote_all_identifiers = on",     "SET extra_float_digits = -5",   "SET bytea_output = escape",
        "SET default_tablespace = pg_default"};
    sark::test::database const live;
    sark::connection plain{live.url()};
    auto const expected = catalog::build(plain, sark::migrate::fold(chain.view()));
    CHECK(expected.relations.size() == 17);
    for (std::size_t n = 0; n < builds; ++n) {
        std::string const schema = n % 2 == 0 ? "build " + std::to_string(n) : "b\"" + std::to_string(n);
        std::string_view const setting = settings[n % std::size(settings)];
        INFO(schema << ": " << setting);
        sark::connection db{live.url()};
        std::string const quoted = catalog::detail::quoted_name(schema);
        db.execute("CREATE SCHEMA " + quoted);
        db.execute(setting);
        db.execute("SET search_path = " + quoted + ", public");
        // Ten are committed by the runner; further ones differ by their settings, and committing them takes long.
        catalog::snapshot now;
        if (n < 10) {
            sark::migrate::upgrade(db, chain);
            now = catalog::read(db);
        } else {
            try {
                db.transaction([&](sark::transaction& tx) {
                    for (auto const& m : chain.view())
                        for (auto const& statement : m.up) tx.execute(statement.sql);
                    now = catalog::detail::reader{tx, schema}.read();
                    throw undo{};
                });
            } catch (undo const&) {}  // NOLINT(bugprone-empty-catch): as meant
        }
        CHECK(now.schema == schema);
        auto found = catalog::diff(expected, now, {.unmanaged = true});
        INFO(told(found));
        CHECK(found.empty());
        // The expected side may be built under these settings as well.
        if (n % 5 == 4) found = catalog::diff(catalog::build(db, sark::migrate::fold(chain.view())), now);
        CHECK(found.empty());
    }
}

TEST_CASE("every revision has no findings on the way up and on the way down", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    auto const check = [&](std::string_view revision) {
        auto const found = catalog::diff(catalog::build(db, sark::migrate::fold(chain.view(), revision)),
                                         catalog::read(db), {.unmanaged = true});
        INFO(revision << '\n' << told(found));
        CHECK(found.empty());
    };
    for (auto const& m : chain.view()) {
        sark::migrate::upgrade(db, chain, m.id);
        if (sark::test::sized(false, true) || m.id[2] > '5') check(m.id);
    }
    // Every way back leaves what was there, as other tests compare line by line; here it is long for every day.
    for (auto n = sark::test::sized<std::size_t>(0, chain.size() - 1); n > 0; --n) {
        sark::migrate::downgrade(db, chain, chain.view()[n - 1].id);
        check(chain.view()[n - 1].id);
    }
}

TEST_CASE("what a dump restores has no findings although the server spells it otherwise", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    sark::migrate::upgrade(db, chain);
    auto const expected = catalog::build(db, sark::migrate::fold(chain.view()));
    CHECK(!expected.respelled.empty());
    for (auto const& [ours, restored] : expected.respelled) {
        INFO(ours << '\n' << restored);
        CHECK(ours != restored);
    }
    // The server reads its own spelling, as it does for a dump, and then spells it in another way.
    std::size_t changed = 0;
    for (auto const& r : expected.relations)
        for (auto const& c : r.constraints)
            if (expected.respelled.contains(c.definition)) {
                live.execute("ALTER TABLE \"" + r.name + "\" DROP CONSTRAINT \"" + c.name + "\", ADD CONSTRAINT \"" +
                             c.name + "\" " + c.definition);
                ++changed;
            }
    CHECK(changed >= 2);
    auto const now = catalog::read(db);
    CHECK(catalog::diff(expected, now).empty());
    auto without = expected;
    without.respelled.clear();
    CHECK(catalog::diff(without, now).size() == changed);
}

TEST_CASE("a snapshot takes the same few statements whatever there is, and changes nothing", "[catalog][db]") {
    sark::test::database const live;
    sark::connection db{live.url()};
    sark::statement_counter sent;
    db.observe(&sent);
    auto const empty = catalog::read(db);
    std::size_t const few = sent.count();
    CHECK(few <= 16);
    CHECK(empty.relations.empty());
    sark::migrate::upgrade(db, chain);
    sent.reset();
    auto const full = catalog::read(db);
    CHECK(sent.count() == few);
    CHECK(full.relations.size() >= 18);
    CHECK(full.database == live.name());
    CHECK(full.schema == "public");

    static_cast<void>(catalog::build(db, sark::migrate::fold(chain.view())));
    CHECK(live.ask("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'sark%'") == "0");
    CHECK(db.query_text("SHOW search_path")[0][0] == "\"$user\", public");
    CHECK_THROWS_WITH(catalog::read(db, "nowhere"), ContainsSubstring("no schema 'nowhere'"));
    db.execute("SET default_transaction_read_only = on");
    CHECK_THROWS_WITH(catalog::build(db, sark::migrate::fold(chain.view())),
                      ContainsSubstring("may not create a schema"));
}
