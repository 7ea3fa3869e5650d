// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/jsonb/json_steps.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/expression.hpp>
#include <sark/sql/writer.hpp>
#include <sark/types/json.hpp>

/// The changes that a document can be given, each as a function of the one before it: what `edit(…)` chains.
namespace sark::detail {

/// The document that one change of a chain is given, as the sub-select around it names it.
inline constexpr std::string_view edited_document = R"("e"."d")";

/// Tells whether the server would take a key for a position where it finds a list instead of an object.
constexpr bool could_be_position(std::string_view key) {
    return !key.empty() && key.find_first_not_of("0123456789+- \t\n\v\f\r") == key.npos;
}
static_assert(could_be_position("0") && could_be_position("-12") && !could_be_position("a1") && !could_be_position(""));

/// Begins and ends a list that is not allowed to be anything else. Taking a position out that no list has leaves a list
/// as it is, and is an error for all that is none.
inline constexpr std::string_view list_begin = "(";
inline constexpr std::string_view list_end = " - 2147483647)";

/// Begins and ends what is not allowed to be a list: it has no number, and that is an error.
inline constexpr std::string_view no_list_begin =
    R"((SELECT CASE jsonb_typeof("c"."v") WHEN 'array' THEN to_jsonb("c"."v"::integer) ELSE "c"."v" END FROM (SELECT )";
inline constexpr std::string_view no_list_end = R"( AS "v" OFFSET 0) AS "c"))";

/// Writes the way to a place in the document that is changed, and binds the keys in the same order.
template <class... Steps>
struct edit_place {
    static constexpr std::size_t size = sizeof...(Steps);
    /// Tells whether a step names a position in a list.
    template <std::size_t Step>
    static constexpr bool goes_into_list = [] {
        bool const positions[]{Steps::kind == step_kind::position..., false};
        return positions[Step];
    }();

    template <std::size_t Count>
    static constexpr void write_value(sql::writer& w) {
        w.put(edited_document);
        [[maybe_unused]] std::size_t n = 0;
        ((n++ < Count ? (w.put(" -> "), Steps::write(w)) : void()), ...);
    }
    template <std::size_t Count>
    void bind_value(parameters& out) const {
        bind_some<0, Count>(out);
    }
    /// Writes what the step Count goes into, a list or an object, which is there for sure: a missing one and JSON's null
    /// are empty. One path of texts means keys and positions, so the other kind is refused here.
    template <std::size_t Count>
    static constexpr void write_container(sql::writer& w) {
        constexpr bool is_list = goes_into_list<Count>;
        constexpr bool is_ambiguous = [] {
            bool const keys[]{(!Steps::is_constant || could_be_position(Steps::name))..., true};
            return keys[Count];
        }();
        if (is_list) w.put(list_begin);
        if (!is_list && is_ambiguous) w.put(no_list_begin);
        w.put("COALESCE(NULLIF(");
        write_value<Count>(w);
        w.put(is_list ? ", 'null'::jsonb), '[]'::jsonb)" : ", 'null'::jsonb), '{}'::jsonb)");
        if (is_list) w.put(list_end);
        if (!is_list && is_ambiguous) w.put(no_list_end);
    }
    /// Writes the steps First to Last as an array of texts.
    template <std::size_t First, std::size_t Last>
    static constexpr void write_keys(sql::writer& w) {
        w.put("ARRAY[");
        bool first = true;
        std::size_t n = 0;
        auto const one = [&]<class Step>(std::type_identity<Step>) {
            if (n >= First && n < Last) {
                w.put_separator(first, ", ");
                if constexpr (Step::kind == step_kind::position) w.put("(");
                Step::write(w);
                if constexpr (Step::kind == step_kind::position) w.put(")::text");
            }
            ++n;
        };
        (one(std::type_identity<Steps>{}), ...);
        w.put("]::text[]");
    }
    template <std::size_t First, std::size_t Last>
    void bind_some(parameters& out) const {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((I >= First && I < Last ? value_at<I>(steps).bind(out) : void()), ...);
        }(std::index_sequence_for<Steps...>{});
    }

    bundle<Steps...> steps;
};

/// Puts a value at a place and makes what is missing on the way there.
///
/// `jsonb_set` alone leaves a document as it is when a parent is missing, and makes it NULL for a NULL.
template <class Place, class Leaf>
struct set_edit : node_of<typename Leaf::operand> {
    template <class Scope>
    static constexpr void write_edit(sql::writer& w) {
        write_level<Scope, 0>(w);
    }
    void bind(parameters& out) const { bind_level<0>(out); }

    Place place;
    Leaf leaf;

    constexpr set_edit(Place p, Leaf l) : place{std::move(p)}, leaf{std::move(l)} {}

private:
    template <class Scope, std::size_t Depth>
    static constexpr void write_level(sql::writer& w) {
        if constexpr (Depth == Place::size) {
            Leaf::template write<Scope, Place>(w);
        } else {
            w.put("jsonb_set(");
            Place::template write_container<Depth>(w);
            w.put(", ");
            Place::template write_keys<Depth, Depth + 1>(w);
            w.put(", ");
            write_level<Scope, Depth + 1>(w);
            w.put(", true)");
        }
    }
    template <std::size_t Depth>
    void bind_level(parameters& out) const {
        if constexpr (Depth == Place::size) {
            leaf.bind(out, place);
        } else {
            place.template bind_value<Depth>(out);
            place.template bind_some<Depth, Depth + 1>(out);
            bind_level<Depth + 1>(out);
        }
    }
};

