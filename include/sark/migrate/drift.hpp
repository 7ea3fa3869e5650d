// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <sark/migrate/chain.hpp>
#include <sark/schema/difference.hpp>

namespace sark::migrate::detail {

/// Holds what one migration does to a schema on servers of a profile that is settled.
struct step_on_schema {
    std::string_view id;
    void (*apply)(schema::definition&);
};

/// Copies the one table, view or enum of a schema that an item is, or is part of.
[[nodiscard]] constexpr schema::definition surroundings_of(schema::definition const& d, schema::item const& what) {
    std::string_view const name = what.table.empty() ? what.name : what.table;
    schema::definition part;
    if (auto const* const table = schema::detail::find_named(d.tables, name)) part.tables.push_back(*table);
    if (auto const* const view = schema::detail::find_named(d.views, name)) part.views.push_back(*view);
    if (auto const* const type = schema::detail::find_named(d.enums, name)) part.enums.push_back(*type);
    return part;
}

/// Finds the last migration that changed an item; only a failing proof asks, so it may fold the chain again.
template <class Steps>
[[nodiscard]] constexpr std::string_view last_change_of(Steps const& steps, schema::item const& wanted) {
    std::string_view last;
    schema::definition built;
    for (auto const& m : steps) {
        schema::definition before = surroundings_of(built, wanted);
        m.apply(built);
        schema::definition after = surroundings_of(built, wanted);
        schema::each_difference(before, after, [&](schema::item const& changed, auto const&, auto const&) {
            // A table that is made brings its parts along.
            bool const whole = changed.kind == "table" && changed.name == wanted.table;
            bool const same = changed.kind == wanted.kind && changed.table == wanted.table &&
                              changed.name == wanted.name;
            if (whole || same) last = m.id;
            return true;
        });
    }
    return last;
}

/// Tells whether a write function writes anything.
template <class Put>
[[nodiscard]] constexpr bool writes(Put const& put) {
    sql::writer counter;
    put(counter);
    return counter.size() > 0;
}

constexpr void put_drift_end(sql::writer& w, std::string_view extension) {
    if (!extension.empty()) {
        w.put(" on a server with ");
        w.put(extension);
    }
    w.put(". Add a migration or change the model. [sark-M10]");
}

template <class Steps, class Built, class Model>
constexpr void put_drift_sentence(sql::writer& w, Steps const& steps, schema::item const& what, Built const& put_built,
                                  Model const& put_model, std::string_view extension) {
    w.put("sark: ");
    schema::put_item(w, what);
    if (!writes(put_built)) {
        w.put(" is in the model but no migration up to ");
        w.put(steps.empty() ? std::string_view{"base"} : steps.back().id);
        w.put(" makes it");
        return put_drift_end(w, extension);
    }
    w.put(" is ");
    put_built(w);
    w.put(" after migration ");
    w.put(last_change_of(steps, what));
    w.put(" but ");
    if (writes(put_model))
        put_model(w);
    else
        w.put("missing");
    w.put(" in the model");
    put_drift_end(w, extension);
}

/// Writes the sentence about the first difference; `extension` is named in it unless it is empty.
template <class Steps>
constexpr void put_drift_on(sql::writer& w, Steps const& steps, schema::definition const& model,
                            std::string_view extension) {
    schema::definition built;
    for (auto const& m : steps) m.apply(built);
    schema::each_difference(built, model, [&](schema::item const& what, auto const& put_built, auto const& put_model) {
        put_drift_sentence(w, steps, what, put_built, put_model, extension);
        return false;
    });
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Writes the sentence about the first difference between what a chain builds on a plain server and what a model
/// describes; nothing when there is none.
constexpr void put_drift(sql::writer& w, chain_view migrations, schema::definition const& model) {
    detail::put_drift_on(w, migrations, model, {});
}

}  // namespace sark::migrate
