// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include <sark/report.hpp>
#include <sark/validate.hpp>

#include "db/validate/scene.hpp"
#include "support/catch.hpp"
#include "support/test_size.hpp"

namespace validate = sark::validate;
using sark::test::healthy;
using lines = std::vector<std::string>;

namespace {

struct damage {
    std::string sql;
    lines expected;
    std::string undo = {};  ///< of what a refill does not bring back
    bool schema = false;    ///< looks at the schema, too, without the exact comparison
    bool apart = false;     ///< not together with those before
};

/// Says which of the damages go together: each alone where CI is set, else as many as do not hide each other.
bool begins_anew(damage const& d, lines const& before, bool schema) {
    return sark::test::sized(false, true) || d.apart || d.schema != schema ||
           std::any_of(d.expected.begin(), d.expected.end(), [&](std::string const& line) {
               return std::find(before.begin(), before.end(), line) != before.end();
           });
}

std::string const bypass = "SET session_replication_role = replica; ";
std::string const enforce = "; RESET session_replication_role";

std::vector<damage> const damages{
    // Shapes of documents.
    {"UPDATE resources SET metadata = '{}' WHERE id = md5('s1')::uuid::text", {"metadata-mcp resources.metadata"}},
    {"UPDATE resources SET metadata = metadata || '{\"tags\": \"prod\"}' WHERE id = md5('s2')::uuid::text",
     {"metadata-mcp resources.metadata"}},
    {"UPDATE resources SET metadata = '{\"servers\": [1]}' WHERE id = 'h1'", {"metadata-http resources.metadata"}},
    {"UPDATE resources SET metadata = '{\"proto_package\": \"p\"}' WHERE id = 'g1'",
     {"metadata-grpc resources.metadata"}},
    {"UPDATE resources SET metadata = '[1]' WHERE id = 'h2'",
     {"metadata-http resources.metadata", "resource-metadata-kind resources.metadata"}},
    {"UPDATE capabilities SET metadata = '{\"method\": 1}' WHERE id = 'c1'",
     {"metadata-http-operation capabilities.metadata"}},
    {"UPDATE capabilities SET metadata = '\"text\"' WHERE id = 'c3'",
     {"capability-metadata-kind capabilities.metadata"}},
    {"UPDATE capabilities SET output_schema = '[]' WHERE id = 'c3'",
     {"capability-schema-kind capabilities.input_schema"}},
    {"UPDATE resources SET protocol = 'graphql' WHERE id = 'g1'", {"protocol-unknown resources.protocol"}},
    {"UPDATE resources SET endpoint = 'unknown:h2' WHERE id = 'h2'", {"endpoint-placeholder resources.endpoint"}},
    // What the schema promises and nothing enforces.
    {"ALTER TABLE resources DROP CONSTRAINT ck_resources_sensitivity_level; "
     "UPDATE resources SET sensitivity_level = 'bogus' WHERE id = 'h1'",
     {"check-violated resources.ck_resources_sensitivity_level"},
     "ALTER TABLE resources ADD CONSTRAINT ck_resources_sensitivity_level CHECK (sensitivity_level IN ('low', "
     "'medium', "
     "'high', 'critical'))"},
    {"ALTER TABLE resources DROP CONSTRAINT ck_resources_protocol; "
     "UPDATE resources SET protocol = 'Not a Protocol' WHERE id = 'h1'",
     {"check-violated resources.ck_resources_protocol", "protocol-unknown resources.protocol"},
     "ALTER TABLE resources ADD CONSTRAINT ck_resources_protocol CHECK (protocol ~ '^[a-z][a-z0-9_.+-]*$')"},
    {"ALTER TABLE cost_tracking DROP CONSTRAINT ck_cost_tracking_actual_cost; "
     "INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, actual_cost) "
     "VALUES (now() + interval '40 days', 'nobody', 'h1', 'c1', -1)",
     {"check-violated cost_tracking.ck_cost_tracking_actual_cost"},
     "ALTER TABLE cost_tracking ADD CONSTRAINT ck_cost_tracking_actual_cost CHECK (actual_cost >= 0 AND actual_cost <> "
     "'NaN')"},
    {"ALTER TABLE capabilities ALTER COLUMN name DROP NOT NULL; UPDATE capabilities SET name = NULL WHERE id = 'c1'",
     {"null-value capabilities.name"},
     "ALTER TABLE capabilities ALTER COLUMN name SET NOT NULL"},
    {"ALTER TABLE users DROP CONSTRAINT users_email_key; UPDATE users SET email = 'same@example.com' WHERE id IN "
     "(md5('u1')::uuid, md5('u2')::uuid)",
     {"key-repeated users.users_email_key"},
     "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email)"},
    {"DROP INDEX ix_policy_versions_version; UPDATE policy_versions SET policy_id = md5('p1')::uuid",
     {"key-repeated policy_versions.ix_policy_versions_version"},
     "CREATE UNIQUE INDEX ix_policy_versions_version ON policy_versions (policy_id, version)"},
    {"ALTER TABLE user_teams DROP CONSTRAINT user_teams_pkey; INSERT INTO user_teams SELECT * FROM user_teams LIMIT 1",
     {"key-repeated user_teams.user_teams_pkey"},
     "ALTER TABLE user_teams ADD PRIMARY KEY (user_id, team_id)"},
    {"ALTER SEQUENCE cost_tracking_id_seq RESTART WITH 3", {"sequence-behind cost_tracking.id"}},
    {"SELECT setval('cost_tracking_id_seq', 41, false)", {"sequence-behind cost_tracking.id"}},
    // References, with and without a foreign key.
    {bypass + "UPDATE capabilities SET resource_id = 'gone' WHERE id = 'c3'" + enforce,
     {"foreign-key-broken capabilities.capabilities_resource_id_fkey"}},
    {bypass + "DELETE FROM teams WHERE name = 'Team 2'" + enforce,
     {"foreign-key-broken user_teams.user_teams_team_id_fkey"}},
    {"ALTER TABLE user_teams DISABLE TRIGGER ALL",
     {"foreign-key-unenforced user_teams.user_teams_team_id_fkey",
      "foreign-key-unenforced user_teams.user_teams_user_id_fkey"},
     "ALTER TABLE user_teams ENABLE TRIGGER ALL"},
    {"UPDATE cost_tracking SET resource_id = 'gone' WHERE request_id = 'r7'",
     {"cost-elsewhere cost_tracking.resource_id", "cost-resource cost_tracking.resource_id"}},
    {"UPDATE cost_tracking SET capability_id = 'gone' WHERE request_id = 'r8'",
     {"cost-capability cost_tracking.capability_id"}},
    {"UPDATE cost_tracking SET resource_id = 'h2' WHERE request_id = 'r7'",
     {"cost-elsewhere cost_tracking.resource_id"}},
    {"UPDATE resources SET metadata = metadata || '{\"owner_id\": \"00000000-0000-0000-0000-000000000000\"}' WHERE id "
     "= 'h2'",
     {"owner-unknown resources.metadata"}},
    {"UPDATE resources SET metadata = metadata || '{\"team_id\": \"nobody\"}' WHERE id = 'h2'",
     {"team-unknown resources.metadata"}},
    {"UPDATE audit_events SET user_id = md5('?')::uuid WHERE id = md5('e2')::uuid",
     {"audit-user audit_events.user_id"}},
    {"UPDATE audit_events SET server_id = md5('?')::uuid WHERE id = md5('e2')::uuid",
     {"audit-server audit_events.server_id"}},
    {"UPDATE audit_events SET capability_id = '?' WHERE id = md5('e2')::uuid",
     {"audit-capability audit_events.capability_id"}},
    {"UPDATE audit_events SET policy_id = md5('?')::uuid WHERE id = md5('e2')::uuid",
     {"audit-policy audit_events.policy_id"}},
    {"UPDATE api_keys SET user_id = md5('?')::uuid WHERE name = 'a'", {"api-key-user api_keys.user_id"}},
    {"UPDATE api_keys SET team_id = md5('?')::uuid WHERE name = 'a'", {"api-key-team api_keys.team_id"}},
    {"UPDATE policies SET current_version_id = md5('v2')::uuid WHERE name = 'one'",
     {"policy-version policies.current_version_id"}},
    {"DELETE FROM resources WHERE id = md5('s3')::uuid::text",
     {"moved-capability migrated_rows.target_id", "moved-resource migrated_rows.target_id"}},
    {"DELETE FROM capabilities WHERE id = md5('t3')::uuid::text", {"moved-capability migrated_rows.target_id"}},
    // Money and rights.
    {"UPDATE principal_budgets SET daily_spent = daily_spent + 0.00000001 WHERE principal_id = 'p1'",
     {"budget-daily principal_budgets.daily_spent"}},
    {"UPDATE principal_budgets SET daily_spent = 3 WHERE principal_id = 'new'",
     {"budget-daily principal_budgets.daily_spent"}},
    {"UPDATE principal_budgets SET monthly_spent = monthly_spent + 1 WHERE principal_id = 'p2'",
     {"budget-monthly principal_budgets.monthly_spent"}},
    {"INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, actual_cost, protocol) "
     "VALUES ('2020-02-02 23:30Z', 'p9', 'h1', 'c1', 1, 'http')",
     {"daily-costs-stale mv_daily_cost_summary"}},
    {"UPDATE cost_tracking SET protocol = NULL WHERE request_id = 'r40'", {"daily-costs-stale mv_daily_cost_summary"}},
    {"REFRESH MATERIALIZED VIEW mv_daily_cost_summary WITH NO DATA",
     {"view-not-filled mv_daily_cost_summary"},
     "",
     false,
     true},
    {"INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id) "
     "VALUES (now() + interval '40 days', 'p9', 'h1', 'c1')",
     {"cost-without-amount cost_tracking.actual_cost"}},
    {"INSERT INTO cost_tracking (timestamp, principal_id, resource_id, capability_id, actual_cost, request_id) "
     "VALUES (now() + interval '40 days', 'p9', 'h1', 'c1', 1, 'r7')",
     {"cost-twice cost_tracking.request_id"}},
    {"UPDATE api_keys SET is_active = true WHERE name = 'b'", {"api-key-revoked api_keys.is_active"}},
    {"UPDATE policies SET status = 'active' WHERE name = 'two'",
     {"policy-without-version policies.current_version_id"}},
    // The server's own state.
    {"CREATE INDEX twin ON resources (name)", {"index-duplicate resources.twin"}, "DROP INDEX twin", true},
    {"CREATE INDEX prefix ON cost_tracking (principal_id)",
     {"index-duplicate cost_tracking.prefix"},
     "DROP INDEX prefix",
     true},
    {"SELECT setval('cost_tracking_id_seq', 9000000000000000000)",
     {"sequence-near-end cost_tracking_id_seq"},
     "",
     true},
};

validate::options quickly(bool schema) {
    validate::options how;
    how.read_only = true;
    how.schema = schema;
    how.thresholds.changed_rows = 1'000'000;  // refills are changes, too
    return how;
}

}  // namespace

