// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/migrate/lint_finding.hpp>

namespace sark::migrate::detail {

[[nodiscard]] constexpr bool refuses_transactions(std::string_view sql) {
    return has_words(sql, "concurrently") || begins_with(sql, "vacuum") || begins_with(sql, "create database") ||
           begins_with(sql, "drop database") || begins_with(sql, "alter system");
}

[[nodiscard]] constexpr bool controls_transactions(std::string_view sql) {
    for (std::string_view word : {"begin", "commit", "rollback", "start transaction", "savepoint", "end"})
        if (begins_with(sql, word) && (sql.size() == word.size() || !is_word_character(sql[word.size()]))) return true;
    return false;
}

/// Tells whether a statement reads or changes rows; DDL begins with other words.
[[nodiscard]] constexpr bool is_row_statement(std::string_view sql) {
    for (std::string_view word : {"select ", "insert ", "update ", "delete ", "merge ", "with ", "set "})
        if (begins_with(sql, word)) return true;
    return false;
}

/// Gives the first version that knows what a text uses.
[[nodiscard]] constexpr int needed_server(std::string_view sql) {
    if (has_words(sql, "nulls not distinct") || begins_with(sql, "merge ")) return 150000;
    if (has_words(sql, "gen_random_uuid")) return 130000;
    if (has_words(sql, "stored") && has_words(sql, "generated always as")) return 120000;
    if (has_words(sql, "as identity")) return 100000;
    return 0;
}

constexpr void lint_statement(scene const& s, change const& c) {
    std::string_view const sql = c.text;
    if (has_several_statements(sql)) s.report("several-statements", {});
    if (is_row_statement(sql)) return;  // what follows are words of DDL
    bool const maybe = has_words(sql, "if exists") || has_words(sql, "if not exists");
    if (controls_transactions(sql)) s.report("transaction-control", {});
    if (c.up.needs_transaction && refuses_transactions(sql)) s.report("refuses-transactions", {});
    if (maybe && has_words(sql, "concurrently"))
        s.report("concurrent-if-not-exists", {});
    else if (maybe)
        s.advise("if-exists", {});
    bool const drops = has_words(sql, "drop table") || has_words(sql, "drop column") || has_words(sql, "drop schema") ||
                       has_words(sql, "drop database");
    bool const truncates = begins_with(sql, "truncate");
    if ((truncates || has_words(sql, "drop")) && has_words(sql, "cascade")) s.report("cascade-in-sql", {});
    if (truncates) s.report("truncate", {});
    if (drops) s.report("drop-in-sql", {});
    if (begins_with(sql, "cluster") || begins_with(sql, "vacuum full") || begins_with(sql, "vacuum (full"))
        s.report("rewrite-in-sql", {});
    if (has_words(sql, "security definer") && !has_words(sql, "set search_path")) s.advise("definer-search-path", {});
    bool const opaque = c.statement->apply_effect == nullptr && !c.statement->reason.empty();
    if (opaque && (begins_with(sql, "create ") || begins_with(sql, "alter "))) s.advise("opaque-ddl", {});
}

/// Reports what statements that are spelled by hand do behind the chain's back.
constexpr void lint_sql(scene const& s) {
    for (change const& c : s.changes) {
        if (c.kind == change_kind::statement) lint_statement(s, c);
        if (c.kind == change_kind::create_function && has_words(c.text, "security definer") &&
            !has_words(c.text, "set search_path"))
            s.advise("definer-search-path", {}, c.name);
        if (c.reversed || s.options.server >= 150000) continue;  // nothing here is newer than that
        std::string_view const fallback = c.column != nullptr ? c.column->fallback : c.text;
        std::string_view const type = c.column != nullptr ? c.column->type : std::string_view{};
        if (needed_server(fallback) > s.options.server || needed_server(type) > s.options.server)
            s.report("needs-newer-server", c.table, c.name);
    }
}

}  // namespace sark::migrate::detail
