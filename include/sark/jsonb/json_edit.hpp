// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/jsonb/detail/struct_writer.hpp>
#include <sark/jsonb/json_change.hpp>
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
