// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/function.hpp>
#include <sark/query/methods.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/value.hpp>

namespace sark {

namespace detail {

/// Is an end of a frame, counted in rows from the current one.
template <int Offset>
struct frame_end {
    static constexpr int offset = Offset;
};
inline constexpr int unbounded = 1'000'000'000;

template <int Offset>
constexpr void write_frame_end(sql::writer& w) {
    if constexpr (Offset == 0) {
        w.put("CURRENT ROW");
    } else {
        constexpr int distance = Offset < 0 ? -Offset : Offset;
        if constexpr (distance == unbounded)
            w.put("UNBOUNDED");
        else
            w.put_number(static_cast<unsigned long long>(distance));
        w.put(Offset < 0 ? " PRECEDING" : " FOLLOWING");
    }
}

struct default_frame {
    static constexpr bool can_be_empty = false;
    static constexpr void write(sql::writer&, bool&) {}
};
template <fixed_string Mode, int From, int To>
struct frame {
    static constexpr bool can_be_empty = From > 0 || To < 0;
    static constexpr void write(sql::writer& w, bool& first) {
        w.put_separator(first, " ");
        w.put(Mode.view());
        w.put(" BETWEEN ");
        write_frame_end<From>(w);
        w.put(" AND ");
        write_frame_end<To>(w);
    }
};

}  // namespace detail

/// Are the ends of a frame: `rows(preceding<3>, current_row)`.
inline constexpr detail::frame_end<-detail::unbounded> unbounded_preceding{};
inline constexpr detail::frame_end<detail::unbounded> unbounded_following{};
inline constexpr detail::frame_end<0> current_row{};
template <unsigned N>
    requires(N > 0 && N < 1'000'000'000)
inline constexpr detail::frame_end<-static_cast<int>(N)> preceding{};
template <unsigned N>
    requires(N > 0 && N < 1'000'000'000)
inline constexpr detail::frame_end<static_cast<int>(N)> following{};

namespace rules {

template <int From, int To>
struct frame_starts_before_it_ends {
    static constexpr bool holds = From <= To && From < detail::unbounded && To > -detail::unbounded;
};

}  // namespace rules

/// Says which rows a window function sees: `partition_by(…).order_by(…).rows(…)`.
template <class Frame, class Partition, class Keys>
struct window_spec;
template <class Frame, class... Partition, class... Keys>
struct window_spec<Frame, type_list<Partition...>, type_list<Keys...>>
    : detail::node_of<Partition..., detail::key_expression_t<Keys>...> {
    using frame_type = Frame;
    static constexpr bool is_ordered = sizeof...(Keys) > 0;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        bool first = true;
        w.put('(');
        if constexpr (sizeof...(Partition) > 0) {
            w.put_separator(first, " ");
            w.put("PARTITION BY ");
            detail::write_list<Scope, Partition...>(w, ", ");
        }
        if constexpr (sizeof...(Keys) > 0) {
            w.put_separator(first, " ");
            w.put("ORDER BY ");
            detail::write_keys<Scope, Keys...>(w);
        }
        Frame::write(w, first);
        w.put(')');
    }
    void bind(parameters& out) const {
        detail::bind_all(out, partition);
        detail::bind_keys(out, keys);
    }

    /// Orders the rows of each partition.
    template <class... NewKeys>
        requires(sizeof...(Keys) == 0 && rules::order_by_takes_expressions<NewKeys...>::holds)
    [[nodiscard]] constexpr auto order_by(NewKeys... new_keys) const {
        return window_spec<Frame, type_list<Partition...>, type_list<NewKeys...>>{
            partition, detail::bundle<NewKeys...>{{std::move(new_keys)}...}};
    }
    /// Takes the rows from one to another around the current row.
    template <int From, int To>
    [[nodiscard]] constexpr auto rows(detail::frame_end<From>, detail::frame_end<To>) const {
        return framed_by<"ROWS", From, To>();
    }
    /// Takes whole groups of rows that are equal in the order.
    template <int From, int To>
    [[nodiscard]] constexpr auto groups(detail::frame_end<From>, detail::frame_end<To>) const {
        return framed_by<"GROUPS", From, To>();
    }

    [[no_unique_address]] detail::bundle<Partition...> partition;
    [[no_unique_address]] detail::bundle<Keys...> keys;

    constexpr window_spec(detail::bundle<Partition...> p, detail::bundle<Keys...> k)
        : partition{std::move(p)}, keys{std::move(k)} {}

private:
    template <fixed_string Mode, int From, int To>
    [[nodiscard]] constexpr auto framed_by() const {
        using forward = rules::frame_starts_before_it_ends<From, To>;
        static_assert(forward::holds,
                      "sark: a frame ends before it starts. Give the earlier end first: preceding, current_row, "
                      "following. [sark-Q52]");
        return window_spec<detail::frame<Mode, From, To>, type_list<Partition...>, type_list<Keys...>>{partition, keys};
    }
};

/// Parts the rows for a window function: it starts anew for each value of the expressions.
template <expression_like... Es>
[[nodiscard]] constexpr auto partition_by(Es... es) {
    return window_spec<detail::default_frame, type_list<Es...>, type_list<>>{detail::bundle<Es...>{{std::move(es)}...},
                                                                             detail::bundle<>{}};
}
/// Is a window over all rows of the query: `row_number().over(window().order_by(…))`.
[[nodiscard]] constexpr auto window() { return partition_by(); }

namespace detail {

/// Gives what a window function is computed of: inside of OVER an aggregate is none of its own.
template <class Function>
struct window_arguments {
    using type = typename Function::operands;
};
template <class Function>
    requires requires { typename Function::inside; }
struct window_arguments<Function> {
    using type = typename Function::inside;
};

}  // namespace detail

/// Computes a value of each row from the rows around it.
template <class Result, class Function, class Spec>
struct window_call : expression_node, detail::value_methods<window_call<Result, Function, Spec>> {
    static constexpr bool is_window = true;
    using value_type = Result;
    using computes = Function;
    using operands = joined_t<typename detail::window_arguments<Function>::type, type_list<Spec>>;
    using columns = joined_t<typename Function::columns, typename Spec::columns>;
    using strict = detail::strict_columns_t<Function>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Function::template write<Scope>(w);
        w.put(" OVER ");
        Spec::template write<Scope>(w);
    }
    void bind(parameters& out) const {
        function.bind(out);
        spec.bind(out);
    }

    [[no_unique_address]] Function function;
    [[no_unique_address]] Spec spec;

    constexpr window_call(Function f, Spec s) : function{std::move(f)}, spec{std::move(s)} {}
};

namespace rules {

/// Asks for the order of a function that means nothing without one.
template <class Function, class Spec>
struct window_is_ordered {
    static constexpr bool holds = Spec::is_ordered;
};

}  // namespace rules

/// Is a window function that waits for its window.
template <fixed_string Name, class Result, bool ByFrame, class... Args>
struct window_function : detail::node_of<Args...> {
    static constexpr bool waits_for_over = true;
    using value_type = Result;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        w.put(Name.view());
        w.put('(');
        detail::write_list<Scope, Args...>(w, ", ");
        w.put(')');
    }
    void bind(parameters& out) const { detail::bind_all(out, arguments); }

