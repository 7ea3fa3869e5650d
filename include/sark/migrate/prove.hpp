// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/meta/message.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/schema/create.hpp>
#include <sark/schema/difference.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate {

/// Writes the sentence about the first difference between what a chain builds and what a model describes; nothing when
/// there is none.
constexpr void put_drift(sql::writer& w, chain_view migrations, schema::definition const& model);

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Finds the last migration that changed an item; only a failing proof asks, so it may fold the chain again.
[[nodiscard]] constexpr std::string_view last_change_of(chain_view migrations, schema::item const& wanted) {
    std::string_view last;
    schema::definition built;
    for (migration_view const& m : migrations) {
        schema::definition before = built;
        m.apply(built);
        schema::each_difference(before, built, [&](schema::item const& changed, auto const&, auto const&) {
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

constexpr void put_item(sql::writer& w, schema::item const& what) {
    w.put(what.kind);
    w.put(' ');
    if (!what.table.empty()) {
        w.put(what.table);
        w.put('.');
    }
    w.put(what.name);
}

/// Tells whether a write function writes anything.
template <class Put>
[[nodiscard]] constexpr bool writes(Put const& put) {
    sql::writer counter;
    put(counter);
    return counter.size() > 0;
}

template <class Built, class Model>
constexpr void put_drift_sentence(sql::writer& w, chain_view migrations, schema::item const& what,
                                  Built const& put_built, Model const& put_model) {
    w.put("sark: ");
    put_item(w, what);
    if (!writes(put_built)) {
        w.put(" is in the model but no migration up to ");
        w.put(migrations.empty() ? std::string_view{"base"} : migrations.back().id);
        w.put(" makes it. Add a migration or change the model. [sark-M10]");
        return;
    }
    w.put(" is ");
    put_built(w);
    w.put(" after migration ");
    w.put(last_change_of(migrations, what));
    w.put(" but ");
    if (writes(put_model))
        put_model(w);
    else
        w.put("missing");
    w.put(" in the model. Add a migration or change the model. [sark-M10]");
}

template <class Chain, class... Models>
struct drift {
    [[nodiscard]] static constexpr bool is_none() {
        auto const stop = [](schema::item const&, auto const&, auto const&) { return false; };
        return schema::each_difference(fold(Chain::view()), schema_of<Models...>(), stop);
    }
    static constexpr void write(sql::writer& w) { migrate::put_drift(w, Chain::view(), schema_of<Models...>()); }
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

constexpr void put_drift(sql::writer& w, chain_view migrations, schema::definition const& model) {
    schema::each_difference(fold(migrations), model,
                            [&](schema::item const& what, auto const& put_built, auto const& put_model) {
                                detail::put_drift_sentence(w, migrations, what, put_built, put_model);
                                return false;
                            });
}

/// Proves that a chain builds exactly what structs describe: tables, columns, keys, checks, indexes, enums and views.
///
/// It is `true`, or the build fails with one sentence that names the first difference and the migration it comes from.
/// Triggers and functions are the chain's own: structs do not describe them.
/// @code
/// static_assert(sark::migrate::builds<my_chain, Order, Customer>);
/// @endcode
template <auto const& Chain, class... Models>
consteval bool check_builds() {
    using found = detail::drift<std::remove_cvref_t<decltype(Chain)>, Models...>;
    constexpr bool holds = found::is_none();
    if constexpr (!holds) {
        using sentence = sentence_t<sql::text<found>>;
        static_assert(sentence::nothing,
                      "sark: the migrations and the structs disagree, and says<...> in this message says where. Add a "
                      "migration or change the model. [sark-M10]");
    }
    return true;  // or the assertion above has spoken: one mistake, one message
}

template <auto const& Chain, class... Models>
inline constexpr bool builds = check_builds<Chain, Models...>();

}  // namespace sark::migrate
