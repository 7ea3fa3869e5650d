// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/lint_text.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark::migrate::detail {

/// Writes what stands between the quotes of a literal.
constexpr void put_literal_part(sql::writer& w, std::string_view text) {
    for (char c : text) {
        if (c == '\'') w.put('\'');
        w.put(c);
    }
}

/// Writes a call that takes a quoted name as text: `to_regclass('"notes"')`, which is NULL where there is none.
constexpr void put_lookup(sql::writer& w, std::string_view function, std::string_view name) {
    w.put(function);
    w.put("('\"");
    for (char c : name) {
        if (c == '"' || c == '\'') w.put(c);
        w.put(c);
    }
    w.put("\"')");
}

constexpr void put_regclass(sql::writer& w, std::string_view name) { put_lookup(w, "to_regclass", name); }
constexpr void put_regtype(sql::writer& w, std::string_view name) { put_lookup(w, "to_regtype", name); }

/// Writes the name of a constraint, also of one that the server named, as a literal.
constexpr void put_constraint_literal(sql::writer& w, std::string_view table, schema::constraint const& c) {
    w.put('\'');
    if (!c.name.empty()) {
        put_literal_part(w, c.name);
    } else {
        put_literal_part(w, table);
        if (c.kind != schema::constraint_kind::primary_key)
            for (std::string_view column : c.columns) {
                w.put('_');
                put_literal_part(w, column);
            }
        switch (c.kind) {
            case schema::constraint_kind::primary_key: w.put("_pkey"); break;
            case schema::constraint_kind::unique: w.put("_key"); break;
            case schema::constraint_kind::foreign_key: w.put("_fkey"); break;
            case schema::constraint_kind::check: w.put("_check"); break;
        }
    }
    w.put('\'');
}

template <class Names>
constexpr void put_literals(sql::writer& w, Names const& names) {
    bool first = true;
    for (std::string_view name : names) {
        w.put_separator(first, ", ");
        sql::put_literal(w, name);
    }
}

/// Says what rows are named by: the columns of the primary key, or where they stand in a table without one.
class row_key {
public:
    constexpr row_key() = default;
    constexpr explicit row_key(schema::table const* t) {
        if (t == nullptr) return;
        for (schema::constraint const& c : t->constraints)
            if (c.kind == schema::constraint_kind::primary_key) columns_ = c.columns;
    }
    /// Takes an expression as it stands.
    constexpr explicit row_key(std::string_view expression) : expression_{expression} {}

    /// Writes the key as text.
    constexpr void put_text(sql::writer& w) const {
        bool const several = columns_.size() > 1;
        if (several) w.put("concat_ws('/', ");
        put_order(w);
        w.put(several ? ")" : "::text");
    }
    /// Writes what rows are sorted by.
    constexpr void put_order(sql::writer& w) const {
        if (!expression_.empty())
            w.put(expression_);
        else if (columns_.empty())
            w.put("ctid");
        else
            sql::put_identifiers(w, columns_);
    }

private:
    std::vector<std::string_view> columns_ = {};
    std::string_view expression_ = {};
};

/// Writes the SELECT that counts the rows of `put_source` (what follows FROM) and names the first five.
template <class PutSource>
constexpr void put_row_count(sql::writer& w, row_key const& key, PutSource const& put_source) {
    w.put("SELECT count(*), string_agg(key, ', ' ORDER BY place) FILTER (WHERE place <= 5) FROM (SELECT ");
    key.put_text(w);
    w.put(" AS key, row_number() OVER (ORDER BY ");
    key.put_order(w);
    w.put(") AS place FROM ");
    put_source(w);
    w.put(") AS offending");
}

/// The same for the rows of a table that fulfil a condition.
template <class PutCondition>
constexpr void put_rows_where(sql::writer& w, std::string_view table, row_key const& key, PutCondition const& put) {
    put_row_count(w, key, [&](sql::writer& out) {
        sql::put_identifier(out, table);
        out.put(" WHERE ");
        put(out);
    });
}

/// Tells whether two names are the same in any case.
[[nodiscard]] constexpr bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
    return true;
}

/// Calls `visit` with each item whose name a text has as a word of its own, quoted or not, in any case: one too many
/// only means that a question is not asked. Reads the text once, because compilers count steps.
template <class Items, class Visit>
constexpr void each_mentioned(std::string_view text, Items const& items, Visit const& visit) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        if (text[at] == '"') {
            end = text.find('"', at + 1);
            if (end == std::string_view::npos) end = text.size();
            ++at;
        } else {
            while (end < text.size() && is_word_character(text[end])) ++end;
        }
        std::string_view const word = text.substr(at, end - at);
        if (!word.empty())
            for (auto const& item : items)
                if (same_name(word, item.name)) visit(item);
        at = end + 1;
    }
}

[[nodiscard]] constexpr bool mentions(std::string_view text, std::string_view name) {
    struct {
        std::string_view name;
    } const wanted[1]{{name}};
    bool found = false;
    each_mentioned(text, wanted, [&](auto const&) { found = true; });
    return found;
}

static_assert(mentions("UPDATE \"Notes\" SET x = 1", "notes") && !mentions("UPDATE footnotes SET x = 1", "notes"));
static_assert(mentions("notes.x > 0", "x") && mentions("SET \"my text\" = 1", "my text"));

/// Finds what has this name, beginning where it is most likely to stand.
template <class T>
[[nodiscard]] constexpr T const* look_up(std::vector<T> const& items, std::string_view name, std::size_t near = 0) {
    if (near < items.size() && items[near].name == name) return &items[near];
    for (T const& item : items)
        if (item.name.size() == name.size() && item.name == name) return &item;
    return nullptr;
}

}  // namespace sark::migrate::detail
