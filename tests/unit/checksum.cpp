// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/checksum.hpp>
#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>
#include <sark/sql/text.hpp>

namespace {

using namespace sark::migrate;  // the words under test
using sums = std::vector<std::string>;

/// Gives the checksum of a migration of one operation.
template <operation Op>
std::string sum(Op const& op) {
    sums texts;
    std::size_t const ups = up_count(op);
    for (std::size_t i = 0; i < ups; ++i)
        texts.push_back(sark::sql::render([&](sark::sql::writer& w) { put_up(w, op, i); }));
    for (std::size_t i = 0; i < down_count(op); ++i)
        texts.push_back(sark::sql::render([&](sark::sql::writer& w) { put_down(w, op, i); }));
    std::vector<statement_view> statements;
    for (std::size_t i = 0; i < texts.size(); ++i)
        statements.push_back({texts[i], {}, i < ups ? op.up_facts() : op.down_facts()});
    std::span<statement_view const> const all{statements};
    return checksum({.id = "001_a",
                     .parent = {},
                     .description = {},
                     .up = all.first(ups),
                     .down = all.subspan(ups),
                     .irreversible = irreversible_reason(op),
                     .apply = nullptr,
                     .revert = nullptr});
}

/// Gives copies of an operation, each with one change, and their checksums.
template <operation Op, class... Change>
sums flipped(Op const& op, Change... change) {
    sums found{sum(op)};
    auto const with = [&](auto const& one) {
        Op copy = op;
        one(copy);
        found.push_back(sum(copy));
    };
    (with(change), ...);
    return found;
}

std::size_t repeated(sums found) {
    std::sort(found.begin(), found.end());
    return static_cast<std::size_t>(found.end() - std::unique(found.begin(), found.end()));
}

/// Asks that each change gives a checksum of its own, in this direction and in the operation's mirror image.
template <operation Op, class... Change>
void every_change_counts(Op const& op, Change... change) {
    sums const found = flipped(op, change...);
    CHECK(repeated(found) == 0);
    CHECK(repeated(flipped(reverse(op), [&](reversed<Op>& r) { change(r.of); }...)) == 0);
    CHECK(sum(reverse(op)) != sum(op));
}

constexpr constraint_part key = foreign_key("a").references("others", "b").named("fk");
constexpr index_part index_sample = detail::index_of("ix", false, "a", include("b"), where{"a > 0"});

}  // namespace

TEST_CASE("every field of every operation counts: tables and columns", "[migrate][checksum]") {
    every_change_counts(
        create_table("t", column{.name = "a", .type = "text", .fallback = "'x'"}, check("ck", "a <> ''")),
        [](auto& o) { o.name = "u"; }, [](auto& o) { o.columns[0].name = "b"; },
        [](auto& o) { o.columns[0].type = "uuid"; }, [](auto& o) { o.columns[0].nullable = true; },
        [](auto& o) { o.columns[0].fallback = "'y'"; }, [](auto& o) { o.constraints[0].name = "ck2"; },
        [](auto& o) { o.constraints[0].expression = "a <> 'z'"; });
    every_change_counts(
        rename_table{"a", "b"}, [](auto& o) { o.from = "c"; }, [](auto& o) { o.to = "c"; });
    every_change_counts(
        add_column{"t", column{.name = "a", .type = "text"}}, [](auto& o) { o.table = "u"; },
        [](auto& o) { o.added.name = "b"; }, [](auto& o) { o.added.type = "uuid"; },
        [](auto& o) { o.added.nullable = true; }, [](auto& o) { o.added.fallback = "'y'"; });
    every_change_counts(
        rename_column{"t", "a", "b"}, [](auto& o) { o.table = "u"; }, [](auto& o) { o.from = "c"; },
        [](auto& o) { o.to = "c"; });
    every_change_counts(
        alter_column_type("t", type_change{.column = "a", .from = "text", .to = "uuid"}),
        [](auto& o) { o.table = "u"; }, [](auto& o) { o.changes[0].column = "b"; },
        [](auto& o) { o.changes[0].from = "json"; }, [](auto& o) { o.changes[0].to = "json"; },
        [](auto& o) { o.changes[0].using_up = "f(a)"; }, [](auto& o) { o.changes[0].using_down = "f(a)"; },
        [](auto& o) { o.changes[0].fallback = "'x'"; });
    every_change_counts(
        set_not_null{"t", "a"}, [](auto& o) { o.table = "u"; }, [](auto& o) { o.column = "b"; });
    every_change_counts(
        set_default{.table = "t", .column = "a", .to = "1", .from = "2"}, [](auto& o) { o.table = "u"; },
        [](auto& o) { o.column = "b"; }, [](auto& o) { o.to = "3"; }, [](auto& o) { o.from = "3"; });
    every_change_counts(
        comment_on_table{.table = "t", .to = "x", .from = "y"}, [](auto& o) { o.table = "u"; },
        [](auto& o) { o.to = "z"; }, [](auto& o) { o.from = "z"; });
    every_change_counts(
        comment_on_column{.table = "t", .column = "a", .to = "x", .from = "y"}, [](auto& o) { o.table = "u"; },
        [](auto& o) { o.column = "b"; }, [](auto& o) { o.to = "z"; }, [](auto& o) { o.from = "z"; });
}

