// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate/detail/assertion_sql.hpp>
#include <sark/migrate/detail/edit.hpp>
#include <sark/schema/citus_ddl.hpp>
#include <sark/schema/ddl.hpp>
#include <sark/schema/engine_words.hpp>
#include <sark/schema/timescale_ddl.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate::detail {

/// Is one thing that a schema of a server with an engine has and one without has not: how to see whether it is there,
/// and what makes it.
struct adoption_step {
    std::string relation;
    std::string sentence;              ///< says what is missing
    std::string question;              ///< a condition, true when it is there
    std::vector<std::string> repair;   ///< run one by one, all steps in their order
    std::vector<std::string> finally;  ///< run after all steps
    bool by_licence = false;           ///< the Apache licence refuses it
    std::string stand_in = {};         ///< a condition, true when what stands for it under that licence is there
};

/// Writes the row of a relation in a view of timescaledb_information, without the bracket that closes it.
inline void put_row_of(sql::writer& w, std::string_view view, std::string_view kind, std::string_view relation) {
    w.put("EXISTS (SELECT FROM timescaledb_information.");
    w.put(view);
    w.put(" JOIN pg_catalog.pg_class ON relname = ");
    w.put(kind);
    w.put("_name JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace AND nspname = ");
    w.put(kind);
    w.put("_schema WHERE pg_class.oid = ");
    put_regclass(w, relation);
}

inline void put_policy(sql::writer& w, std::string_view table, std::string_view job, std::string_view key,
                       std::string_view age) {
    put_row_of(w, "jobs", "hypertable", table);
    w.put(" AND proc_name = '");
    w.put(job);
    w.put("' AND (config ->> '");
    w.put(key);
    bool const number = age.find_first_not_of("0123456789") == std::string_view::npos;
    w.put(number ? "')::bigint = " : "')::interval = ");
    schema::detail::put_span(w, age);
    w.put(')');
}

inline void put_placed(sql::writer& w, schema::table const& t) {
    w.put("EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = ");
    put_regclass(w, t.name);
    if (t.shards.kind == schema::placement::reference) return w.put(" AND partmethod = 'n' AND repmodel = 't')");
    w.put(" AND partmethod = 'h' AND column_to_column_name(logicalrelid, partkey) = ");
    sql::put_literal(w, t.shards.column);
    w.put(')');
}

/// Collects the statements that make what a table has on a server with an engine of what it has elsewhere.
class table_adoption {
public:
    table_adoption(schema::definition const& plain, schema::definition const& wanted, schema::table const& t)
        : plain_{plain}, wanted_{wanted}, now_{t}, was_{find_table(plain, t.name)} {}

    [[nodiscard]] adoption_step placing() {
        adoption_step made;
        made.relation = now_.name;
        made.sentence = sql::render([&](sql::writer& w) {
            w.put("table ");
            w.put(now_.name);
            w.put(" is not ");
            now_.chunks.is_one() ? schema::put_words(w, bare()) : schema::put_words(w, now_.shards);
        });
        made.question = sql::render([&](sql::writer& w) {
            if (!now_.chunks.is_one()) return put_placed(w, now_);
            put_row_of(w, "dimensions", "hypertable", now_.name);
            w.put(" AND dimension_number = 1 AND column_name = ");
            sql::put_literal(w, now_.chunks.time);
            w.put(')');
        });
        if (was_ != nullptr) give_way(made);
        made.repair.push_back(sql::render([&](sql::writer& w) {
            now_.chunks.is_one() ? schema::put_create_hypertable(w, now_.name, now_.chunks)
                                 : schema::put_distribute(w, now_.name, now_.shards);
        }));
        return made;
    }

private:
    [[nodiscard]] static schema::table const* find_table(schema::definition const& d, std::string_view name) {
        return schema::detail::find_named(d.tables, name);
    }
    /// Gives the hypertable without its policies, which are things of their own.
    [[nodiscard]] schema::hypertable bare() const {
        schema::hypertable h = now_.chunks;
        h.compress_after = h.drop_after = {};
        return h;
    }

    static void drop_constraint(adoption_step& to, std::string_view table, schema::constraint const& c) {
        to.repair.push_back(sql::render([&](sql::writer& w) {
            w.put("ALTER TABLE ");
            sql::put_identifier(w, table);
            w.put(" DROP CONSTRAINT IF EXISTS ");
            schema::put_constraint_name(w, table, c);
        }));
    }
    static std::string adding(std::string_view table, schema::constraint const& c) {
        return sql::render([&](sql::writer& w) {
            w.put("ALTER TABLE ");
            sql::put_identifier(w, table);
            w.put(" ADD ");
            schema::put_constraint(w, table, c);
        });
    }