/// What is put there: a value, never NULL.
template <class Operand>
struct value_leaf {
    using operand = Operand;
    template <class Scope, class Place>
    static constexpr void write(sql::writer& w) {
        constexpr bool is_document = std::is_same_v<typename Operand::value_type, json>;
        if (!is_document) w.put("COALESCE(to_jsonb(");
        Operand::template write<Scope>(w);
        if (!is_document) w.put("), 'null'::jsonb)");
    }
    template <class Place>
    void bind(parameters& out, Place const&) const {
        value.bind(out);
    }
    Operand value;
};
/// The list that is there, and one more element.
template <class Operand>
struct append_leaf_of {
    using operand = Operand;
    template <class Scope, class Place>
    static constexpr void write(sql::writer& w) {
        w.put(list_begin);
        w.put("COALESCE(NULLIF(");
        Place::template write_value<Place::size>(w);
        w.put(", 'null'::jsonb), '[]'::jsonb)");
        w.put(list_end);
        w.put(" || jsonb_build_array(");
        value_leaf<Operand>::template write<Scope, Place>(w);
        w.put(')');
    }
    template <class Place>
    void bind(parameters& out, Place const& place) const {
        place.template bind_value<Place::size>(out);
        value.bind(out);
    }
    Operand value;
};
/// What is there and another document, merged at every depth: one fold over the members of the other one, parents
/// before what is in them.
template <class Operand, bool NullRemoves>
struct merge_leaf {
    using operand = Operand;
    template <class Scope, class Place>
    static constexpr void write(sql::writer& w) {
        w.put(R"((WITH RECURSIVE "p" ("path", "v") AS (SELECT '{}'::text[], )");
        Operand::template write<Scope>(w);
        w.put(
            R"( UNION ALL SELECT "path" || "key", "value" FROM "p", jsonb_each(CASE jsonb_typeof("v") WHEN 'object' THEN "v" ELSE '{}' END)), )"
            R"("s" ("n", "path", "v") AS (SELECT row_number() OVER (ORDER BY cardinality("path"), "path"), "path", "v" FROM "p" WHERE "path" <> '{}'), )"
            R"("f" ("n", "d") AS (SELECT 0::bigint, )");
        Place::template write_container<Place::size>(w);
        w.put(R"( UNION ALL SELECT "s"."n", CASE WHEN jsonb_typeof("v") = 'object' AND )"
              R"(jsonb_typeof("f"."d" #> "path") = 'object' THEN "f"."d" )");
        if (NullRemoves) w.put(R"(WHEN "v" = 'null' THEN "f"."d" #- "path" )");
        w.put(R"(WHEN jsonb_typeof("v") = 'object' THEN jsonb_set("f"."d", "path", '{}', true) )"
              R"(ELSE jsonb_set("f"."d", "path", "v", true) END FROM "f" JOIN "s" ON "s"."n" = "f"."n" + 1) )"
              R"(SELECT "d" FROM "f" ORDER BY "n" DESC LIMIT 1))");
    }
    template <class Place>
    void bind(parameters& out, Place const& place) const {
        value.bind(out);
        place.template bind_value<Place::size>(out);
    }
    Operand value;
};

/// Leaves out what is at a place; nothing on the way there is made, and neither is a key looked for in a list nor a
/// position in an object.
template <class Place>
struct remove_edit : node_of<> {
    template <class Scope>
    static constexpr void write_edit(sql::writer& w) {
        w.put("CASE jsonb_typeof(");
        Place::template write_value<Place::size - 1>(w);
        w.put(Place::template goes_into_list<Place::size - 1> ? R"() WHEN 'array' THEN "e"."d" #- )"
                                                              : R"() WHEN 'object' THEN "e"."d" #- )");
        Place::template write_keys<0, Place::size>(w);
        w.put(R"( ELSE "e"."d" END)");
    }
    void bind(parameters& out) const {
        place.template bind_value<Place::size - 1>(out);
        place.template bind_some<0, Place::size>(out);
    }

    Place place;
    constexpr explicit remove_edit(Place p) : place{std::move(p)} {}
};

/// Leaves every element of a list out that equals a value; what is no list stays.
template <class Place, class Operand>
struct remove_from_edit : node_of<Operand> {
    template <class Scope>
    static constexpr void write_edit(sql::writer& w) {
        w.put("CASE jsonb_typeof(");
        Place::template write_value<Place::size>(w);
        w.put(R"() WHEN 'array' THEN jsonb_set("e"."d", )");
        Place::template write_keys<0, Place::size>(w);
        w.put(R"(, COALESCE((SELECT jsonb_agg("x"."v" ORDER BY "x"."n") FROM jsonb_array_elements()");
        Place::template write_value<Place::size>(w);
        w.put(R"() WITH ORDINALITY AS "x" ("v", "n") WHERE "x"."v" <> )");
        value_leaf<Operand>::template write<Scope, Place>(w);
        w.put(R"(), '[]'::jsonb), false) ELSE "e"."d" END)");
    }
    void bind(parameters& out) const {
        place.template bind_value<Place::size>(out);
        place.template bind_some<0, Place::size>(out);
        place.template bind_value<Place::size>(out);
        value.bind(out);
    }

    Place place;
    Operand value;
    constexpr remove_from_edit(Place p, Operand v) : place{std::move(p)}, value{std::move(v)} {}
};

}  // namespace sark::detail