TEST_CASE("every field of every operation counts: constraints and indexes", "[migrate][checksum]") {
    using sark::schema::constraint_kind;
    every_change_counts(
        add_constraint{"t", key}, [](auto& o) { o.table = "u"; }, [](auto& o) { o.added.name = "fk2"; },
        [](auto& o) { o.added.columns.items[0] = "c"; }, [](auto& o) { o.added.columns.push_back("c"); },
        [](auto& o) { o.added.target = "them"; }, [](auto& o) { o.added.target_columns.items[0] = "c"; },
        [](auto& o) { o.added.target_columns.push_back("c"); }, [](auto& o) { o.added.action = cascade; },
        [](auto& o) { o.added.action = set_null; }, [](auto& o) { o.added.action = restrict_delete; },
        [](auto& o) { o.added.unchecked = true; }, [](auto& o) { o.added.kind = constraint_kind::unique; },
        [](auto& o) { o.added.kind = constraint_kind::primary_key; });
    every_change_counts(
        rename_constraint{"t", key, "b"}, [](auto& o) { o.table = "u"; }, [](auto& o) { o.renamed.name = "c"; },
        [](auto& o) { o.to = "c"; });
    every_change_counts(
        validate_constraint{"t", key}, [](auto& o) { o.table = "u"; }, [](auto& o) { o.validated.name = "c"; });
    every_change_counts(
        add_constraint_using_index{"t", unique("a").named("ux"), "iy"}, [](auto& o) { o.table = "u"; },
        [](auto& o) { o.added.name = "uy"; }, [](auto& o) { o.added.columns.items[0] = "b"; },
        [](auto& o) { o.added.kind = constraint_kind::primary_key; }, [](auto& o) { o.index = "iz"; });
    every_change_counts(
        create_index_t{"t", index_sample}, [](auto& o) { o.relation = "u"; }, [](auto& o) { o.created.name = "iy"; },
        [](auto& o) { o.created.method = "gin"; }, [](auto& o) { o.created.unique = true; },
        [](auto& o) { o.created.concurrent = true; }, [](auto& o) { o.created.predicate = "a > 1"; },
        [](auto& o) { o.created.included.items[0] = "c"; }, [](auto& o) { o.created.included.count = 0; },
        [](auto& o) { o.created.keys.items[0].column = "c"; },
        [](auto& o) { o.created.keys.items[0].expression = "lower(a)"; },
        [](auto& o) { o.created.keys.items[0].operator_class = "text_ops"; },
        [](auto& o) { o.created.keys.items[0].descending = true; },
        [](auto& o) { o.created.keys.items[0].nulls = sark::schema::nulls_order::first; },
        [](auto& o) { o.created.keys.items[0].nulls = sark::schema::nulls_order::last; });
}

TEST_CASE("every field of every operation counts: enums, views, functions, triggers", "[migrate][checksum]") {
    every_change_counts(
        create_enum("e", "a", "b"), [](auto& o) { o.name = "f"; }, [](auto& o) { o.labels[1] = "c"; },
        [](auto& o) { std::swap(o.labels[0], o.labels[1]); });
    enum_use const use{.table = "t", .column = "a"};
    auto const other_use = [](auto change) { return [change](auto& o) { change(o.uses[0]); }; };
    every_change_counts(
        rebuild_enum("e", labels("a"), labels("a", "b"), used_by(use)), [](auto& o) { o.type = "f"; },
        [](auto& o) { o.from[0] = "c"; }, [](auto& o) { o.to[1] = "c"; }, other_use([](auto& u) { u.table = "u"; }),
        other_use([](auto& u) { u.column = "b"; }), other_use([](auto& u) { u.key = "k"; }),
        other_use([](auto& u) { u.fallback = "'a'"; }));
    every_change_counts(
        add_enum_labels("e", labels("a"), labels("b"), used_by(use)), [](auto& o) { o.type = "f"; },
        [](auto& o) { o.before[0] = "c"; }, [](auto& o) { o.added[0] = "c"; },
        other_use([](auto& u) { u.table = "u"; }), other_use([](auto& u) { u.column = "b"; }),
        other_use([](auto& u) { u.key = "k"; }), other_use([](auto& u) { u.fallback = "'a'"; }));
    every_change_counts(
        create_view("v", "SELECT 1"), [](auto& o) { o.name = "w"; }, [](auto& o) { o.query = "SELECT 2"; },
        [](auto& o) { o.materialized = true; });
    every_change_counts(
        create_function{
            {.name = "f", .arguments = "", .returns = "trigger", .language = "plpgsql", .body = "BEGIN END"}},
        [](auto& o) { o.created.name = "g"; }, [](auto& o) { o.created.arguments = "a int"; },
        [](auto& o) { o.created.returns = "int"; }, [](auto& o) { o.created.language = "sql"; },
        // White space and comments of a body are part of the function.
        [](auto& o) { o.created.body = "BEGIN  END"; }, [](auto& o) { o.created.body = "BEGIN /**/ END"; });
    every_change_counts(
        create_trigger{"t", {.name = "tg", .event = "BEFORE UPDATE", .function = "f", .when = "true"}},
        [](auto& o) { o.table = "u"; }, [](auto& o) { o.created.name = "th"; },
        [](auto& o) { o.created.event = "AFTER UPDATE"; }, [](auto& o) { o.created.function = "g"; },
        [](auto& o) { o.created.when = "false"; });
}

