// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <sark/catalog/snapshot.hpp>
#include <sark/report/finding.hpp>
#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/text.hpp>
#include <sark/validate/detail/question.hpp>
#include <sark/validate/kinds.hpp>

namespace sark::validate::detail {

/// Asks the rows about what the schema promises and the live catalog does not enforce: an enforced NOT NULL, key or
/// CHECK cannot be broken, so nobody has to read the table for it. A foreign key can: triggers enforce it.
class guarantees {
public:
    /// `differences` are those of the schema; `exact` says whether they speak of the text of a CHECK.
    guarantees(schema::definition const& expected, catalog::snapshot const& live,
               std::vector<report::finding> const& differences, bool exact)
        : expected_{expected}, live_{live}, differences_{differences}, exact_{exact} {}

    [[nodiscard]] std::vector<question> questions() {
        for (schema::table const& t : expected_.tables) {
            catalog::relation const* const there = catalog::find(live_.relations, t.name);
            if (there == nullptr || there->is_view()) continue;
            for (schema::column const& c : t.columns) nulls(t, *there, c);
            for (schema::constraint const& c : t.constraints) constraint(t, *there, c);
            for (schema::index const& i : t.indexes) unique_index(t, *there, i);
        }
        sequences();
        return std::move(made_);
    }

private:
    static std::string quoted(std::string_view name) {
        return sql::render([&](sql::writer& w) { sql::put_identifier(w, name); });
    }
    static std::string name_of(schema::table const& t, schema::constraint const& c) {
        std::string name = sql::render([&](sql::writer& w) { schema::put_constraint_name(w, t.name, c); });
        return name.substr(1, name.size() - 2);
    }
    static std::string list(std::vector<std::string_view> const& columns) {
        std::string text;
        for (std::string_view const c : columns) text.append(text.empty() ? "" : ", ").append(quoted(c));
        return text;
    }

    /// Writes the key of a row as one text: its primary key, else its place.
    static std::string key_of(schema::table const& t, catalog::relation const& there, std::string const& alias) {
        for (schema::constraint const& c : t.constraints) {
            if (c.kind != schema::constraint_kind::primary_key) continue;
            std::string text;
            for (std::string_view const column : c.columns) {
                if (catalog::find(there.columns, column) == nullptr) return alias + "ctid::text";
                text.append(text.empty() ? "" : ", ").append(alias).append(quoted(column));
            }
            return c.columns.size() == 1 ? text + "::text" : "concat_ws(' ', " + text + ")";
        }
        return alias + "ctid::text";
    }

    static bool has_all(catalog::relation const& there, std::vector<std::string_view> const& columns) {
        return std::all_of(columns.begin(), columns.end(),
                           [&](std::string_view c) { return catalog::find(there.columns, c) != nullptr; });
    }

    [[nodiscard]] bool differs(std::string const& subject) const {
        return std::any_of(differences_.begin(), differences_.end(),
                           [&](report::finding const& f) { return f.subject == subject; });
    }

    void add(std::string_view kind, schema::table const& t, std::string subject, std::string what, std::string query,
             std::vector<std::string> reads = {}) {
        check const& c = *find_kind(kind);
        reads.insert(reads.begin(), std::string{t.name});
        made_.push_back({.check = c,
                         .table = std::string{t.name},
                         .subject = std::move(subject),
                         .what = std::move(what),
                         .query = std::move(query),
                         .repair = {std::string{c.repair}},
                         .reads = std::move(reads)});
    }

    void nulls(schema::table const& t, catalog::relation const& there, schema::column const& c) {
        catalog::column const* const live = catalog::find(there.columns, c.name);
        bool const in_key = std::any_of(t.constraints.begin(), t.constraints.end(), [&](auto const& k) {
            return k.kind == schema::constraint_kind::primary_key &&
                   std::find(k.columns.begin(), k.columns.end(), c.name) != k.columns.end();
        });
        if (live == nullptr || !live->nullable || (c.nullable && !in_key)) return;
        std::string const name{c.name};
        add("null-value", t, std::string{t.name} + '.' + name, "rows without " + name,
            "SELECT " + key_of(t, there, "") + " FROM " + quoted(t.name) + " WHERE " + quoted(name) + " IS NULL");
    }

