// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/lint_waiver.hpp>
#include <sark/migrate/migration.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/timescale_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace sark::migrate {

enum class change_kind {
    own,    ///< an operation this library does not know: it may change anything
    other,  ///< changes no table, view or index
    create_table,
    rename_table,
    add_column,
    rename_column,
    rename_constraint,
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
    move_rows,    ///< into chunks, into shards or onto every node
    drop_chunks,  ///< once they are old
    statement,
    waiver
};

/// Shows one operation of a migration as a value, so that rules are no templates. It points into the migration.
struct change {
    change_kind kind = change_kind::own;
    bool reversed = false;  ///< the operation is turned round: what it would create, it drops
    std::string_view table = {};
    std::string_view name = {};  ///< column, constraint or index; may be empty
    facts up = {};
    std::string_view other = {};  ///< the new name, or the default of the other direction
    schema::column const* column = nullptr;
    constraint_part const* constraint = nullptr;
    index_part const* index = nullptr;
    std::span<schema::column const> columns = {};       ///< of a new table
    std::span<constraint_part const> constraints = {};  ///< of a new table
    std::span<type_change const> types = {};
    std::span<std::string_view const> labels = {};
    std::span<enum_use const> uses = {};
    std::string_view text = {};  ///< default, query, body, or the condition that proves a column
    migrate::statement const* statement = nullptr;
    migrate::waiver const* waiver = nullptr;
    std::string_view extension = {};  ///< the operation depends on it
    bool elsewhere = false;           ///< a server without extensions does not run it
    bool materialized = false;

    /// Tells whether only running it shows what it does to a schema.
    [[nodiscard]] constexpr bool is_opaque() const {
        return kind == change_kind::own || (statement != nullptr && statement->apply_effect != nullptr);
    }
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

using migrate::change;
using migrate::change_kind;

template <class Op>
constexpr change change_of(Op const&) {
    return {.kind = change_kind::own};
}
constexpr change change_of(migrate::comment_on_column const&) { return {.kind = change_kind::other}; }
constexpr change change_of(migrate::comment_on_table const&) { return {.kind = change_kind::other}; }
constexpr change change_of(migrate::require_no_rows const&) { return {.kind = change_kind::other}; }
template <std::size_t N>
constexpr change change_of(migrate::create_enum_t<N> const&) {
    return {.kind = change_kind::other};
}
template <std::size_t Columns, std::size_t Constraints>
constexpr change change_of(migrate::create_table_t<Columns, Constraints> const& op) {
    return {.kind = change_kind::create_table, .table = op.name, .columns = op.columns, .constraints = op.constraints};
}
constexpr change change_of(migrate::rename_table const& op) {
    return {.kind = change_kind::rename_table, .table = op.from, .name = op.to};
}
constexpr change change_of(migrate::add_column const& op) {
    return {.kind = change_kind::add_column, .table = op.table, .name = op.added.name, .column = &op.added};
}
constexpr change change_of(migrate::rename_column const& op) {
    return {.kind = change_kind::rename_column, .table = op.table, .name = op.from, .other = op.to};
}
constexpr change change_of(migrate::rename_constraint const& op) {
    return {.kind = change_kind::rename_constraint,
            .table = op.table,
            .name = op.renamed.name,
            .other = op.to,
            .constraint = &op.renamed};
}
template <std::size_t N>
constexpr change change_of(migrate::alter_column_type_t<N> const& op) {
    return {.kind = change_kind::change_type, .table = op.table, .types = op.changes};
}
constexpr change change_of(migrate::set_not_null const& op) {
    return {.kind = change_kind::set_not_null, .table = op.table, .name = op.column, .text = op.proven_by};
}
constexpr change change_of(migrate::set_default const& op) {
    return {.kind = change_kind::set_default, .table = op.table, .name = op.column, .other = op.from, .text = op.to};
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
    return {.kind = change_kind::create_view, .table = op.name, .text = op.query, .materialized = op.materialized};
}
constexpr change change_of(migrate::create_function const& op) {
    return {.kind = change_kind::create_function, .name = op.created.name, .text = op.created.language};
}
constexpr change change_of(migrate::create_trigger const& op) {
    return {.kind = change_kind::create_trigger, .table = op.table, .name = op.created.name};
}
constexpr change change_of(migrate::create_hypertable_t const& op) {
    return {.kind = change_kind::move_rows, .table = op.table, .name = op.time.column};
}
constexpr change change_of(migrate::distribute_t const& op) {
    return {.kind = change_kind::move_rows, .table = op.table, .name = op.to.column};
}
constexpr change change_of(migrate::drop_chunks_t const& op) {
    return {.kind = change_kind::drop_chunks, .table = op.table};
}
constexpr change change_of(migrate::compress_chunks_t const&) { return {.kind = change_kind::other}; }
constexpr change change_of(migrate::create_continuous_aggregate_t const&) { return {.kind = change_kind::other}; }
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
    if (inner.kind == change_kind::rename_table) std::swap(inner.table, inner.name);
    return inner;
}

/// Counts the changes of an operation, a step, a condition or a migration by its type.
template <class Part>
inline constexpr std::size_t change_count = 1;
template <class... Ops>
inline constexpr std::size_t change_count<migrate::conditional_t<Ops...>> = (std::size_t{0} + ... + change_count<Ops>);
template <class... Ops>
inline constexpr std::size_t change_count<migrate::step_t<Ops...>> = (std::size_t{0} + ... + change_count<Ops>);
template <class... Parts>
inline constexpr std::size_t change_count<migrate::migration_t<Parts...>> = (std::size_t{0} + ... +
                                                                             change_count<Parts>);

/// Writes changes one after the other; those of a conditional operation say on which extension they depend.
///
/// A named class and no lambda: what it instantiates for one operation serves every migration.
struct change_writer {
    change*& next;
    std::string_view extension = {};
    bool elsewhere = false;

    template <class Part>
    constexpr void operator()(Part const& part) const {
        if constexpr (requires { part.operations; }) {
            part.operations.forward(*this);
        } else if constexpr (is_conditional<Part>) {
            part.guarded.forward(change_writer{next, part.extension, part.present});
        } else {
            *next = change_of(part);
            next->up = part.up_facts();
            if (next->table.empty()) next->table = next->up.relation;
            next->extension = extension;
            next->elsewhere = elsewhere;
            ++next;
        }
    }
};

/// Lists what a migration does, steps and conditions opened. The values point into the migration.
template <class... Parts>
[[nodiscard]] constexpr auto changes_of(migrate::migration_t<Parts...> const& m) {
    std::array<change, change_count<migrate::migration_t<Parts...>>> made{};
    change* next = made.data();
    m.parts.forward(change_writer{next});
    return made;
}

}  // namespace sark::migrate::detail