TEST_CASE("every field of every operation counts: rows and conditions", "[migrate][checksum]") {
    every_change_counts(
        require_no_rows{.table = "t", .key = "id", .up_rows = "a", .down_rows = "b", .complaint = "are wrong"},
        [](auto& o) { o.table = "u"; }, [](auto& o) { o.key = "k"; }, [](auto& o) { o.up_rows = "c"; },
        [](auto& o) { o.down_rows = "c"; }, [](auto& o) { o.down_rows = {}; }, [](auto& o) { o.complaint = "rot"; });
    every_change_counts(
        data("DELETE FROM a", "DELETE FROM b"), [](auto& o) { o.sql = "DELETE FROM c"; },
        [](auto& o) { o.undo = "DELETE FROM c"; }, [](auto& o) { o.undo = {}; },
        [](auto& o) { o.cost.needs_transaction = false; });
    CHECK(sum(data("DELETE FROM a", irreversible{"x"})) != sum(data("DELETE FROM a", nothing_to_undo{"x"})));
}

TEST_CASE("every field of every operation counts: what depends on an extension", "[migrate][checksum]") {
    auto const sample = when_extension("citus", rename_table{"a", "b"});
    every_change_counts(
        sample, [](auto& o) { o.extension = "timescaledb"; }, [](auto& o) { o.present = false; });
    CHECK(sum(when_extension("citus", rename_table{"a", "c"})) != sum(sample));
    CHECK(sum(rename_table{"a", "b"}) != sum(sample));
}

TEST_CASE("what no database can tell apart has the same checksum", "[migrate][checksum]") {
    std::string const before = sum(verbatim("ALTER TABLE t SET (fillfactor = 80)", "SELECT 1", opaque{"storage"}));
    CHECK(sum(verbatim("ALTER TABLE t\n    SET (fillfactor = 80) -- room", "SELECT 1", opaque{"storage"})) == before);
    CHECK(sum(verbatim("ALTER TABLE t SET (fillfactor = 80)", "/* b */ SELECT 1", opaque{"other words"})) == before);
    CHECK(sum(data("ALTER TABLE t SET (fillfactor = 80)", "SELECT 1").with({.lock = lock_level::share})) == before);
    CHECK(sum(data("DELETE FROM a", irreversible{"x"})) == sum(data("DELETE FROM a", irreversible{"y"})));
}

TEST_CASE("id, parent, order and direction count", "[migrate][checksum]") {
    std::string_view const texts[] = {"SELECT 1", "SELECT 2"};
    auto const of = [](std::string_view id, std::string_view parent, std::vector<std::string_view> const& up,
                       std::vector<std::string_view> const& down) {
        std::vector<statement_view> statements;
        for (auto const* list : {&up, &down})
            for (std::string_view text : *list) statements.push_back({text, {}, {}});
        std::span<statement_view const> const all{statements};
        return std::string{checksum({.id = id,
                                     .parent = parent,
                                     .description = {},
                                     .up = all.first(up.size()),
                                     .down = all.subspan(up.size()),
                                     .irreversible = {},
                                     .apply = nullptr,
                                     .revert = nullptr})};
    };
    CHECK(repeated({of("a", "", {texts[0]}, {texts[1]}), of("b", "", {texts[0]}, {texts[1]}),
                    of("", "a", {texts[0]}, {texts[1]}), of("a", "", {texts[1]}, {texts[0]}),
                    of("a", "", {texts[0], texts[1]}, {}), of("a", "", {texts[1], texts[0]}, {}),
                    of("a", "", {}, {texts[0], texts[1]}), of("a", "", {"SELECT 1SELECT 2"}, {}),
                    of("a", "", {"SELECT 1 SELECT 2"}, {})}) == 0);
}
