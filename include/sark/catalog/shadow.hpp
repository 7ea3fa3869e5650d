// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/catalog/detail/repair.hpp>
#include <sark/catalog/read.hpp>
#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>
#include <sark/sql/text.hpp>

namespace sark::catalog::detail {

/// Carries a snapshot out of a transaction that has to be rolled back.
struct built {
    snapshot made;
};

/// Runs the statements that make a schema from nothing.
class builder {
public:
    explicit builder(sark::transaction& tx) : tx_{tx} {}

    void build(schema::definition const& d) {
        for (auto const& e : d.enums) run([&](sql::writer& w) { schema::put_create_enum(w, e); });
        std::vector<schema::function const*> postponed;
        for (auto const& f : d.functions)
            if (!can_create(f)) postponed.push_back(&f);
        for (schema::table t : d.tables) {
            std::erase_if(t.constraints, [](auto const& c) { return comes_later(c); });
            run([&](sql::writer& w) { schema::put_create_table(w, t); });
        }
        for (auto const* f : postponed) run([&](sql::writer& w) { schema::put_create_function(w, *f); });
        for (auto const& t : d.tables) finish(t);
        for (auto const& v : d.views) {
            run([&](sql::writer& w) { schema::put_create_view(w, v); });
            for (auto const& i : v.indexes) run([&](sql::writer& w) { schema::put_create_index(w, v.name, i); });
        }
    }

private:
    /// Tables may point to each other, and CREATE TABLE has no NOT VALID.
    static bool comes_later(schema::constraint const& c) {
        return c.not_valid || c.kind == schema::constraint_kind::foreign_key;
    }

    template <class Put>
    void run(Put const& put) {
        tx_.execute(sql::render(put));
    }

    /// Creates a function, unless it speaks of a table: then it has to wait. Defaults and checks may call the others.
    bool can_create(schema::function const& f) {
        try {
            tx_.nested([&](sark::transaction& inner) {
                inner.execute(sql::render([&](sql::writer& w) { schema::put_create_function(w, f); }));
            });
            return true;
        } catch (sark::error const& problem) {
            if (problem.sqlstate() == "42P01" || problem.sqlstate() == "42704") return false;
            throw;
        }
    }

    void finish(schema::table const& t) {
        for (auto const& c : t.constraints)
            if (comes_later(c))
                run([&](sql::writer& w) {
                    w.put("ALTER TABLE ");
                    sql::put_identifier(w, t.name);
                    w.put(" ADD ");
                    schema::put_constraint(w, t.name, c);
                    if (c.not_valid) w.put(" NOT VALID");
                });
        for (auto const& i : t.indexes) run([&](sql::writer& w) { schema::put_create_index(w, t.name, i); });
        for (auto const& g : t.triggers) run([&](sql::writer& w) { schema::put_create_trigger(w, t.name, g); });
        if (!t.comment.empty()) run([&](sql::writer& w) { schema::put_comment_on_table(w, t.name, t.comment); });
        for (auto const& c : t.columns)
            if (!c.comment.empty())
                run([&](sql::writer& w) { schema::put_comment_on_column(w, t.name, c.name, c.comment); });
    }