    void constraint(schema::table const& t, catalog::relation const& there, schema::constraint const& c) {
        std::string const name = name_of(t, c);
        std::string const subject = std::string{t.name} + '.' + name;
        catalog::constraint const* const live = catalog::find(there.constraints, name);
        switch (c.kind) {
            case schema::constraint_kind::primary_key:
            case schema::constraint_kind::unique: return unique(t, there, c.columns, {}, subject);
            case schema::constraint_kind::foreign_key: return foreign_key(t, there, c, subject);
            case schema::constraint_kind::check: break;
        }
        if (live != nullptr && live->valid && exact_ && !differs(subject)) return;
        if (c.not_valid) return;
        add("check-violated", t, subject, "rows that " + name + " forbids",
            "SELECT " + key_of(t, there, "") + " FROM " + quoted(t.name) + " WHERE NOT (" + std::string{c.expression} +
                ")");
    }

    void foreign_key(schema::table const& t, catalog::relation const& there, schema::constraint const& c,
                     std::string const& subject) {
        catalog::relation const* const other = catalog::find(live_.relations, c.references);
        if (!has_all(there, c.columns) || (other != nullptr && !has_all(*other, c.referenced))) return;
        std::string set;
        std::string same;
        for (std::size_t i = 0; i < c.columns.size(); ++i) {
            std::string const mine = "a." + quoted(c.columns[i]);
            set += mine + " IS NOT NULL AND ";
            same += (i == 0 ? "" : " AND ") + ("b." + quoted(c.referenced[i])) + " = " + mine;
        }
        add("foreign-key-broken", t, subject, "rows whose " + list(c.columns) + " is not in " + quoted(c.references),
            "SELECT " + key_of(t, there, "a.") + " FROM " + quoted(t.name) + " AS a WHERE " + set +
                "NOT EXISTS (SELECT FROM " + quoted(c.references) + " AS b WHERE " + same + ")",
            {std::string{c.references}});
    }

    void unique_index(schema::table const& t, catalog::relation const& there, schema::index const& i) {
        if (!i.unique) return;
        std::vector<std::string_view> columns;
        for (schema::index_key const& k : i.keys) {
            if (k.column.empty()) return;  // of an expression; the difference of the index is the finding
            columns.push_back(k.column);
        }
        unique(t, there, columns, i.where, std::string{t.name} + '.' + std::string{i.name});
    }

    void unique(schema::table const& t, catalog::relation const& there, std::vector<std::string_view> const& columns,
                std::string_view where, std::string const& subject) {
        for (catalog::index const& i : there.indexes) {
            bool const same_columns = i.columns.size() == columns.size() &&
                                      std::all_of(columns.begin(), columns.end(), [&](std::string_view c) {
                                          return std::find(i.columns.begin(), i.columns.end(), c) != i.columns.end();
                                      });
            bool const is_partial = i.shape.find(" WHERE ") != std::string::npos;
            if (i.unique && i.valid && same_columns && is_partial == !where.empty()) return;
        }
        if (!has_all(there, columns)) return;
        std::string set = where.empty() ? "" : '(' + std::string{where} + ") AND ";
        for (std::string_view const c : columns) set.append(quoted(c)).append(" IS NOT NULL AND ");
        set.resize(set.size() - 5);
        add("key-repeated", t, subject, "rows that share their " + list(columns),
            "SELECT f.\"sark_key\" FROM (SELECT " + key_of(t, there, "") +
                " AS \"sark_key\", count(*) OVER (PARTITION BY " + list(columns) + ") AS \"sark_n\" FROM " +
                quoted(t.name) + " WHERE " + set + ") AS f WHERE f.\"sark_n\" > 1");
    }

    void sequences() {
        for (catalog::sequence const& s : live_.sequences) {
            if (s.table.empty() || s.settings.find("INCREMENT BY -") != std::string::npos) continue;
            check const& c = *find_kind("sequence-behind");
            std::string const table = quoted(s.table);
            std::string const column = quoted(s.column);
            made_.push_back(
                {.check = c,
                 .table = s.table,
                 .subject = s.table + '.' + s.column,
                 .what = "rows with numbers that " + s.name + " has yet to give",
                 .query = "SELECT " + column + "::text FROM " + table + " WHERE " + column +
                          " >= (SELECT \"last_value\" + CASE WHEN \"is_called\" THEN 1 ELSE 0 END FROM " +
                          quoted(s.name) + ")",
                 .repair = {"SELECT setval('" + literal_part(s.name) + "', max(" + column + ")) FROM " + table},
                 .reads = {s.table}});
        }
    }
    /// Quotes a name for a regclass within a literal.
    static std::string literal_part(std::string const& name) {
        std::string text;
        for (char const c : quoted(name)) text.append(c == '\'' ? 2 : 1, c);
        return text;
    }

    schema::definition const& expected_;
    catalog::snapshot const& live_;
    std::vector<report::finding> const& differences_;
    bool exact_;
    std::vector<question> made_;
};

}  // namespace sark::validate::detail
