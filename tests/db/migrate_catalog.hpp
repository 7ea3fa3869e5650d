// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>

namespace sark::test {

/// Reads everything of the schema `public` but the ledger, one sorted line per thing.
inline std::vector<std::string> catalog_lines(sark::connection& db) {
    static constexpr std::string_view queries[] = {
        R"(SELECT concat_ws('|', 'column', c.relname,
                            lpad(row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)::text, 2, '0'),
                            a.attname, format_type(a.atttypid, a.atttypmod),
                            CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
                            coalesce(pg_get_expr(d.adbin, d.adrelid), ''))
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
             AND c.relname <> 'sark_migrations')",
        R"(SELECT concat_ws('|', 'comment', c.relname, a.attname)
           FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
           LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
           WHERE c.relnamespace = 'public'::regnamespace)",
        R"(SELECT concat_ws('|', 'constraint', c.relname, o.conname, pg_get_constraintdef(o.oid))
           FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
           WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'sark_migrations')",
        R"(SELECT concat_ws('|', 'index', c.relname, pg_get_indexdef(i.indexrelid))
           FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
           WHERE c.relnamespace = 'public'::regnamespace AND c.relname <> 'sark_migrations')",
        R"(SELECT concat_ws('|', 'enum', t.typname, (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder)
                                                     FROM pg_enum e WHERE e.enumtypid = t.oid))
           FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e')",
        R"(SELECT concat_ws('|', 'type', t.typname)
           FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype NOT IN ('e', 'c', 'b'))",
        R"(SELECT concat_ws('|', 'sequence', c.relname, (SELECT o.relname || '.' || a.attname
                                                         FROM pg_depend p JOIN pg_class o ON o.oid = p.refobjid
                                                         JOIN pg_attribute a ON a.attrelid = o.oid
                                                                            AND a.attnum = p.refobjsubid
                                                         WHERE p.objid = c.oid AND p.deptype = 'a'))
           FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S')",
        R"(SELECT concat_ws('|', 'view', c.relname, CASE c.relkind WHEN 'm' THEN 'materialized' ELSE 'plain' END)
           FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm'))",
        R"(SELECT concat_ws('|', 'function', p.proname, pg_get_functiondef(p.oid))
           FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace)",
        R"(SELECT concat_ws('|', 'trigger', c.relname, pg_get_triggerdef(t.oid))
           FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal)"};
    std::vector<std::string> lines;
    for (std::string_view query : queries)
        for (auto const& row : db.query_text(query)) lines.push_back(row.at(0).value_or(""));
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The same, with the texts of comments and of view queries, for comparisons of one database with itself.
inline std::vector<std::string> full_catalog_lines(sark::connection& db) {
    std::vector<std::string> lines = catalog_lines(db);
    for (std::string_view query : {R"(SELECT concat_ws('|', 'query', c.relname, pg_get_viewdef(c.oid)) FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm'))",
                                   R"(SELECT concat_ws('|', 'comment text', c.relname, d.objsubid, d.description)
             FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
             WHERE c.relnamespace = 'public'::regnamespace)"})
        for (auto const& row : db.query_text(query)) lines.push_back(row.at(0).value_or(""));
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// Splits a golden text into its lines, empty ones left out.
inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream in{std::string{text}};
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

/// Names the first differences of two sorted lists; empty when they are equal.
inline std::string differences(std::vector<std::string> const& expected, std::vector<std::string> const& found) {
    std::vector<std::string> missing;
    std::vector<std::string> extra;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
    std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(extra));
    std::string text;
    for (std::size_t i = 0; i < missing.size() && i < 10; ++i) text += "missing: " + missing[i] + '\n';
    for (std::size_t i = 0; i < extra.size() && i < 10; ++i) text += "extra:   " + extra[i] + '\n';
    return text;
}

}  // namespace sark::test
