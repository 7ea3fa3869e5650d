// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <sark/sql/writer.hpp>

namespace sark::sql {

namespace detail {

struct text_size {
    std::size_t size;
    std::size_t placeholders;
};

template <class Node>
consteval text_size measure_text() {
    writer counter;
    Node::write(counter);
    return {counter.size(), counter.placeholders()};
}

template <class Node, std::size_t Size>
consteval std::array<char, Size + 1> store_text() {
    std::array<char, Size + 1> stored{};
    writer store{stored.data()};
    Node::write(store);
    return stored;
}

}  // namespace detail

/// Freezes what `Node::write(writer&)` writes into one constant of the binary.
///
/// `value` is a view of it (zero-terminated, for C interfaces), `placeholders` the number of `$n` in it.
template <class Node>
struct text {
private:
    static constexpr detail::text_size measure = detail::measure_text<Node>();
    static constexpr auto chars = detail::store_text<Node, measure.size>();

public:
    static constexpr std::string_view value{chars.data(), measure.size};
    static constexpr std::size_t placeholders = measure.placeholders;
};

/// Renders what `write(writer&)` writes into a string, for text whose parts are only known at run time.
template <class Write>
[[nodiscard]] std::string render(Write const& write) {
    writer counter;
    write(counter);
    std::string out(counter.size(), '\0');
    writer store{out.data()};
    write(store);
    return out;
}

namespace detail {
struct text_example {
    static constexpr void write(writer& w) {
        w.put("SELECT ");
        w.put_placeholder();
    }
};
}  // namespace detail
static_assert(text<detail::text_example>::value == "SELECT $1");
static_assert(text<detail::text_example>::placeholders == 1);

}  // namespace sark::sql
