// SPDX-License-Identifier: MIT
//
// Children come with one more statement for any number of parents; the server's own log counts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/models/v1.hpp>
#include <sark/relation.hpp>
#include <sark/schema.hpp>
#include <sark/testing.hpp>

#include "catch.hpp"

using sark::Capability, sark::CostTracking, sark::Resource, sark::col, sark::desc, sark::from;

namespace {

struct logged {
    sark::testing::postgres server{{.settings = {{"log_statement", "all"}}}};
    sark::connection db{server.url()};

    /// Counts the statements the server was sent so far.
    [[nodiscard]] std::size_t statements() const {
        std::string const log = server.log();
        std::size_t n = 0;
        for (std::string_view const mark : {"LOG:  execute ", "LOG:  statement: "})
            for (std::size_t at = log.find(mark); at != std::string::npos; at = log.find(mark, at + 1)) ++n;
        return n;
    }

    template <class F>
    std::size_t sent_by(F&& f) {
        std::size_t const before = statements();
        f();
        return statements() - before;
    }
};

}  // namespace

TEST_CASE("children are loaded by one statement for any number of parents") {
    static logged s;
    static bool const stocked = [] {
        for (std::string_view statement : sark::create_statements<Resource, Capability, CostTracking, sark::v1::User,
                                                                  sark::v1::Team, sark::v1::McpServer>)
            s.db.execute(statement);
        s.db.transaction([](sark::transaction& tx) {
            for (int r = 0; r < 300; ++r) {
                std::string const id = std::to_string(1000 + r);
                tx.insert(Resource{.id = id,
                                   .name = "r" + id,
                                   .protocol = r % 2 == 0 ? "http" : "mcp",
                                   .endpoint = "e",
                                   .metadata_ = sark::json{R"({"auth_method":"oauth2"})"}});
                for (int c = 0; c < r % 3; ++c)
                    tx.insert(Capability{.id = id + "-" + std::to_string(c), .resource_id = id, .name = "c"});
                if (r < 2) tx.insert(CostTracking{.principal_id = "p", .resource_id = id, .capability_id = "none"});
            }
        });
        return true;
    }();
    REQUIRE(stocked);

    SECTION("two statements, whatever there is") {
        auto const all = from<Resource>().order_by(col<&Resource::id>).with<Capability>();
        for (std::int64_t parents : {1, 2, 300}) {
            std::size_t rows = 0;
            CHECK(s.sent_by([&] { rows = s.db.all(all.limit(parents)).size(); }) == 2);
            CHECK(rows == static_cast<std::size_t>(parents));
        }
        CHECK(s.sent_by([] { (void)s.db.first(from<Resource>().with<Capability>()); }) == 2);
        CHECK(s.sent_by([] {
            (void)s.db.one(from<Resource>().where(col<&Resource::id> == "1000").with<Capability>());
        }) == 2);
        // No parents, no second statement; no with, no second statement either.
        CHECK(s.sent_by([] {
            (void)s.db.all(from<Resource>().where(col<&Resource::id> == "none").with<Capability>());
        }) == 1);
        CHECK(s.sent_by([] { (void)s.db.all(from<Resource>()); }) == 1);
    }

    SECTION("every parent gets its own children, in order") {
        auto const rows = s.db.all(from<Resource>().order_by(desc(col<&Resource::id>)).with<Capability>());
        REQUIRE(rows.size() == 300);
        for (auto const& row : rows) {
            auto const& children = row.children<Capability>();
            CHECK(children.size() == static_cast<std::size_t>((std::stoi(row.id) - 1000) % 3));
            for (std::size_t i = 0; i < children.size(); ++i) CHECK(children[i].id == row.id + "-" + std::to_string(i));
        }
    }

    SECTION("a parent that stands in the result twice gets its children twice") {
        auto const rows = s.db.all(
            from<Resource>().join<Capability>().where(col<&Resource::id> == "1002").with<Capability>());
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].children<Capability>().size() == 2);
        CHECK(rows[1].children<Capability>().size() == 2);
    }

    SECTION("several kinds of children are one statement each") {
        std::vector<sark::with_children<Resource, Capability, CostTracking>> rows;
        CHECK(s.sent_by([&] {
            rows = s.db.all(
                from<Resource>().order_by(col<&Resource::id>).limit(2).with<Capability>().with<CostTracking>());
        }) == 3);
        REQUIRE(rows.size() == 2);
        CHECK(rows[1].children<Capability>().size() == 1);
        CHECK(rows[1].children<CostTracking>().size() == 1);
        CHECK(rows[0].children<CostTracking>()[0].resource_id == "1000");
    }

    SECTION("in a transaction, and for rows with a typed document") {
        CHECK(s.sent_by([] {
            s.db.transaction([](sark::transaction& tx) {
                auto const rows = tx.all(from<sark::typed<sark::HttpMetadata>>()
                                             .where(col<&Resource::id>.in({"1001", "1002"}))
                                             .with<Capability>());
                REQUIRE(rows.size() == 1);
                CHECK(rows[0].metadata.auth_method == "oauth2");
                CHECK(rows[0].children<Capability>().size() == 2);
            });
        }) == 4);  // BEGIN and COMMIT too
    }

    SECTION("children whose reference may be NULL") {
        using sark::v1::McpServer, sark::v1::Team;
        auto const team = s.db.insert_returning(Team{.name = "t"});
        s.db.insert(McpServer{.name = "with", .team_id = team.id});
        s.db.insert(McpServer{.name = "without"});
        auto const rows = s.db.all(from<Team>().with<McpServer>());
        REQUIRE(rows.size() == 1);
        REQUIRE(rows[0].children<McpServer>().size() == 1);
        CHECK(rows[0].children<McpServer>()[0].name == "with");
    }

    SECTION("every operation is one statement") {
        Resource row{.id = "one", .name = "n", .protocol = "http", .endpoint = "e"};
        CHECK(s.sent_by([&] { s.db.insert(row); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.upsert(row); }) == 1);
        CHECK(s.sent_by([&] { s.db.update(row); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.count(from<Resource>()); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.first(from<Resource>()); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.erase(row); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.insert_returning(row); }) == 1);
        CHECK(s.sent_by([&] { (void)s.db.erase(from<Resource>().where(col<&Resource::id> == "one")); }) == 1);
        CHECK(s.sent_by([&] { s.db.transaction([](sark::transaction&) {}); }) == 2);
        CHECK(s.sent_by([&] { sark::connection{s.server.url()}; }) == 1);  // the session's contract
    }
}
