// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <sark/codec/text.hpp>
#include <sark/jsonb/document_root.hpp>
#include <sark/jsonb/json_path.hpp>
#include <sark/jsonb/path_containment.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/query/comparison.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>
#include <sark/reflect/member.hpp>

namespace sark {

namespace detail {

/// Enforces the rules of equality on a path; the first broken one speaks.
template <class Path, class V>
consteval bool check_path_equality() {
    using match = rules::path_is_compared_with_its_own_type<Path, V>;
    using scalar = rules::path_is_a_scalar<Path, typename Path::target>;
    static_assert(match::holds,
                  "sark: a member of a document is compared with a value of another type. Pass a value of the "
                  "member's type. [sark-J03]");
    static_assert(!match::holds || scalar::holds,
                  "sark: a list, an object or a time in a document has no equality: it is contained in larger ones, or "
                  "spelled in several ways. Use contains(...) to say what is meant. [sark-J07]");
    return match::holds && scalar::holds;
}

/// Compares a path with a value as a member of the struct is compared.
template <class Path, class V>
constexpr auto path_equals(Path const& path, V&& value) {
    using target = typename Path::target;
    using given = std::decay_t<V>;
    if constexpr (expression_like<given>) {
        return in_its_protocol<typename Path::root>(path.value() == std::forward<V>(value));
    } else if constexpr (std::is_same_v<target, json> && json_scalar<given>) {
        std::string text;
        if constexpr (std::is_convertible_v<given, std::string_view>)
            append_json(text, std::string_view{value});
        else
            append_json(text, value);
        if constexpr (Path::is_containable)
            return path.containment_of(std::move(text));
        else
            return path.document() == json{std::move(text)};
    } else if constexpr (std::is_same_v<target, json>) {
        return path.document() == std::forward<V>(value);
    } else if constexpr (!check_path_equality<Path, given>()) {
        return refused_expression{};
    } else if constexpr (Path::is_containable) {
        std::string text;
        append_json(text, store_value<target>(std::forward<V>(value)));
        return path.containment_of(std::move(text));
    } else {
        return in_its_protocol<typename Path::root>(path.value() == std::forward<V>(value));
    }
}

template <class Path, class Condition>
constexpr auto of_path(Condition condition) {
    return in_its_protocol<typename std::remove_cvref_t<Path>::root>(std::move(condition));
}

template <class Root>
consteval bool check_root() {
    if constexpr (is_document_root<Root>)
        return check_protocol<typename Root::document_type>();
    else
        return true;
}

}  // namespace detail

/// Tests the value at a path: `meta<&HttpMetadata::auth_method> == "oauth2"` is containment of a document with that
/// one member, `[each]` of a list with that element.
template <detail::path_like P, class V>
[[nodiscard]] constexpr auto operator==(P const& path, V&& value) {
    if constexpr (detail::check_root<typename P::root>())
        return detail::path_equals(path, std::forward<V>(value));
    else
        return detail::refused_expression{};
}

// The others read the value: an index on the path serves orders, none serves `!=`.
// clang-format off
template <detail::path_like P, class V> [[nodiscard]] constexpr auto operator!=(P const& p, V&& v) { return detail::of_path<P>(p.value() != std::forward<V>(v)); }
template <detail::path_like P, class V> [[nodiscard]] constexpr auto operator<(P const& p, V&& v) { return detail::of_path<P>(p.value() < std::forward<V>(v)); }
template <detail::path_like P, class V> [[nodiscard]] constexpr auto operator<=(P const& p, V&& v) { return detail::of_path<P>(p.value() <= std::forward<V>(v)); }
template <detail::path_like P, class V> [[nodiscard]] constexpr auto operator>(P const& p, V&& v) { return detail::of_path<P>(p.value() > std::forward<V>(v)); }
template <detail::path_like P, class V> [[nodiscard]] constexpr auto operator>=(P const& p, V&& v) { return detail::of_path<P>(p.value() >= std::forward<V>(v)); }
// clang-format on

namespace detail {

template <auto Next, auto... Rest, class Path>
consteval auto follow(Path path) {
    auto const next = path.template member<Next>();
    if constexpr (sizeof...(Rest) == 0)
        return next;
    else
        return follow<Rest...>(next);
}

template <auto First, auto... Rest>
consteval auto make_meta() {
    auto const first = json_path<document_root<First>, owner_of<First>>{{}}.template member<First>();
    if constexpr (sizeof...(Rest) == 0)
        return first;
    else
        return follow<Rest...>(first);
}

template <auto Document, auto... Members>
consteval auto make_path() {
    json_path<col_t<Document>, json> const start{col_t<Document>{}};
    if constexpr (sizeof...(Members) == 0)
        return start;
    else
        return follow<Members...>(start);
}

}  // namespace detail

/// Refers to a member of a typed document, in whichever table of the query holds documents of its protocol; further
/// members go into nested structs: `meta<&Settings::limits, &Limits::per_hour>`.
template <auto M, auto... Nested>
    requires(data_member<M> && (data_member<Nested> && ...))
inline constexpr auto meta = detail::make_meta<M, Nested...>();

/// Refers to a place in the document of a column: `path<&Order::details, &Details::customer>`. It is a key of an index,
/// too: `index<path<…>>`, whose text is then the one that queries have.
template <auto Document, auto... Members>
    requires(data_member<Document> && (data_member<Members> && ...))
inline constexpr auto path = detail::make_path<Document, Members...>();

}  // namespace sark
