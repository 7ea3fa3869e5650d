// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/db/connection.hpp>
#include <sark/db/transaction.hpp>
#include <sark/migrate/detail/statement_kind.hpp>

namespace sark::migrate::detail {

/// Says what the catalog has where a statement builds an index.
enum class index_shape { absent, invalid, different, right };

/// Describes an index as the server keeps it, so that two of them can be compared whatever they were spelled like.
inline constexpr std::string_view describe_index =
    R"(SELECT concat_ws(E'\n', a.amname, i.indisunique, i.indnkeyatts, i.indclass, i.indoption, i.indcollation, )"
    R"((SELECT string_agg(pg_get_indexdef(i.indexrelid, n, false), E'\n' ORDER BY n) )"
    R"(FROM generate_series(1, i.indnatts) AS n), coalesce(pg_get_expr(i.indpred, i.indrelid), ''), )"
    R"(coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', ''), coalesce(c.reloptions::text, '')), )"
    R"(i.indisvalid AND i.indisready, i.indrelid = to_regclass($2) )"
    R"(FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid )"
    R"(JOIN pg_catalog.pg_am AS a ON a.oid = c.relam WHERE i.indexrelid = to_regclass($1))";

/// Leaves the transaction that builds the pattern of an index, which is to be undone.
struct undo_pattern {
    std::string description;
};

/// Builds the same index on an empty temporary copy of its table, describes it, and undoes both: the server itself
/// says what the statement means.
[[nodiscard]] inline std::string describe_pattern(sark::connection& db, concurrent_index const& wanted) {
    try {
        db.transaction([&](sark::transaction& tx) {
            std::string const table{wanted.table};
            tx.execute("CREATE TEMPORARY TABLE sark_pattern (LIKE " + table + ")");
            tx.execute(std::string{"CREATE "} + (wanted.unique ? "UNIQUE " : "") +
                       "INDEX sark_pattern_index ON pg_temp.sark_pattern" + std::string{wanted.definition});
            throw undo_pattern{
                tx.query_text(describe_index, {"pg_temp.sark_pattern_index", table}).at(0).at(0).value_or("")};
        });
    } catch (undo_pattern const& undone) { return undone.description; }
    return {};
}

/// Gives the name of an index with the schema of its table, which it is created in.
[[nodiscard]] inline std::string index_name(sark::connection& db, concurrent_index const& of) {
    if (!of.builds || of.name.find('.') != std::string_view::npos) return std::string{of.name};
    auto const schema = db.query_text("SELECT quote_ident(n.nspname) FROM pg_catalog.pg_class AS c "
                                      "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
                                      "WHERE c.oid = to_regclass($1)",
                                      {std::string{of.table}});
    return schema.empty() ? std::string{of.name} : schema[0].at(0).value_or("") + "." + std::string{of.name};
}

[[nodiscard]] inline index_shape look_at_index(sark::connection& db, concurrent_index const& wanted) {
    auto const found = db.query_text(describe_index,
                                     {index_name(db, wanted), std::string{wanted.builds ? wanted.table : wanted.name}});
    if (found.empty()) return index_shape::absent;
    if (wanted.drops) return index_shape::right;
    if (found[0].at(2) != "t") return index_shape::different;
    if (found[0].at(1) != "t") return index_shape::invalid;
    return found[0].at(0) == describe_pattern(db, wanted) ? index_shape::right : index_shape::different;
}

/// Writes what drops the remains of an interrupted build while others write.
[[nodiscard]] inline std::string drop_of_remains(sark::connection& db, concurrent_index const& of) {
    return "DROP INDEX CONCURRENTLY " + index_name(db, of);
}

}  // namespace sark::migrate::detail
