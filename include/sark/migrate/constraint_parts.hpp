// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string_view>

#include <sark/migrate/detail/checked.hpp>
#include <sark/migrate/detail/few.hpp>
#include <sark/schema/definition.hpp>

namespace sark::migrate::detail {

/// Is called, and therefore fails the constant expression, for a key that cannot be added unchecked.
[[noreturn]] inline void only_checks_and_foreign_keys_can_be_not_valid() {
    throw std::invalid_argument{"sark: only checks and foreign keys can be not_valid, and only in add_constraint"};
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

using schema::column;

/// Holds a constraint as a constant; `to_schema` gives the schema's value.
struct constraint_part {
    schema::constraint_kind kind{};
    std::string_view name = {};
    detail::few<std::string_view> columns = {};
    std::string_view target = {};
    detail::few<std::string_view> target_columns = {};
    schema::referential_action action = schema::referential_action::no_action;
    std::string_view expression = {};
    bool unchecked = false;  ///< the rows there are, are not read

    /// Names the constraint; without a name it gets the one the server would choose.
    [[nodiscard]] constexpr constraint_part named(std::string_view chosen) const {
        constraint_part part = *this;
        part.name = detail::checked_name(chosen);
        return part;
    }

    /// Says what a foreign key points to.
    template <class... Columns>
    [[nodiscard]] constexpr constraint_part references(std::string_view table, Columns const&... names) const {
        constraint_part part = *this;
        part.target = detail::checked_name(table);
        (part.target_columns.push_back(detail::checked_name(names)), ...);
        return part;
    }

    [[nodiscard]] constexpr constraint_part on_delete(schema::referential_action chosen) const {
        constraint_part part = *this;
        part.action = chosen;
        return part;
    }

    [[nodiscard]] constexpr schema::constraint to_schema() const {
        return {.kind = kind,
                .name = name,
                .columns = columns.to_vector(),
                .references = target,
                .referenced = target_columns.to_vector(),
                .on_delete = action,
                .expression = expression,
                .not_valid = unchecked};
    }
};

inline constexpr schema::referential_action cascade = schema::referential_action::cascade;
inline constexpr schema::referential_action set_null = schema::referential_action::set_null;
inline constexpr schema::referential_action restrict_delete = schema::referential_action::restrict;

template <class... Columns>
[[nodiscard]] constexpr constraint_part primary_key(Columns const&... names) {
    constraint_part part{.kind = schema::constraint_kind::primary_key};
    (part.columns.push_back(detail::checked_name(names)), ...);
    return part;
}

template <class... Columns>
[[nodiscard]] constexpr constraint_part unique(Columns const&... names) {
    constraint_part part{.kind = schema::constraint_kind::unique};
    (part.columns.push_back(detail::checked_name(names)), ...);
    return part;
}

/// Starts a foreign key: `foreign_key("user_id").references("users", "id").on_delete(cascade)`.
template <class... Columns>
[[nodiscard]] constexpr constraint_part foreign_key(Columns const&... names) {
    constraint_part part{.kind = schema::constraint_kind::foreign_key};
    (part.columns.push_back(detail::checked_name(names)), ...);
    return part;
}

[[nodiscard]] constexpr constraint_part check(std::string_view name, std::string_view expression) {
    return {.kind = schema::constraint_kind::check,
            .name = detail::checked_name(name),
            .expression = detail::checked_text(expression)};
}

/// Holds a check or a foreign key for new rows only, so that adding it reads no row; `validate_constraint` reads them
/// later, in a migration of its own, while others write.
[[nodiscard]] constexpr constraint_part not_valid(constraint_part const& part) {
    if (part.kind != schema::constraint_kind::check && part.kind != schema::constraint_kind::foreign_key)
        detail::only_checks_and_foreign_keys_can_be_not_valid();
    constraint_part copy = part;
    copy.unchecked = true;
    return copy;
}

static_assert(foreign_key("a").references("b", "c").on_delete(cascade).to_schema().references == "b");

}  // namespace sark::migrate
