// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog/diff.hpp>

namespace catalog = sark::catalog;
using catalog::snapshot;

namespace {

/// Is a schema of two tables that point to each other.
snapshot shop() {
    snapshot s;
    s.relations = {
        {.name = "orders",
         .columns = {{.name = "id", .type = "bigint", .nullable = false}, {.name = "customer", .type = "bigint"}},
         .constraints = {{.name = "orders_pkey", .kind = 'p', .definition = "PRIMARY KEY (id)", .columns = {"id"}},
                         {.name = "orders_customer_fkey",
                          .kind = 'f',
                          .definition = "FOREIGN KEY (customer) REFERENCES people(id)",
                          .columns = {"customer"},
                          .references = "people",
                          .referenced = {"id"}}}},
        {.name = "people",
         .columns = {{.name = "id", .type = "bigint", .nullable = false}, {.name = "newest", .type = "bigint"}},
         .constraints = {{.name = "people_newest_fkey",
                          .kind = 'f',
                          .definition = "FOREIGN KEY (newest) REFERENCES orders(id)",
                          .columns = {"newest"},
                          .references = "orders",
                          .referenced = {"id"}},
                         {.name = "people_pkey", .kind = 'p', .definition = "PRIMARY KEY (id)", .columns = {"id"}}}},
    };
    return s;
}

std::size_t count_in(std::vector<std::string> const& statements, std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        statements.begin(), statements.end(), [&](std::string const& s) { return s.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("a schema does not differ from itself", "[catalog]") {
    CHECK(catalog::diff(shop(), shop()).empty());
    CHECK(catalog::diff({}, {}).empty());
    CHECK(catalog::diff({}, shop()).empty());
    CHECK(catalog::diff({}, shop(), {.unmanaged = true}).size() == 2);
}

TEST_CASE("tables that point to each other come back with each key once, after both", "[catalog]") {
    auto const found = catalog::diff(shop(), {});
    REQUIRE(found.size() == 2);
    CHECK(found[0].subject == "orders");
    CHECK(found[1].subject == "people");
    CHECK(count_in(found[0].repair, "FOREIGN KEY") == 0);
    CHECK(count_in(found[1].repair, "FOREIGN KEY") == 2);
    CHECK(found[1].repair.front().starts_with("CREATE TABLE \"people\""));
}

TEST_CASE("a thing that nothing can change safely has no repair", "[catalog]") {
    auto live = shop();
    live.relations[0].kind = 'p';
    auto found = catalog::diff(shop(), live);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "table-kind");
    CHECK(found[0].what == "Table orders is a partitioned table.");
    CHECK(found[0].repair.empty());

    auto want = shop();
    want.relations[0].kind = live.relations[0].kind = 'p';
    want.relations[0].definition = "RANGE (id)";
    live.relations[0].definition = "HASH (id)";
    found = catalog::diff(want, live);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "partition-key");

    want = shop();
    want.relations[0].hypertable = "id 7 days";
    found = catalog::diff(want, shop());
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "hypertable");
    found = catalog::diff(shop(), want, {.unmanaged = true});
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "unmanaged");
}

TEST_CASE("extensions matter where the expected side is another database", "[catalog]") {
    auto want = shop();
    want.extensions = {{"citext", "1.6"}};
    auto const found = catalog::diff(want, shop());
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == "extension-missing");
    CHECK(found[0].repair == std::vector<std::string>{"CREATE EXTENSION \"citext\""});
    CHECK(catalog::diff(shop(), want).empty());
}

TEST_CASE("what a dump spells otherwise is the same, and only that", "[catalog]") {
    auto want = shop();
    want.relations[0].columns[1].fallback = "a";
    want.respelled["a"] = "b";
    auto live = want;
    live.relations[0].columns[1].fallback = "b";
    CHECK(catalog::diff(want, live).empty());
    live.relations[0].columns[1].fallback = "c";
    CHECK(catalog::diff(want, live).size() == 1);
}

TEST_CASE("a constraint that holds for all rows is as good as one that was promised for new ones", "[catalog]") {
    auto want = shop();
    want.relations[0].constraints[1].valid = false;
    CHECK(catalog::diff(want, shop()).empty());
    CHECK(catalog::diff(shop(), want).size() == 1);
}

TEST_CASE("names are quoted in repairs, whatever they hold", "[catalog]") {
    snapshot want;
    want.relations = {{.name = "a\"b", .columns = {{.name = "c; DROP TABLE x", .type = "text", .comment = "it's"}}}};
    auto const found = catalog::diff(want, {});
    REQUIRE(found.size() == 1);
    REQUIRE(found[0].repair.size() == 2);
    CHECK(found[0].repair[0] == "CREATE TABLE \"a\"\"b\" (\n    \"c; DROP TABLE x\" text\n)");
    CHECK(found[0].repair[1] == "COMMENT ON COLUMN \"a\"\"b\".\"c; DROP TABLE x\" IS 'it''s'");
}

TEST_CASE("kinds of findings are named once, in small letters, and say what follows", "[catalog]") {
    std::set<std::string_view> ids;
    for (auto const& kind : catalog::finding_kinds) {
        INFO(kind.id);
        CHECK(ids.insert(kind.id).second);
        CHECK(kind.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
        CHECK(kind.why.ends_with('.'));
        CHECK(catalog::find_kind(kind.id) == &kind);
    }
}