    /// Foreign keys of a table that is to be distributed, and those to it, go first and come back last.
    void give_way(adoption_step& to) const {
        for (schema::trigger const& g : was_->triggers)
            if (schema::detail::find_named(now_.triggers, g.name) == nullptr)
                to.repair.push_back(sql::render([&](sql::writer& w) {
                    w.put("DROP TRIGGER ");
                    sql::put_identifier(w, g.name);
                    w.put(" ON ");
                    sql::put_identifier(w, now_.name);
                }));
        bool const moves_keys = !now_.shards.is_local();
        auto const foreign = [](schema::constraint const& c) { return c.kind == schema::constraint_kind::foreign_key; };
        auto const concerns = [&](schema::table const& t, schema::constraint const& c) {
            return foreign(c) && (t.name == now_.name || c.references == now_.name);
        };
        for (schema::table const& t : plain_.tables)
            for (schema::constraint const& c : t.constraints)
                if (moves_keys && concerns(t, c)) drop_constraint(to, t.name, c);
        for (schema::table const& t : wanted_.tables)
            for (schema::constraint const& c : t.constraints)
                if (moves_keys && concerns(t, c)) to.finally.push_back(adding(t.name, c));
        auto const lacks = [&](std::vector<schema::constraint> const& list, schema::constraint const& c) {
            return !(moves_keys && foreign(c)) && std::find(list.begin(), list.end(), c) == list.end();
        };
        for (schema::constraint const& c : was_->constraints)
            if (lacks(now_.constraints, c)) drop_constraint(to, now_.name, c);
        for (schema::constraint const& c : now_.constraints)
            if (lacks(was_->constraints, c)) to.repair.push_back(adding(now_.name, c));
        for (schema::index const& i : was_->indexes)
            if (std::find(now_.indexes.begin(), now_.indexes.end(), i) == now_.indexes.end())
                to.repair.push_back(sql::render([&](sql::writer& w) {
                    w.put("DROP INDEX ");
                    sql::put_identifier(w, i.name);
                }));
        for (schema::index const& i : now_.indexes)
            if (std::find(was_->indexes.begin(), was_->indexes.end(), i) == was_->indexes.end())
                to.repair.push_back(sql::render([&](sql::writer& w) { schema::put_create_index(w, now_.name, i); }));
    }

    schema::definition const& plain_;
    schema::definition const& wanted_;
    schema::table const& now_;
    schema::table const* was_;
};

/// Adds what stands beside the rows of a hypertable: policies.
inline void add_policies(std::vector<adoption_step>& steps, schema::table const& t) {
    schema::hypertable const& h = t.chunks;
    auto const add = [&](std::string_view words, std::string_view age, auto const& put_question,
                         auto const& put_repair) {
        adoption_step made;
        made.relation = t.name;
        made.sentence = "chunks of " + std::string{t.name} + " are not " + std::string{words} + " after " +
                        std::string{age};
        made.question = sql::render(put_question);
        made.repair = {sql::render(put_repair)};
        made.by_licence = true;
        steps.push_back(std::move(made));
    };
    if (!h.compress_after.empty())
        add(
            "compressed", h.compress_after,
            [&](sql::writer& w) { put_policy(w, t.name, "policy_compression", "compress_after", h.compress_after); },
            [&](sql::writer& w) { schema::put_compress(w, t.name, h); });
    if (!h.drop_after.empty())
        add(
            "dropped", h.drop_after,
            [&](sql::writer& w) { put_policy(w, t.name, "policy_retention", "drop_after", h.drop_after); },
            [&](sql::writer& w) { schema::put_retain(w, t.name, h); });
}

/// Lists what makes the schema of a server with an engine of the one that the chain builds without, in a legal order.
[[nodiscard]] inline std::vector<adoption_step> adoption_of(schema::definition const& plain,
                                                            schema::definition const& wanted) {
    std::vector<adoption_step> steps;
    std::vector<std::string_view> placed;
    auto const is_placed = [&](std::string_view name) {
        return std::find(placed.begin(), placed.end(), name) != placed.end();
    };
    // Each beside one that is placed already; who waits for none comes first.
    for (std::size_t before = placed.size() + 1; before != placed.size();) {
        before = placed.size();
        for (schema::table const& t : wanted.tables) {
            bool const waits = !t.shards.with.empty() && !is_placed(t.shards.with);
            if ((!t.chunks.is_one() && t.shards.is_local()) || waits || is_placed(t.name)) continue;
            steps.push_back(table_adoption{plain, wanted, t}.placing());
            placed.push_back(t.name);
        }
    }
    for (schema::table const& t : wanted.tables)
        if (t.chunks.is_one()) add_policies(steps, t);
    for (schema::view const& v : wanted.views) {
        if (!v.continuous.is_continuous()) continue;
        adoption_step made;
        made.relation = v.name;
        made.sentence = "view " + std::string{v.name} + " is no continuous aggregate";
        made.question = sql::render([&](sql::writer& w) {
            put_row_of(w, "continuous_aggregates", "view", v.name);
            w.put(')');
        });
        made.repair = {sql::render([&](sql::writer& w) { schema::put_create_continuous(w, v); })};
        made.by_licence = true;
        made.stand_in = sql::render([&](sql::writer& w) {
            put_regclass(w, v.name);
            w.put(" IS NOT NULL");
        });
        steps.push_back(std::move(made));
    }
    return steps;
}

}  // namespace sark::migrate::detail
