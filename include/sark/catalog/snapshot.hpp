// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sark::catalog {

/// A snapshot is what one schema of a live database holds, as plain values that own their texts. Expressions, types and
/// definitions are spelled by the server itself, so two snapshots of servers of one version compare as text.

struct column {
    std::string name = {};
    std::string type = {};       ///< with its modifier: `character varying(255)`
    std::string collation = {};  ///< when it is not the type's own
    bool nullable = true;
    std::string fallback = {};   ///< the default, or the expression of a generated column
    std::string generated = {};  ///< `s` stored, `v` virtual, empty for neither
    std::string identity = {};   ///< `a` always, `d` by default, empty for none
    std::string comment = {};
    bool operator==(column const&) const = default;
};

struct constraint {
    std::string name = {};
    char kind = 'c';              ///< p primary key, u unique, f foreign key, c check, x exclusion
    std::string definition = {};  ///< with its actions and whether it is deferrable; without NOT VALID
    bool valid = true;
    std::vector<std::string> columns = {};
    std::string references = {};               ///< foreign keys: the other table
    std::vector<std::string> referenced = {};  ///< foreign keys: its columns
    bool operator==(constraint const&) const = default;
};

struct index {
    std::string name = {};
    bool unique = false;
    /// What follows ON: `users USING btree (email)`, with classes, order, INCLUDE, NULLS NOT DISTINCT and predicate.
    std::string shape = {};
    bool valid = true;                      ///< built, and used by the planner
    bool of_constraint = false;             ///< belongs to a key, which stands for it
    std::vector<std::string> columns = {};  ///< those it depends on, in expressions and predicate, too
    bool operator==(index const&) const = default;
};

struct trigger {
    std::string name = {};
    std::string definition = {};
    std::string function = {};
    char enabled = 'O';  ///< O as usual, D disabled, R in replicas only, A always
    bool operator==(trigger const&) const = default;
};

struct policy {
    std::string name = {};
    std::string definition = {};  ///< what follows the name and ON table
    bool operator==(policy const&) const = default;
};

struct column_use {
    std::string table = {};
    std::string column = {};  ///< empty for the table as a whole
    bool operator==(column_use const&) const = default;
};

/// Describes a table, a view or a materialized view.
struct relation {
    std::string name = {};
    char kind = 'r';         ///< r table, p partitioned table, v view, m materialized view, f foreign table
    char persistence = 'p';  ///< p permanent, u unlogged
    bool row_security = false;
    bool row_security_forced = false;
    bool filled = true;  ///< materialized views: has rows to read
    /// The query of a view, also of a continuous aggregate; the key of a partitioned table.
    std::string definition = {};
    std::string options = {};  ///< storage parameters, and a view's security
    std::string parent = {};   ///< the table of which it is a partition, or inherits
    std::string comment = {};
    std::string owner = {};
    std::string hypertable = {};  ///< settings of TimescaleDB, empty for none
    bool is_placed = false;       ///< an engine is asked to place its rows; only `build` knows
    std::vector<column> columns = {};
    std::vector<constraint> constraints = {};
    std::vector<index> indexes = {};
    std::vector<trigger> triggers = {};
    std::vector<policy> policies = {};
    std::vector<column_use> uses = {};  ///< views: what they read
    [[nodiscard]] bool is_view() const { return kind == 'v' || kind == 'm'; }
    bool operator==(relation const&) const = default;
};

struct enum_type {
    std::string name = {};
    std::vector<std::string> labels = {};  ///< in order
    std::string comment = {};
    bool operator==(enum_type const&) const = default;
};

struct function {
    std::string name = {};
    std::string arguments = {};  ///< their types, which tell functions of one name apart
    std::string result = {};
    std::string language = {};
    std::string attributes = {};  ///< volatility, strictness, security, settings
    std::string body_hash = {};   ///< SHA-256 of the body, blanks at the ends of lines left out
    std::string definition = {};  ///< CREATE OR REPLACE …, without the schema
    std::string comment = {};
    bool operator==(function const&) const = default;
};

struct sequence {
    std::string name = {};
    std::string settings = {};  ///< AS … INCREMENT BY … and so on
    std::string table = {};     ///< whose column owns it
    std::string column = {};
    bool of_identity = false;
    bool operator==(sequence const&) const = default;
};

struct extension {
    std::string name = {};
    std::string version = {};
    bool operator==(extension const&) const = default;
};

/// Says what somebody beside the owner may do.
struct grant {
    std::string object = {};  ///< table, view, sequence or function
    std::string kind = {};    ///< TABLE, SEQUENCE, FUNCTION
    std::string column = {};
    std::string grantee = {};  ///< PUBLIC for everybody
    std::string privilege = {};
    bool operator==(grant const&) const = default;
};

struct other_object {
    std::string kind = {};  ///< domain, composite type, range, aggregate
    std::string name = {};
    bool operator==(other_object const&) const = default;
};

/// Holds everything that a schema has and that is not part of an extension; each list is sorted by name.
struct snapshot {
    std::string database = {};
    std::string schema = {};
    int server_version = 0;  ///< 150018 for 15.18
    std::string taken = {};  ///< by the server's clock, ISO 8601 in UTC
    std::vector<relation> relations = {};
    std::vector<enum_type> enums = {};
    std::vector<function> functions = {};
    std::vector<sequence> sequences = {};
    std::vector<extension> extensions = {};  ///< of the whole database
    std::vector<grant> grants = {};
    std::vector<other_object> others = {};
    /// Tells how the server spells a definition after it has read its own spelling of it, where that is another: what a
    /// dump restores differs so. Only `build` fills it.
    std::map<std::string, std::string> respelled = {};
    bool operator==(snapshot const&) const = default;
};

/// Finds what has a name in a list of a snapshot; null for none.
template <class T>
[[nodiscard]] T const* find(std::vector<T> const& list, std::string_view name) {
    for (T const& item : list)
        if (item.name == name) return &item;
    return nullptr;
}

}  // namespace sark::catalog
