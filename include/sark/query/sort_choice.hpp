// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/ordinal.hpp>

namespace sark {

/// Says in which direction to sort.
enum class direction { ascending, descending };

/// Is an expression under the name by which users may ask for it.
template <fixed_string Name, class E>
struct sortable_key {
    static constexpr std::string_view name = Name.view();
    using expression = E;

    [[no_unique_address]] E key;
};

/// Allows to sort by an expression, under a name: `sortable<"name">(col<&Resource::name>)`.
template <fixed_string Name, expression_like E>
[[nodiscard]] constexpr sortable_key<Name, E> sortable(E expression) {
    return {std::move(expression)};
}

/// Is one of several sort keys, chosen at run time from a list that was fixed at compile time.
template <class... Keys>
struct sort_choice : expression_node {
    static constexpr bool is_sort_choice = true;
    using value_type = bool;
    using columns = joined_t<typename Keys::expression::columns...>;
    using operands = type_list<typename Keys::expression...>;

    /// Writes all of them: the longest text, of which `write_chosen` writes a part.
    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        ((w.put_separator(first, ", "),
          detail::write_key<Scope, sort_key<typename Keys::expression, true, detail::nulls::by_direction>>(w)),
         ...);
    }
    template <class Scope>
    constexpr void write_chosen(sql::writer& w) const {
        std::size_t i = 0;
        ((i++ == chosen ? detail::write_ranked<typename Keys::expression, Scope, true>(w) : void()), ...);
        if (way == direction::descending) w.put(" DESC");
    }
    void bind(parameters& out) const {
        std::size_t i = 0;
        detail::for_each_value(keys, [&](auto const& k) {
            if (i++ == chosen) k.key.bind(out);
        });
    }

    detail::bundle<Keys...> keys;
    std::size_t chosen;
    direction way;

    constexpr sort_choice(detail::bundle<Keys...> k, std::size_t c, direction d)
        : keys{std::move(k)}, chosen{c}, way{d} {}
};

/// Lists what users may sort by; nothing else gets into the text.
/// @code
/// constexpr auto sorts = sark::sort_list(sark::sortable<"name">(col<&Resource::name>), sark::sortable<"age">(…));
/// auto page = from<Resource>().order_by(sorts.by(request.sort, direction::descending), col<&Resource::id>);
/// @endcode
template <class... Keys>
class sort_list {
public:
    constexpr explicit sort_list(Keys... keys) : keys_{{std::move(keys)}...} {}

    /// Chooses a key by its name.
    /// @throws error for a name that is not in the list; it says which are
    [[nodiscard]] sort_choice<Keys...> by(std::string_view name, direction way = direction::ascending) const {
        std::size_t i = 0;
        std::size_t found = sizeof...(Keys);
        ((Keys::name == name ? void(found = i++) : void(++i)), ...);
        if (found == sizeof...(Keys)) {
            std::string sentence{"sark: the rows cannot be sorted by this name. Use one of:"};
            (sentence.append(" ").append(Keys::name), ...);
            throw error{sentence + "."};
        }
        return {keys_, found, way};
    }

private:
    detail::bundle<Keys...> keys_;
};

}  // namespace sark
