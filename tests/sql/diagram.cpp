// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <string>
#include <string_view>

#include <sark/schema/create.hpp>
#include <sark/schema/diagram.hpp>
#include <sark/schema/markdown.hpp>

namespace {

using namespace sark::schema;

/// Is a schema with one of everything, and with names that need care.
definition sample() {
    definition d;
    d.enums.push_back({.name = "mood", .labels = {"calm", "a|b"}});
    d.tables.push_back(
        {.name = "people",
         .columns =
             {{.name = "id", .type = "uuid", .fallback = "gen_random_uuid()"},
              {.name = "pk", .type = "numeric(20,8)"},
              {.name = "full name", .type = "double precision", .nullable = true, .comment = "a \"full\" | <name>"},
              {.name = "tags", .type = "varchar(5)[]", .fallback = "'{a|b}'"}},
         .constraints = {{.kind = constraint_kind::primary_key, .columns = {"id"}},
                         {.kind = constraint_kind::unique, .columns = {"pk"}},
                         {.kind = constraint_kind::check, .name = "ck", .expression = "pk > 0"}},
         .comment = "People & *others*",
         .triggers = {{.name = "tg", .event = "BEFORE UPDATE", .function = "f"}}});
    d.tables.push_back({.name = "odd \"name\" <%>",
                        .columns = {{.name = "person", .type = "uuid"},
                                    {.name = "boss", .type = "uuid", .nullable = true},
                                    {.name = "mood", .type = "mood"}},
                        .constraints = {{.kind = constraint_kind::primary_key, .name = "odd_pk", .columns = {"person"}},
                                        {.kind = constraint_kind::foreign_key,
                                         .name = "fk_person",
                                         .columns = {"person"},
                                         .references = "people",
                                         .referenced = {"id"}},
                                        {.kind = constraint_kind::foreign_key,
                                         .name = "fk_boss",
                                         .columns = {"boss"},
                                         .references = "people",
                                         .referenced = {"id"},
                                         .on_delete = referential_action::set_null}},
                        .indexes = {{.name = "ix", .keys = {{.column = "boss"}}, .where = "mood = 'a|b'"}}});
    d.views.push_back({.name = "v",
                       .query = "SELECT '```'",
                       .materialized = true,
                       .indexes = {{.name = "iv", .keys = {{.column = "a"}}}}});
    d.functions.push_back(
        {.name = "f", .arguments = "", .returns = "trigger", .language = "plpgsql", .body = "BEGIN RETURN NEW; END"});
    return d;
}

struct shelf {
    int id;
    std::string name;
};
struct book {
    int id;
    int shelf_id;
};

}  // namespace

template <>
inline constexpr auto sark::table_of<book> = sark::table("books", sark::references<&book::shelf_id, &shelf::id>{});
template <>
inline constexpr auto sark::table_of<shelf> = sark::table("shelves");

