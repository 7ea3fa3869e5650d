// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <sark/codec/parameters.hpp>
#include <sark/db/detail/statement_cache.hpp>
#include <sark/sql/text.hpp>

namespace sark {

/// Accepts statements: a text with placeholders and the values for them. Yours run like those of the library.
///
///     struct unused_names {
///         static constexpr std::string_view sql = R"(SELECT "name" FROM "resources" WHERE "protocol" = $1)";
///         using row = std::string;
///         void bind(sark::parameters& out) const { out.add_text(protocol); }
///         template <class Fields> static row decode(Fields const& f) { … }
///         std::string protocol;
///     };
template <class S>
concept statement = requires(S const& s, parameters& out) {
    { s.sql } -> std::convertible_to<std::string_view>;
    s.bind(out);
};

/// Accepts statements that return rows, decoded by their `decode(fields)` into their `row`.
template <class S>
concept row_statement = statement<S> && requires { typename S::row; };

namespace detail {

/// Accepts statements whose text is a constant of their type, zero-terminated.
///
/// Asked in two steps: GCC 12 takes the value of a member that is none of the type's own for an error, not for a no.
template <class S>
concept constant_statement = !std::is_member_object_pointer_v<decltype(&S::sql)> &&
                             requires { typename std::integral_constant<std::size_t, S::sql.size()>; };

/// Accepts those that are also counted by a constant.
template <class S>
concept constant_count = !std::is_member_object_pointer_v<decltype(&S::count_sql)> &&
                         requires { typename std::integral_constant<std::size_t, S::count_sql.size()>; };

template <class S>
[[nodiscard]] statement_text text_of(S const& s) {
    return {s.sql, constant_statement<S>};
}

/// Writes the text of a statement between two others.
template <class S, class Around>
struct wrapped_text {
    static constexpr void write(sql::writer& w) {
        w.put(Around::before);
        w.put(S::sql);
        w.put(Around::after);
    }
};

struct asking_for_existence {
    static constexpr std::string_view before = "SELECT EXISTS (";
    static constexpr std::string_view after = ")";
};
struct counting {
    static constexpr std::string_view before = "SELECT count(*) FROM (";
    static constexpr std::string_view after = ") AS \"counted\"";
};

/// Calls `run(statement_text)` with the text of a statement between two others, a constant where it is one.
template <class Around, class S, class Run>
auto with_wrapped(S const& s, Run&& run) {
    if constexpr (constant_statement<S>) {
        return run(statement_text{sql::text<wrapped_text<S, Around>>::value, true});
    } else {
        std::string text{Around::before};
        text.append(s.sql).append(Around::after);
        return run(statement_text{text, false});
    }
}

/// Gives what reads the rows of a statement: the same type for all queries that select the same, where a lambda would be
/// one per query, and with it the growth of a vector and all else that takes it.
template <class S>
[[nodiscard]] constexpr auto decoder_of([[maybe_unused]] S const& statement) {
    if constexpr (requires { typename S::decoder; })
        return typename S::decoder{};
    else
        return [&statement](auto const& fields) { return statement.decode(fields); };
}

}  // namespace detail

}  // namespace sark
