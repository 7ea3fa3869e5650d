// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/frozen.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/lint_waiver.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace sark::migrate {

enum class change_kind {
    other,
    create_table,
    rename_table,
    add_column,
    rename_column,
    change_type,
    set_not_null,
    set_default,
    add_constraint,
    validate,
    key_from_index,
    create_index,
    add_labels,
    rebuild_enum,
    create_view,
    create_function,
    create_trigger,
    statement,
    waiver
};

/// Shows one operation of a migration as a value, so that rules are no templates. It points into the migration.
struct change {
    change_kind kind = change_kind::other;
    bool reversed = false;  ///< the operation is turned round: what it would create, it drops
    std::string_view table = {};
    std::string_view name = {};  ///< column, constraint or index; may be empty
    facts up = {};
    facts down = {};
    schema::column const* column = nullptr;
    constraint_part const* constraint = nullptr;
    index_part const* index = nullptr;
    std::span<type_change const> types = {};
    std::span<std::string_view const> labels = {};
    std::span<enum_use const> uses = {};
    std::string_view text = {};  ///< default, query, body, or the condition that proves a column
    migrate::statement const* statement = nullptr;
    migrate::waiver const* waiver = nullptr;
    std::string_view extension = {};  ///< the operation depends on it
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

using migrate::change;
using migrate::change_kind;

template <class Op>
constexpr change change_of(Op const&) {
    return {};
}
template <std::size_t Columns, std::size_t Constraints>
constexpr change change_of(migrate::create_table_t<Columns, Constraints> const& op) {
    return {.kind = change_kind::create_table, .table = op.name};
}
constexpr change change_of(migrate::rename_table const& op) {
    return {.kind = change_kind::rename_table, .table = op.from, .name = op.to};
}
constexpr change change_of(migrate::add_column const& op) {
    return {.kind = change_kind::add_column, .table = op.table, .name = op.added.name, .column = &op.added};
}
constexpr change change_of(migrate::rename_column const& op) {
    return {.kind = change_kind::rename_column, .table = op.table, .name = op.from};
}
template <std::size_t N>
constexpr change change_of(migrate::alter_column_type_t<N> const& op) {
    return {.kind = change_kind::change_type, .table = op.table, .types = op.changes};
}
constexpr change change_of(migrate::set_not_null const& op) {
    return {.kind = change_kind::set_not_null, .table = op.table, .name = op.column, .text = op.proven_by};
}
constexpr change change_of(migrate::set_default const& op) {
    return {.kind = change_kind::set_default, .table = op.table, .name = op.column, .text = op.to};
}
constexpr change change_of(migrate::add_constraint const& op) {
    return {.kind = change_kind::add_constraint, .table = op.table, .name = op.added.name, .constraint = &op.added};
}
constexpr change change_of(migrate::validate_constraint const& op) {
    return {.kind = change_kind::validate, .table = op.table, .name = op.validated.name, .constraint = &op.validated};
}
constexpr change change_of(migrate::add_constraint_using_index const& op) {
    return {.kind = change_kind::key_from_index, .table = op.table, .name = op.index, .constraint = &op.added};
}
constexpr change change_of(migrate::create_index_t const& op) {
    return {.kind = change_kind::create_index, .table = op.relation, .name = op.created.name, .index = &op.created};
}
template <std::size_t Before, std::size_t Added, std::size_t Uses>
constexpr change change_of(migrate::add_enum_labels_t<Before, Added, Uses> const& op) {
    return {.kind = change_kind::add_labels, .name = op.type, .labels = op.added, .uses = op.uses};
}
template <std::size_t From, std::size_t To, std::size_t Uses>
constexpr change change_of(migrate::rebuild_enum_t<From, To, Uses> const& op) {
    return {.kind = change_kind::rebuild_enum, .name = op.type, .uses = op.uses};
}
constexpr change change_of(migrate::create_view_t const& op) {
    return {.kind = change_kind::create_view, .table = op.name, .text = op.query};
}
constexpr change change_of(migrate::create_function const& op) {
    return {.kind = change_kind::create_function, .name = op.created.name, .text = op.created.language};
}
constexpr change change_of(migrate::create_trigger const& op) {
    return {.kind = change_kind::create_trigger, .table = op.table, .name = op.created.name};
}
constexpr change change_of(migrate::statement const& op) {
    return {.kind = change_kind::statement, .text = op.sql, .statement = &op};
}
constexpr change change_of(migrate::waiver const& op) {
    return {.kind = change_kind::waiver, .name = op.rule, .waiver = &op};
}
template <class Op>
constexpr change change_of(migrate::reversed<Op> const& op) {
    change inner = change_of(op.of);
    inner.reversed = !inner.reversed;
    return inner;
}

/// Appends the changes of one operation; those of a conditional one say on which extension they depend.
template <class Op>
constexpr void add_changes(std::vector<change>& to, Op const& op, std::string_view extension = {}) {
    if constexpr (is_conditional<Op>) {
        op.guarded.forward([&](auto const& inner) { add_changes(to, inner, op.extension); });
    } else {
        change made = change_of(op);
        made.up = op.up_facts();
        made.down = op.down_facts();
        if (made.table.empty()) made.table = made.up.relation;
        made.extension = extension;
        to.push_back(made);
    }
}

/// Lists what a migration does, steps and conditions opened. The values point into the migration.
template <class Migration>
[[nodiscard]] constexpr std::vector<change> changes_of(Migration const& m) {
    std::vector<change> made;
    each_operation(m, true, [&](auto const& op, std::string_view) { add_changes(made, op); });
    return made;
}

}  // namespace sark::migrate::detail
