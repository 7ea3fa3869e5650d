// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/jsonb/detail/struct_writer.hpp>
#include <sark/jsonb/json_path.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/json_methods.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace detail {

/// The document that one change of a chain is given, as the sub-select around it names it.
inline constexpr std::string_view edited_document = R"("e"."d")";

/// Writes the way to a place in the document that is changed, and binds the keys in the same order.
template <class... Steps>
struct edit_place {
    static constexpr std::size_t size = sizeof...(Steps);

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
    /// Writes a list, or an object, that is there for sure: a missing one and JSON's null are empty.
    template <std::size_t Count>
    static constexpr void write_container(sql::writer& w) {
        constexpr bool is_list = [] {
            bool const positions[]{Steps::kind == step_kind::position..., false};
            return positions[Count];
        }();
        w.put("COALESCE(NULLIF(");
        write_value<Count>(w);
        w.put(is_list ? ", 'null'::jsonb), '[]'::jsonb)" : ", 'null'::jsonb), '{}'::jsonb)");
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
        w.put("COALESCE(NULLIF(");
        Place::template write_value<Place::size>(w);
        w.put(", 'null'::jsonb), '[]'::jsonb) || jsonb_build_array(");
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

/// Leaves out what is at a place; nothing on the way there is made.
template <class Place>
struct remove_edit : node_of<> {
    template <class Scope>
    static constexpr void write_edit(sql::writer& w) {
        w.put(R"(CASE WHEN jsonb_typeof("e"."d") IN ('object', 'array') THEN "e"."d" #- )");
        Place::template write_keys<0, Place::size>(w);
        w.put(R"( ELSE "e"."d" END)");
    }
    void bind(parameters& out) const { place.template bind_some<0, Place::size>(out); }

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

template <class Path>
struct place_of_path;
template <class Root, class Value, class... Steps>
struct place_of_path<json_path<Root, Value, Steps...>> {
    using type = edit_place<Steps...>;
};

}  // namespace detail

namespace rules {

template <class Path, class Document>
struct edited_place_is_of_the_document {
    static constexpr bool holds = detail::is_document_root<typename Path::root> ||
                                  std::is_same_v<typename Path::root, Document>;
};
template <class Path>
struct edited_place_is_one {
    static constexpr bool holds = Path::step_count > 0 && !Path::has_each;
};
template <class Place, class Target, class Value>
struct edited_value_has_the_members_type {
    static constexpr bool holds = [] {
        using given = std::remove_cvref_t<Value>;
        if constexpr (std::is_same_v<Target, json>)
            return std::is_same_v<given, json> || expression_like<given> || detail::json_scalar<std::decay_t<Value>> ||
                   std::is_convertible_v<given, std::string_view>;
        else if constexpr (expression_like<given>)
            return detail::comparable_types<Target, detail::plain_value_t<given>> ||
                   std::is_same_v<detail::plain_value_t<given>, json>;
        else if constexpr (detail::json_scalar<Target>)
            return !std::is_void_v<detail::stored_value_t<Target, given>>;
        else
            return std::is_convertible_v<given, Target>;
    }();
};

}  // namespace rules

/// Is a document that is changed on the server, one change after the other; made by `edit(…)`.
///
/// Each change sees what the one before left, keys that nobody names stay, and no NULL makes the document NULL: a
/// document that is NULL, or JSON's null, begins as an empty object.
template <class Previous, class Edit, class Document>
struct json_edit;

namespace detail {

template <class Path, class Document>
consteval bool check_edited_place() {
    using own = rules::edited_place_is_of_the_document<Path, Document>;
    using one = rules::edited_place_is_one<Path>;
    static_assert(own::holds && one::holds,
                  "sark: a change names a place of another document, the whole document, or any element of a list. "
                  "Name one place: meta<...>, path<...> of this column, or col<...>.as<T>() and on. [sark-J29]");
    return own::holds && one::holds;
}
template <class Place, class Target, class Value>
consteval bool check_edited_value() {
    using typed = rules::edited_value_has_the_members_type<Place, Target, Value>;
    static_assert(typed::holds,
                  "sark: a place in a document is given a value of another type, or one that may be missing. Pass a "
                  "value of the member's type; say remove(...) or set_null(...) for none. [sark-J19]");
    return typed::holds;
}

/// Makes what stands for a value in a statement: a document of its JSON text, or an expression as it is.
template <class Target, class V>
constexpr auto edited_value(V&& value) {
    using given = std::remove_cvref_t<V>;
    if constexpr (expression_like<given>) {
        return given{std::forward<V>(value)};
    } else if constexpr (std::is_same_v<given, json>) {
        return bound_json{{}, std::forward<V>(value)};
    } else {
        std::string text;
        if constexpr (std::is_same_v<Target, json> && std::is_convertible_v<given, std::string_view>)
            append_json(text, std::string_view{value});
        else if constexpr (std::is_same_v<Target, json>)
            append_json(text, value);
        else if constexpr (json_scalar<Target>)
            append_json(text, store_value<Target>(std::forward<V>(value)));
        else
            write_document<Target>(text, value);
        return bound_json{{}, json{std::move(text)}};
    }
}

/// Gives a document the changes that can be made to it.
template <class Self, class Document>
struct edit_methods {
    /// Puts a value at a place; makes the objects on the way there.
    template <class Path, class V>
    [[nodiscard]] constexpr auto set(Path const& path, V&& value) const {
        return with_leaf<value_leaf, typename Path::target>(path, std::forward<V>(value));
    }
    /// Puts JSON's null at a place, which is a value there.
    template <class Path>
    [[nodiscard]] constexpr auto set_null(Path const& path) const {
        return with_leaf<value_leaf, json>(path, json{"null"});
    }
    /// Adds an element to the end of a list; makes the list where there is none.
    template <class Path, class V>
    [[nodiscard]] constexpr auto append(Path const& path, V&& value) const {
        return with_leaf<append_leaf_of, typename list_element<typename Path::target>::type>(path,
                                                                                             std::forward<V>(value));
    }
    /// Leaves out what is at a place; a member that is not there is no error.
    template <class Path>
    [[nodiscard]] constexpr auto remove(Path const& path) const {
        if constexpr (check_edited_place<Path, Document>()) {
            using place = typename place_of_path<Path>::type;
            return then(remove_edit<place>{place{path.steps}});
        }
    }
    /// Leaves every element of a list out that equals a value.
    template <class Path, class V>
    [[nodiscard]] constexpr auto remove_from(Path const& path, V&& value) const {
        using element = typename list_element<typename Path::target>::type;
        if constexpr (check_edited_place<Path, Document>() && check_edited_value<Path, element, V>()) {
            using place = typename place_of_path<Path>::type;
            auto operand = edited_value<element>(std::forward<V>(value));
            return then(remove_from_edit<place, decltype(operand)>{place{path.steps}, std::move(operand)});
        }
    }
    /// Merges a document, or a struct as one, into the whole document: objects at every depth, all else is replaced. A
    /// member that is absent changes nothing, one that is JSON's null is stored.
    template <class V>
    [[nodiscard]] constexpr auto merge(V const& value) const {
        return with_merge<false>(edit_place<>{}, value);
    }
    /// Does the same at a place.
    template <class Path, class V>
    [[nodiscard]] constexpr auto merge(Path const& path, V const& value) const {
        if constexpr (check_edited_place<Path, Document>())
            return with_merge<false>(typename place_of_path<Path>::type{path.steps}, value);
    }
    /// Merges as RFC 7396 (JSON Merge Patch) says: null leaves a member out.
    [[nodiscard]] constexpr auto patch(json value) const { return with_merge<true>(edit_place<>{}, value); }

private:
    [[nodiscard]] constexpr Self const& self() const { return static_cast<Self const&>(*this); }

    template <class Edit>
    constexpr auto then(Edit edit) const {
        return json_edit<Self, Edit, Document>{self(), std::move(edit)};
    }
    template <template <class> class Leaf, class Target, class Path, class V>
    constexpr auto with_leaf(Path const& path, V&& value) const {
        if constexpr (check_edited_place<Path, Document>() && check_edited_value<Path, Target, V>()) {
            using place = typename place_of_path<Path>::type;
            auto operand = edited_value<Target>(std::forward<V>(value));
            using leaf = Leaf<decltype(operand)>;
            return then(set_edit<place, leaf>{place{path.steps}, leaf{std::move(operand)}});
        }
    }
    template <bool NullRemoves, class Place, class V>
    constexpr auto with_merge(Place place, V const& value) const {
        auto operand = edited_value<V>(value);
        using leaf = merge_leaf<decltype(operand), NullRemoves>;
        return then(set_edit<Place, leaf>{std::move(place), leaf{std::move(operand)}});
    }
};

/// Is a document before its first change.
template <class Document>
struct edit_start : expression_node, edit_methods<edit_start<Document>, Document> {
    using value_type = typename Document::value_type;
    using columns = typename Document::columns;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Document::template write<Scope>(w);
    }
    void bind(parameters& out) const { document.bind(out); }

    Document document;

    constexpr explicit edit_start(Document d) : document{std::move(d)} {}
};

}  // namespace detail

template <class Previous, class Edit, class Document>
struct json_edit : detail::node_of<Previous, Edit>,
                   detail::edit_methods<json_edit<Previous, Edit, Document>, Document> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Document>, json>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        // A sub-select names what is changed, or each change would write all before it several times. OFFSET keeps the
        // planner from doing that.
        w.put("(SELECT ");
        Edit::template write_edit<Scope>(w);
        w.put(" FROM (SELECT ");
        Previous::template write<Scope>(w);
        w.put(R"( AS "d" OFFSET 0) AS "e"))");
    }
    void bind(parameters& out) const {
        change.bind(out);
        previous.bind(out);
    }

    Previous previous;
    Edit change;

    constexpr json_edit(Previous p, Edit e) : previous{std::move(p)}, change{std::move(e)} {}
};

/// Begins a chain of changes to a document: `set(doc, edit(doc).set(meta<&M::x>, 1).remove(meta<&M::y>))`.
///
/// The server makes them, so two writers of different members do not overwrite each other.
template <expression_like Document>
[[nodiscard]] constexpr auto edit(Document document) {
    return detail::edit_start<Document>{std::move(document)};
}

/// Says what became of a write that was to happen only where nothing had changed.
enum class write_outcome { written, lost };

/// Runs an update whose conditions name what was read (`doc.is_not_distinct_from(read)`), and says whether somebody
/// else came first.
template <class Session, class Update>
[[nodiscard]] write_outcome write_if_unchanged(Session& session, Update const& update) {
    return session.run(update) == 0 ? write_outcome::lost : write_outcome::written;
}

}  // namespace sark