    sark::transaction& tx_;
};

/// Makes a schema from a snapshot, as a dump would.
inline void rebuild(sark::transaction& tx, snapshot const& s, schema::definition const& d) {
    auto const run = [&](statements const& made) {
        for (std::string const& statement : made) tx.execute(statement);
    };
    for (enum_type const& e : s.enums) run({create_enum(e.name, e)});
    for (sequence const& q : s.sequences)
        if (q.table.empty()) run({create_sequence(q)});
    for (function const& f : s.functions) run({f.definition});
    for (schema::table const& t : d.tables)
        run(create_table(*find(s.relations, t.name), s.sequences, [](constraint const&) { return false; }));
    for (relation const& r : s.relations)
        for (constraint const& c : r.constraints)
            if (c.kind == 'f' || !c.valid) run({add_constraint(r.name, c)});
    for (schema::view const& v : d.views) run(create_view(*find(s.relations, v.name)));
}

/// Notes what two snapshots of one schema spell differently.
inline void note_spellings(snapshot& first, snapshot const& second) {
    auto const note = [&](std::string const& a, std::string const& b) {
        if (a != b) first.respelled[a] = b;
    };
    auto const each = [&](auto const& list, auto const& others, auto member) {
        for (auto const& item : list)
            if (auto const* other = find(others, item.name)) note(item.*member, other->*member);
    };
    each(first.relations, second.relations, &relation::definition);
    for (relation const& r : first.relations) {
        relation const* const other = find(second.relations, r.name);
        if (other == nullptr) continue;
        each(r.columns, other->columns, &column::fallback);
        each(r.constraints, other->constraints, &constraint::definition);
        each(r.indexes, other->indexes, &index::shape);
        each(r.triggers, other->triggers, &trigger::definition);
    }
}

}  // namespace sark::catalog::detail

namespace sark::catalog {

/// Lets the server say how it would spell a schema: builds it in a schema of its own, reads that, and rolls back.
///
/// It does so twice, the second time from the first one's spelling, which is how a restored dump is spelled. Nothing of it
/// is ever seen by anybody else. `schema` is the one it will be compared with (the current one when none
/// is named): names that the definition does not have, such as those of an extension, are looked up there.
/// @throws error when the role may not create a schema, or the server takes no writes
[[nodiscard]] inline snapshot build(connection& db, schema::definition const& d, std::string_view schema = {}) {
    std::string place = "sark_shadow";
    try {
        db.transaction([&](transaction& tx) {
            // Views may call what TimescaleDB brings, and it may be anywhere; migrations look for it there, too.
            auto const row = tx.query_text("SELECT pg_catalog.quote_ident(n.nspname), n.nspname, "
                                           "pg_catalog.pg_backend_pid(), "
                                           "(SELECT ', ' || pg_catalog.quote_ident(s.nspname) "
                                           "FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace s "
                                           "ON s.oid = e.extnamespace WHERE e.extname = 'timescaledb') "
                                           "FROM pg_catalog.pg_namespace n "
                                           "WHERE n.nspname = coalesce(nullif($1, ''), pg_catalog.current_schema())",
                                           {std::string{schema}});
            if (row.empty())
                throw error{"sark: there is no such schema to compare with. Create it, or name another one."};
            std::string const live = row[0][0].value();
            std::string const name = row[0][1].value();
            place += '_' + row[0][2].value();
            std::string const path = ", " + live + row[0][3].value_or("");
            tx.execute("CREATE SCHEMA " + place);
            tx.execute("SET LOCAL search_path = " + place + path);
            tx.execute("SET LOCAL client_min_messages = error");
            detail::builder{tx}.build(d);
            detail::built result{detail::reader{tx, place, live}.read()};
            std::string const again = place + "_again";
            tx.execute("CREATE SCHEMA " + again);
            tx.execute("SET LOCAL search_path = " + again + path);
            tx.execute("SET LOCAL check_function_bodies = off");
            detail::rebuild(tx, result.made, d);
            detail::note_spellings(result.made, detail::reader{tx, again, live}.read());
            result.made.schema = name;
            for (relation& r : result.made.relations)
                if (schema::table const* const t = schema::detail::find_named(d.tables, r.name))
                    r.is_placed = t->chunks.is_one() || !t->shards.is_local();
            throw result;
        });
    } catch (detail::built& result) { return std::move(result.made); } catch (sark::error const& problem) {
        if (problem.sqlstate() == "42501" || problem.sqlstate() == "25006")
            throw error{"sark: the expected schema cannot be built for comparison: the role may not create a schema "
                        "here, or the server takes no writes. Grant CREATE on the database, or ask the primary.",
                        problem.facts()};
        throw;
    }
    return {};
}

}  // namespace sark::catalog
