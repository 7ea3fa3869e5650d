// SPDX-License-Identifier: MIT
//
// What the comparison by value has to find, and what it must not take for damage.
#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "db/upgrade/scene.hpp"
#include "support/test_size.hpp"

namespace up = sark::upgrade;
using sark::test::scene;

namespace {

/// Is one way to spoil one field; the expression is of the row `t`.
struct damage {
    char const* table;
    char const* column;
    char const* value;
    char const* named;  ///< the field as the comparison has to name it
};

// Sign, scale, case, space, order of an array, absent against null against empty, text against number, one second and
// one hour: all on fields that every row has.
constexpr damage damages[] = {
    {"resources", "name", "name || ' '", "name"},
    {"resources", "name", "upper(name)", "name"},
    {"resources", "protocol", "'http'", "protocol"},
    {"resources", "endpoint", "''", "endpoint"},
    {"resources", "endpoint", "overlay(endpoint PLACING 'X' FROM 2 FOR 1)", "endpoint"},
    {"resources", "sensitivity_level", "CASE sensitivity_level WHEN 'low' THEN 'high' ELSE 'low' END",
     "sensitivity_level"},
    {"resources", "metadata", "metadata - 'consul_id'", "metadata.consul_id"},
    {"resources", "metadata", "metadata || '{\"consul_id\": \"\"}'", "metadata.consul_id"},
    {"resources", "metadata", "metadata || jsonb_build_object('zone', metadata->>'zone')", "metadata.zone"},
    {"resources", "metadata", "metadata || jsonb_build_object('zone', -(metadata->>'zone')::numeric)", "metadata.zone"},
    {"resources", "metadata", "metadata || '{\"weight\": 15.0}'", "metadata.weight"},
    {"resources", "metadata", "metadata || '{\"capabilities\": []}'", "metadata.capabilities"},
    {"resources", "metadata", "metadata || '{\"new\": null}'", "metadata.new"},
    {"resources", "metadata", "'[]'", "metadata"},
    {"resources", "created_at", "created_at + interval '1 hour'", "created_at"},
    {"resources", "updated_at", "updated_at - interval '1 microsecond'", "updated_at"},
    {"capabilities", "name", "'x' || name", "name"},
    {"capabilities", "description", "CASE WHEN description IS NULL THEN '' END", "description"},
    {"capabilities", "description", "coalesce(description, '') || E'\\n'", "description"},
    {"capabilities", "input_schema", "input_schema || '{\"type\": \"Object\"}'", "input_schema.type"},
    {"capabilities", "input_schema", "input_schema - 'n'", "input_schema.n"},
    {"capabilities", "input_schema", "jsonb_set(input_schema, '{n}', to_jsonb((input_schema->>'n')::numeric * 10))",
     "input_schema.n"},
    {"capabilities", "output_schema", "'{\"a\": 1}'", "output_schema.a"},
    {"capabilities", "output_schema", "'null'", "output_schema"},
    {"capabilities", "sensitivity_level", "CASE sensitivity_level WHEN 'critical' THEN 'medium' ELSE 'critical' END",
     "sensitivity_level"},
    {"capabilities", "metadata", "jsonb_set(metadata, '{requires_approval}', '\"true\"')",
     "metadata.requires_approval"},
    {"capabilities", "metadata", "jsonb_set(metadata, '{signature}', '\"s\"')", "metadata.signature"},
    {"capabilities", "resource_id",
     "(SELECT r.id FROM resources AS r WHERE r.id <> t.resource_id ORDER BY r.id LIMIT 1)", "resource_id"},
    {"capabilities", "created_at", "created_at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Kolkata'", "created_at"},
    {"capabilities", "updated_at", "'infinity'", "updated_at"},
};

std::vector<std::string> found_by(up::verification const& seen) {
    std::vector<std::string> lines;
    for (auto const* side : {&seen.resources, &seen.capabilities})
        for (auto const& d : side->differences) lines.push_back(d.table + "." + d.key + "." + d.field);
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace

TEST_CASE("200 damages of one field each are found and named, with the session in another time zone", "[upgrade][db]") {
    scene& at = scene::fresh();
    at.fill(150, 150);
    up::execute(at.db);
    at.run("ALTER TABLE resources DISABLE TRIGGER USER; ALTER TABLE capabilities DISABLE TRIGGER USER");
    std::mt19937 chance{20240601};
    std::vector<std::string> expected;
    std::string script;
    int next[2] = {0, 0};
    for (int i = 0; i < 200; ++i) {
        damage const& d = damages[std::uniform_int_distribution<std::size_t>{0, std::size(damages) - 1}(chance)];
        bool const is_tool = std::string{d.table} == "capabilities";
        int const row = ++next[is_tool ? 1 : 0];
        std::string const id = at.ask(std::string{"SELECT md5('"} + (is_tool ? "t" : "s") + std::to_string(row) +
                                      "')::uuid");
        script += std::string{"UPDATE "} + d.table + " AS t SET " + d.column + " = " + d.value + " WHERE id = '" + id +
                  "';";
        expected.push_back(std::string{d.table} + "." + id + "." + d.named);
    }
    at.run(script);
    std::sort(expected.begin(), expected.end());
    sark::connection elsewhere{at.url()};
    elsewhere.execute("SET TimeZone = 'Asia/Kolkata'");
    elsewhere.execute("SET DateStyle = 'German'");
    elsewhere.execute("SET extra_float_digits = -15");
    auto const seen = up::verify(elsewhere, {.range = 32});
    std::vector<std::string> const found = found_by(seen);
    std::vector<std::string> missed;
    std::vector<std::string> alarms;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missed));
    std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(alarms));
    for (std::string const& line : missed) UNSCOPED_INFO("missed: " << line);
    CHECK(missed.empty());
    CHECK(alarms.empty());
    CHECK(seen.resources.different + seen.capabilities.different == 200);
    CHECK(up::findings(seen).size() == 200);
    for (auto const& difference : seen.resources.differences) CHECK_FALSE(difference.actual.has_value());
    // v1 wins where it is told to, and then nothing is left.
    up::execute(at.db, {.edits = up::edits::overwrite});
    CHECK(up::verify(elsewhere).equal());
}

