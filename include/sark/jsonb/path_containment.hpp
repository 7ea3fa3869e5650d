// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec/array.hpp>
#include <sark/jsonb/document_root.hpp>
#include <sark/jsonb/json_steps.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/logic.hpp>
#include <sark/schema/json_service.hpp>

namespace sark {

namespace detail {

/// Keeps a path and the JSON text of what has to be at its end.
template <class... Steps>
struct path_leaf {
    static constexpr std::size_t size = sizeof...(Steps);
    static constexpr std::array<step_kind, size + 1> kinds{Steps::kind..., step_kind::key};
    static constexpr std::array<std::string_view, size + 1> names{Steps::name..., std::string_view{}};
    static constexpr std::array<bool, size + 1> constant{Steps::is_constant..., true};

    bundle<Steps...> steps;
    std::string value;
};

/// Is one step of a document that is put together, with its key as JSON text.
struct flat_step {
    step_kind kind;
    std::string key;
};
struct flat_leaf {
    std::vector<flat_step> steps;
    std::string_view value;
};

template <std::size_t... I, class... Steps>
flat_leaf flatten(std::index_sequence<I...>, path_leaf<Steps...> const& leaf) {
    flat_leaf flat{{}, leaf.value};
    [[maybe_unused]] auto const one = [&]<class Step>(Step const& step) {
        flat_step to{Step::kind, {}};
        step.append_key(to.key);
        flat.steps.push_back(std::move(to));
    };
    (one(value_at<I>(leaf.steps)), ...);
    return flat;
}

/// Writes the one document that has all these values; no two of them stand at one place, or one inside of another.
inline void append_leaves(std::string& out, std::vector<flat_leaf> const& leaves, std::size_t depth) {
    if (leaves.front().steps.size() == depth) {
        out += leaves.front().value;
        return;
    }
    if (leaves.front().steps[depth].kind == step_kind::each) {
        // Each condition on "any element" may hold for another element, so each is an element of its own.
        out += '[';
        for (flat_leaf const& leaf : leaves) {
            if (out.back() != '[') out += ',';
            append_leaves(out, {leaf}, depth + 1);
        }
        out += ']';
        return;
    }
    out += '{';
    std::vector<bool> written(leaves.size(), false);
    bool first = true;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (written[i]) continue;
        std::vector<flat_leaf> same;
        for (std::size_t j = i; j < leaves.size(); ++j)
            if (leaves[j].steps[depth].key == leaves[i].steps[depth].key) {
                same.push_back(leaves[j]);
                written[j] = true;
            }
        if (!first) out += ',';
        first = false;
        out.append(leaves[i].steps[depth].key).append(":");
        append_leaves(out, same, depth + 1);
    }
    out += '}';
}

/// Writes the document with one value at the end of a path.
template <std::size_t... I, class... Steps>
void append_leaf(std::string& out, std::index_sequence<I...>, path_leaf<Steps...> const& leaf) {
    [[maybe_unused]] auto const open = [&]<class Step>(Step const& step) {
        out += Step::kind == step_kind::each ? '[' : '{';
        step.append_key(out);
        if constexpr (Step::kind == step_kind::key) out += ':';
    };
    (open(value_at<I>(leaf.steps)), ...);
    out += leaf.value;
    for (std::size_t i = sizeof...(Steps); i > 0; --i)
        out += path_leaf<Steps...>::kinds[i - 1] == step_kind::each ? ']' : '}';
}

/// Tells whether two values have places of their own in one document, whatever is sent.
template <class A, class B>
consteval bool have_own_places() {
    for (std::size_t i = 0; i < A::size && i < B::size; ++i) {
        if (A::kinds[i] != B::kinds[i]) return false;
        if (A::kinds[i] == step_kind::each) return true;
        if (!A::constant[i] || !B::constant[i]) return false;  // two keys that are sent may be one
        if (A::names[i] != B::names[i]) return true;
    }
    return false;
}

}  // namespace detail

/// Tests members of a document for equality, as containment of one document that has them all.
///
/// One GIN index on the whole column serves it, and so it serves every path.
template <class Root, class... Leaves>
struct path_containment : expression_node {
    using value_type = detail::nullable_if_t<detail::any_nullable<Root>, bool>;
    using operands = type_list<Root>;
    using columns = typename Root::columns;
    using tested = Root;
    static constexpr json_predicate asked = json_predicate::contains;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::is_document_root<Root>) {
            w.put('(');
            Root::template write_condition<Scope>(w);
            w.put(" AND ");
        }
        Root::template write<Scope>(w);
        w.put(" @> ");
        w.put_placeholder();
        w.put("::jsonb");
        if constexpr (detail::is_document_root<Root>) w.put(')');
    }
    void bind(parameters& out) const {
        root.bind(out);
        out.add_text(document());
    }

    /// Gives the document that is looked for.
    [[nodiscard]] std::string document() const {
        std::string text;
        write_document(text, std::index_sequence_for<Leaves...>{});
        return text;
    }

    Root root;
    detail::bundle<Leaves...> leaves;

    constexpr path_containment(Root r, detail::bundle<Leaves...> l) : root{std::move(r)}, leaves{std::move(l)} {}

