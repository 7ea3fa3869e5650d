// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string_view>

#include <sark/sql/identifier.hpp>

namespace sark::migrate::detail {

/// Is called, and therefore fails the constant expression, for a name the server would refuse or cut.
[[noreturn]] inline void an_identifier_of_a_migration_has_1_to_63_bytes() {
    throw std::invalid_argument{"sark: an identifier of a migration has 1 to 63 bytes and no zero"};
}

/// Is called for a text that must not be empty: a type, an expression, a query, a reason.
[[noreturn]] inline void a_text_of_a_migration_must_not_be_empty() {
    throw std::invalid_argument{"sark: a text of a migration must not be empty"};
}

constexpr std::string_view checked_name(std::string_view name) {
    if (!sql::is_identifier(name)) an_identifier_of_a_migration_has_1_to_63_bytes();
    return name;
}

constexpr std::string_view checked_text(std::string_view text) {
    if (text.find_first_not_of(" \n\t") == std::string_view::npos) a_text_of_a_migration_must_not_be_empty();
    return text;
}

}  // namespace sark::migrate::detail