TEST_CASE("corruption of every kind at once is found row by row", "[upgrade][db]") {
    // What both validators of the first version passed with exit 0: every value changed, half the metadata emptied.
    // Dropped indexes, keys and NOT NULL are for the comparison of catalogs.
    scene& at = scene::fresh();
    at.fill(30, 60);
    up::execute(at.db);
    at.run("ALTER TABLE resources DISABLE TRIGGER USER; ALTER TABLE capabilities DISABLE TRIGGER USER");
    at.run(
        "UPDATE resources SET name = 'x', endpoint = 'x', sensitivity_level = CASE sensitivity_level WHEN 'low' THEN "
        "'high' ELSE 'low' END, metadata = CASE WHEN created_at < '2024-01-01 00:00:16+00' THEN '{}' ELSE metadata "
        "END");
    at.run("UPDATE capabilities SET name = 'x', description = 'x', input_schema = '{\"x\": 1}'");
    at.run("DELETE FROM capabilities WHERE resource_id = md5('s3')::uuid::text");
    auto const seen = up::verify(at.db, {.range = 7});
    CHECK(seen.resources.different == 30);
    CHECK(seen.capabilities.different == 58);
    CHECK(seen.capabilities.missing == 2);
    CHECK(up::findings(seen).size() == 90);
    int names = 0;
    int emptied = 0;
    for (auto const& d : seen.resources.differences) {
        names += d.field == "name" ? 1 : 0;
        emptied += d.field == "metadata.transport" ? 1 : 0;
    }
    CHECK(names == 30);
    CHECK(emptied == 15);
    auto const shown = up::verify(at.db, {.most = 1, .with_values = true});
    REQUIRE(shown.resources.differences.size() == 1);
    CHECK(shown.resources.differences[0].actual.has_value());
}

TEST_CASE("clean sets raise no alarm, however a value is spelled and wherever the session is", "[upgrade][db]") {
    scene& at = scene::fresh();
    sark::connection elsewhere{at.url()};
    elsewhere.execute("SET TimeZone = 'America/St_Johns'");
    int const sets = sark::test::sized(3, 10, 50);
    for (int set = 0; set < sets; ++set) {
        INFO("set " << set);
        std::string const seed = std::to_string(set);
        // Texts of any length and script, times at both ends, documents of every type, numbers of every spelling.
        at.run(
            "INSERT INTO mcp_servers (id, name, description, transport, endpoint, command, extra_metadata, tags, "
            "last_health_check, created_at, updated_at) SELECT gen_random_uuid(), "
            "CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN repeat('ä', 255) WHEN 2 THEN U&'\\+01F600' ELSE E'a\\tb\\\\\"' END, "
            "CASE WHEN i % 3 = 0 THEN 'd' END, (ARRAY['http', 'stdio', 'sse'])[1 + i % 3]::transporttype, "
            "CASE WHEN i % 5 > 1 THEN 'e' END, CASE WHEN i % 7 > 3 THEN 'c' END, "
            "(ARRAY['{}', '[]', 'null', '\"s\"', '1.00', '{\"a\": 1.10, \"b\": -0.0, \"c\": 1e3}', "
            "'{\"status\": 1}', '{\"extra_metadata\": {}}'])[1 + (i + " +
            seed +
            ") % 8]::jsonb, "
            "jsonb_build_array(random(), i, 12345678901234567890123::numeric), "
            "(ARRAY['infinity', '-infinity', '2024-03-31 01:30:00+00', NULL])[1 + i % 4]::timestamptz, "
            "(ARRAY['infinity', '0001-01-01 00:00:00+00 BC', '2024-10-27 00:30:00.000001+00'])[1 + i % 3]"
            "::timestamptz, '2024-01-01' FROM generate_series(1, 24) AS i");
        at.run("INSERT INTO mcp_tools (id, server_id, name, description, parameters_schema) SELECT gen_random_uuid(), "
               "id, 't', nullif(description, 'd'), extra_metadata FROM mcp_servers");
        up::execute(elsewhere);
        // The same values by another spelling: the text differs, the value does not.
        at.run("ALTER TABLE resources DISABLE TRIGGER USER; UPDATE resources SET metadata = metadata || "
               "jsonb_build_object('invented', 0) - 'invented' || CASE WHEN metadata ? 'a' THEN '{\"a\": 1.1000}' ELSE "
               "'{}' END::jsonb; ALTER TABLE resources ENABLE TRIGGER USER");
        auto const seen = up::verify(elsewhere, {.range = 11});
        CHECK(found_by(seen).empty());
        CHECK(seen.equal());
        CHECK(seen.resources.rows == 24 * (set + 1));
        CHECK(up::execute(at.db).written() == 0);
    }
}