TEST_CASE("a Mermaid diagram spells types and names as its grammar takes them", "[schema][diagram]") {
    CHECK(mermaid(sample()) == R"(erDiagram
    "people" {
        uuid id PK
        numeric_20_8 pk_ UK "pk"
        double_precision full_name "null; full name; a 'full' | <name>"
        varchar_5[] tags
    }
    "odd 'name' <_>" {
        uuid person PK, FK
        uuid boss FK "null"
        mood mood
    }
    "v"
    "people" ||--o| "odd 'name' <_>" : "person"
    "people" |o--o{ "odd 'name' <_>" : "boss"
)");
    CHECK(mermaid({}) == "erDiagram\n");
}

TEST_CASE("Mermaid words begin with a letter or an underscore and are no marks", "[schema][diagram]") {
    CHECK(detail::mermaid_word("varchar(255)") == "varchar_255");
    CHECK(detail::mermaid_word("timestamp with time zone") == "timestamp_with_time_zone");
    CHECK(detail::mermaid_word("numeric(10,4)[]") == "numeric_10_4[]");
    CHECK(detail::mermaid_word("_a__b_") == "_a__b_");
    CHECK(detail::mermaid_word("2nd") == "_2nd");
    CHECK(detail::mermaid_word("Fk") == "Fk_");
    CHECK(detail::mermaid_word("fk_id") == "fk_id");
    CHECK(detail::mermaid_word("é") == "_");
    CHECK(detail::mermaid_word("") == "_");
}

TEST_CASE("a Graphviz diagram has a box per thing and an arrow per foreign key", "[schema][diagram]") {
    std::string const text = graphviz(sample());
    CHECK_THAT(text, ContainsSubstring(R"("odd \"name\" <%>" [label=<<table)"));
    CHECK_THAT(text, ContainsSubstring("<b>odd &quot;name&quot; &lt;%&gt;</b>"));
    CHECK_THAT(text,
               ContainsSubstring(R"(<tr><td align="left" port="c2">full name</td><td align="left">double precision )"
                                 R"(null</td><td align="left"></td></tr>)"));
    CHECK_THAT(text, ContainsSubstring("    \"odd \\\"name\\\" <%>\":c0 -> \"people\":c0 [arrowtail=tee];\n"));
    CHECK_THAT(text, ContainsSubstring("    \"odd \\\"name\\\" <%>\":c1 -> \"people\":c0 [style=dashed];\n"));
    CHECK_THAT(text, ContainsSubstring("<b>v</b> (materialized view)"));
    CHECK_THAT(text, ContainsSubstring("<tr><td colspan=\"3\" align=\"left\">a|b</td></tr>"));
    CHECK(text.starts_with("digraph schema {\n"));
    CHECK(text.ends_with("}\n"));
}

TEST_CASE("a Markdown description says everything that a definition says", "[schema][diagram]") {
    CHECK(markdown(sample()) == R"(# Schema

Tables: 2. Enums: 1. Views: 1. Functions: 1.

## people

People \& \*others\*

| column | type | null | default | comment |
|---|---|---|---|---|
| `id` | `uuid` | no | `gen_random_uuid()` |  |
| `pk` | `numeric(20,8)` | no |  |  |
| `full name` | `double precision` | yes |  | a "full" \| \<name\> |
| `tags` | `varchar(5)[]` | no | `'{a\|b}'` |  |

Keys and checks:

- `CONSTRAINT "people_pkey" PRIMARY KEY ("id")`
- `CONSTRAINT "people_pk_key" UNIQUE ("pk")`
- `CONSTRAINT "ck" CHECK (pk > 0)`

Triggers:

- `CREATE TRIGGER "tg" BEFORE UPDATE ON "people" FOR EACH ROW EXECUTE FUNCTION "f"()`

## odd "name" \<%\>

| column | type | null | default | comment |
|---|---|---|---|---|
| `person` | `uuid` | no |  |  |
| `boss` | `uuid` | yes |  |  |
| `mood` | `mood` | no |  |  |

Keys and checks:

- `CONSTRAINT "odd_pk" PRIMARY KEY ("person")`
- `CONSTRAINT "fk_person" FOREIGN KEY ("person") REFERENCES "people" ("id")`
- `CONSTRAINT "fk_boss" FOREIGN KEY ("boss") REFERENCES "people" ("id") ON DELETE SET NULL`

Indexes:

- `CREATE INDEX "ix" ON "odd ""name"" <%>" USING btree ("boss") WHERE mood = 'a|b'`

## Enums

| enum | labels, in order |
|---|---|
| `mood` | `calm`, `a\|b` |

## Views

### v

Materialized.

````sql
SELECT '```'
````

Indexes:

- `CREATE INDEX "iv" ON "v" USING btree ("a")`

## Functions

### f

```sql
CREATE FUNCTION "f"() RETURNS trigger LANGUAGE plpgsql AS $sark$
BEGIN RETURN NEW; END
$sark$
```
)");
}

TEST_CASE("Markdown signs are escaped, code keeps its backticks", "[schema][diagram]") {
    CHECK(detail::markdown_words("user_teams _x_") == "user_teams \\_x\\_");
    CHECK(detail::markdown_words("a\nb") == "a b");
    CHECK(detail::markdown_code("a`b") == "`` a`b ``");
    CHECK(detail::markdown_code("a|b") == "`a|b`");
    CHECK(detail::markdown_code("a|b", true) == "`a\\|b`");
}

TEST_CASE("structs are drawn like chains", "[schema][diagram]") {
    std::string const text = mermaid(sark::schema_of<book, shelf>());
    CHECK_THAT(text, ContainsSubstring("\"shelves\" ||--o{ \"books\" : \"shelf_id\""));
    CHECK_THAT(text, ContainsSubstring("    \"shelves\" {\n        integer id PK\n        text name\n    }\n"));
}