private:
    template <std::size_t... I>
    void write_document(std::string& text, std::index_sequence<I...>) const {
        if constexpr (sizeof...(I) == 1) {
            auto const& only = detail::value_at<0>(leaves);
            detail::append_leaf(text, std::make_index_sequence<std::remove_cvref_t<decltype(only)>::size>{}, only);
        } else {
            detail::append_leaves(
                text, {detail::flatten(std::make_index_sequence<Leaves::size>{}, detail::value_at<I>(leaves))...}, 0);
        }
    }
};

/// Tests a member of a document for being one of several values: containment of any of several documents.
template <class Root>
struct path_containment_any : expression_node {
    using value_type = detail::nullable_if_t<detail::any_nullable<Root>, bool>;
    using operands = type_list<Root>;
    using columns = typename Root::columns;
    using tested = Root;
    static constexpr json_predicate asked = json_predicate::contains;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        if constexpr (detail::is_document_root<Root>) {
            w.put('(');
            Root::template write_condition<Scope>(w);
            w.put(" AND ");
        }
        Root::template write<Scope>(w);
        w.put(" @> ANY(");
        w.put_placeholder();
        w.put("::jsonb[])");
        if constexpr (detail::is_document_root<Root>) w.put(')');
    }
    void bind(parameters& out) const {
        root.bind(out);
        detail::encode_array<std::string>(out, documents);
    }

    Root root;
    std::vector<std::string> documents;

    path_containment_any(Root r, std::vector<std::string> d) : root{std::move(r)}, documents{std::move(d)} {}
};

namespace detail {

template <class T>
inline constexpr bool is_path_containment = false;
template <class Root, class... Leaves>
inline constexpr bool is_path_containment<path_containment<Root, Leaves...>> = true;

/// Tells whether two conditions become one document without changing what they mean.
template <class A, class B>
inline constexpr bool merges_with = false;
template <class RootA, class... A, class RootB, class... B>
inline constexpr bool merges_with<path_containment<RootA, A...>, path_containment<RootB, B...>> =
    is_same_root<RootA, RootB> && (std::is_empty_v<RootA> || std::is_same_v<RootA, RootB>)&&[] {
        // Every leaf of one with every leaf of the other.
        auto const against_all = []<class One>(std::type_identity<One>) { return (have_own_places<One, B>() && ...); };
        return (against_all(std::type_identity<A>{}) && ...);
    }();
/// Conditions further to the left of a chain of ANDs may be of the same document.
template <class L, class R, class New>
inline constexpr bool merges_with<logical<"AND", L, R>, New> = is_path_containment<New> &&
                                                               (merges_with<L, New> || merges_with<R, New>);

// Found by argument-dependent lookup where conditions are joined by a comma (<sark/query/where.hpp>).
template <class RootA, class... A, class RootB, class... B>
    requires merges_with<path_containment<RootA, A...>, path_containment<RootB, B...>>
auto merge_conditions(path_containment<RootA, A...> a, path_containment<RootB, B...> b) {
    return [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>, std::index_sequence<J...>) {
        return path_containment<RootA, A..., B...>{
            std::move(a.root), bundle<A..., B...>{{value_at<I>(a.leaves)}..., {value_at<J>(b.leaves)}...}};
    }(std::index_sequence_for<A...>{}, std::index_sequence_for<B...>{});
}
template <class L, class R, class New>
    requires merges_with<logical<"AND", L, R>, New>
auto merge_conditions(logical<"AND", L, R> both, New added) {
    if constexpr (merges_with<L, New>) {
        auto left = merge_conditions(std::move(both.left), std::move(added));
        return logical<"AND", decltype(left), R>{std::move(left), std::move(both.right)};
    } else {
        auto right = merge_conditions(std::move(both.right), std::move(added));
        return logical<"AND", L, decltype(right)>{std::move(both.left), std::move(right)};
    }
}

}  // namespace detail

/// Joins conditions on one document into one containment, where none can be in the way of another.
template <condition L, condition R>
    requires(detail::merges_with<L, R>)
[[nodiscard]] auto operator&&(L left, R right) {
    return detail::merge_conditions(std::move(left), std::move(right));
}

}  // namespace sark
