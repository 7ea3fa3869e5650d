// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <sark/migrate/operation.hpp>
#include <sark/sql/text.hpp>

namespace sark::test {

/// Gives the statements of an operation's way up, in order.
template <migrate::operation Op>
[[nodiscard]] std::vector<std::string> ups(Op const& op) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < migrate::up_count(op); ++i)
        texts.push_back(sql::render([&](sql::writer& w) { migrate::put_up(w, op, i); }));
    return texts;
}

/// Gives the statements of its way down.
template <migrate::operation Op>
[[nodiscard]] std::vector<std::string> downs(Op const& op) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < migrate::down_count(op); ++i)
        texts.push_back(sql::render([&](sql::writer& w) { migrate::put_down(w, op, i); }));
    return texts;
}

}  // namespace sark::test