    /// Says which rows it sees.
    template <class... Window>
    [[nodiscard]] constexpr auto over(window_spec<Window...> w) const {
        using spec = window_spec<Window...>;
        using ordered = rules::window_is_ordered<window_function, spec>;
        static_assert(ordered::holds,
                      "sark: this window function counts in an order, and its window has none. Add order_by(...) to "
                      "the window. [sark-Q53]");
        using result_type = detail::nullable_if_t<ByFrame && spec::frame_type::can_be_empty, Result>;
        return window_call<result_type, window_function, spec>{*this, std::move(w)};
    }

    [[no_unique_address]] detail::bundle<Args...> arguments;

    constexpr explicit window_function(Args... args) : arguments{{std::move(args)}...} {}
};

namespace detail {

template <fixed_string Name, class Result, bool ByFrame = false, class... Args>
constexpr auto make_window_function(Args... args) {
    return window_function<Name, Result, ByFrame, Args...>{std::move(args)...};
}

}  // namespace detail

/// Numbers the rows of a partition from 1.
[[nodiscard]] constexpr auto row_number() { return detail::make_window_function<"row_number", std::int64_t>(); }
/// Numbers them too; equal ones have one number, after which numbers are left out.
[[nodiscard]] constexpr auto row_rank() { return detail::make_window_function<"rank", std::int64_t>(); }
/// Numbers them too; equal ones have one number, after which the next one follows.
[[nodiscard]] constexpr auto dense_rank() { return detail::make_window_function<"dense_rank", std::int64_t>(); }

/// Gives the value in the row `n` before; absent where there is none.
template <expression_like E>
[[nodiscard]] constexpr auto lag(E e, std::int32_t n = 1) {
    return detail::make_window_function<"lag", std::optional<detail::plain_value_t<E>>>(std::move(e),
                                                                                        typed_bound<std::int32_t>{n});
}
/// Gives the value in the row `n` after; absent where there is none.
template <expression_like E>
[[nodiscard]] constexpr auto lead(E e, std::int32_t n = 1) {
    return detail::make_window_function<"lead", std::optional<detail::plain_value_t<E>>>(std::move(e),
                                                                                         typed_bound<std::int32_t>{n});
}
/// Gives the value in the first row of the frame.
template <expression_like E>
[[nodiscard]] constexpr auto first_value(E e) {
    return detail::make_window_function<"first_value", typename E::value_type, true>(std::move(e));
}
/// Gives the value in the last row of the frame, which by default ends at the current row.
template <expression_like E>
[[nodiscard]] constexpr auto last_value(E e) {
    return detail::make_window_function<"last_value", typename E::value_type, true>(std::move(e));
}

}  // namespace sark