TEST_CASE("a healthy database has no findings, in any time zone", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    h.run("ANALYZE");
    for (std::string const zone : {"UTC", "Pacific/Kiritimati", "America/St_Johns"}) {
        h.db.execute("SET TIME ZONE '" + zone + "'");
        sark::report::report const found = validate::run(h.db);
        INFO(zone << '\n' << sark::report::text(found));
        CHECK(found.findings.empty());
        CHECK(found.unchecked.empty());
        CHECK(sark::report::exit_code(found) == 0);
    }
    h.db.execute("RESET TIME ZONE");
}

TEST_CASE("each damage is found by its checks and by no other", "[validate]") {
    healthy& h = healthy::shared();
    h.refill();
    lines seen;
    int zone = 0;
    for (auto d = damages.begin(); d != damages.end();) {
        std::string sql;
        std::string undo;
        lines expected;
        bool const schema = d->schema;
        do {
            sql += d->sql + ";\n";
            if (!d->undo.empty()) undo += d->undo + ';';
            expected.insert(expected.end(), d->expected.begin(), d->expected.end());
        } while (++d != damages.end() && !begins_anew(*d, expected, schema));
        std::sort(expected.begin(), expected.end());
        h.run(sql);
        h.db.execute("SET TIME ZONE INTERVAL '" + std::to_string(zone++ % 27 - 12) + "' HOUR TO MINUTE");
        sark::report::report const found = validate::run(h.db, quickly(schema));
        h.refill(undo);
        INFO(sql << sark::report::text(found));
        CHECK(sark::test::told(found) == expected);
        CHECK(found.unchecked.empty());
        for (auto const& f : found.findings) {
            seen.push_back(f.id);
            CHECK_FALSE(f.why.empty());
            CHECK_FALSE(f.repair.empty());
            CHECK_FALSE(f.repair.front().empty());
        }
    }
    // Every check has its damage.
    for (auto const& c : validate::row_checks()) CHECK(std::find(seen.begin(), seen.end(), c.check.id) != seen.end());
}
