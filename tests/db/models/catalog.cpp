// SPDX-License-Identifier: MIT
//
// What the chain leaves behind and what the structs describe are the same catalog, as the server itself spells it.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>
#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/models.hpp>
#include <sark/models/v1.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

namespace {

/// Reads all but triggers and functions, which structs do not carry; the order of columns may differ.
std::vector<std::string> catalog_of(sark::connection& db) {
    static constexpr std::string_view everything = R"(
        SELECT line FROM (
            SELECT concat_ws(' | ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                             CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
                             coalesce(pg_get_expr(d.adbin, d.adrelid), 'no default'),
                             coalesce(col_description(c.oid, a.attnum), 'no comment')) AS line, c.relname
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            UNION ALL
            SELECT concat_ws(' | ', 'table', c.relname, c.relkind, coalesce(obj_description(c.oid), 'no comment')),
                   c.relname
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I')
            UNION ALL
            SELECT concat_ws(' | ', 'constraint', c.relname, o.conname, pg_get_constraintdef(o.oid)), c.relname
            FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
            WHERE c.relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT concat_ws(' | ', 'index', pg_get_indexdef(i.indexrelid)), c.relname
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT concat_ws(' | ', 'enum', t.typname, e.enumsortorder, e.enumlabel), t.typname
            FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
            UNION ALL
            SELECT concat_ws(' | ', 'query', c.relname, pg_get_viewdef(c.oid)), c.relname
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')) AS found
        WHERE relname NOT LIKE 'sark\_migrations%' ORDER BY line COLLATE "C")";
    std::vector<std::string> lines;
    for (auto const& row : db.query_text(everything)) lines.push_back(row.at(0).value());
    return lines;
}

}  // namespace

TEST_CASE("the structs create the catalog that the chain leaves behind") {
    sark::test::database const by_chain;
    sark::test::database const by_structs;
    sark::connection chain{by_chain.url()};
    sark::connection structs{by_structs.url()};

    sark::migrate::upgrade(chain, sark::migrations::chain);
    using namespace sark::v1;
    for (std::string_view statement :
         sark::create_statements<sark::Resource, sark::Capability, sark::FederationNode, sark::CostTracking,
                                 sark::PrincipalBudget, sark::DailyCostSummary, AuditEvent, PolicyVersion, Policy,
                                 McpTool, McpServer, ApiKey, UserTeam, User, Team, GatewayAuditEvent, MigratedRow>)
        structs.execute(statement);

    auto const expected = catalog_of(chain);
    auto const found = catalog_of(structs);
    CHECK(expected.size() > 300);
    for (std::string const& line : expected) {
        INFO("only the chain makes: " << line);
        CHECK(std::binary_search(found.begin(), found.end(), line));
    }
    for (std::string const& line : found) {
        INFO("only the structs make: " << line);
        CHECK(std::binary_search(expected.begin(), expected.end(), line));
    }
}
