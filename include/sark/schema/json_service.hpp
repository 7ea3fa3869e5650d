// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sark {

/// Is what a condition asks of a document, or of a part of one: what decides which index can answer it.
enum class json_predicate {
    contains,         ///< `@>`, and equality on a typed path
    has_key,          ///< `?`
    has_any_key,      ///< `?|`
    has_all_keys,     ///< `?&`
    path_equals,      ///< `@?` and `@@` with a JSON path that compares keys with a constant for equality
    any_path_equals,  ///< the same through `.*` or `.**`
    path_tests,       ///< `@?` and `@@` with any other JSON path: a range, a bare path, a negation
    path_variables,   ///< a JSON path with variables, which the server has no operator for
    contained_in,     ///< `<@`
    equals,           ///< `=`, also to any of several values, on a document or on what a path reads
    orders,           ///< `<`, `<=`, `>`, `>=` on what a path reads
    is_null,          ///< `IS NULL` and `IS NOT NULL` on what a path reads
    other,            ///< whatever no index answers: negations, patterns, `<>`
};

/// Is an index as far as it decides what it serves: GIN by its operator class, the others by their method.
enum class json_index { gin, gin_path, btree, hash };

/// Says which indexes on the very thing that is tested serve a predicate.
struct json_service {
    json_predicate asked;
    std::string_view spelled;
    bool by_gin;       ///< GIN with jsonb_ops, the default class
    bool by_gin_path;  ///< GIN with jsonb_path_ops
    bool by_btree;
    bool by_hash;
};

/// Tells what serves what. Each cell is the plan of a server (tests/db/jsonb/coverage.cpp), none is from a manual.
// clang-format off
inline constexpr std::array<json_service, 13> json_services{{
    {json_predicate::contains,        "@>",                        true,  true,  false, false},
    {json_predicate::has_key,         "?",                         true,  false, false, false},
    {json_predicate::has_any_key,     "?|",                        true,  false, false, false},
    {json_predicate::has_all_keys,    "?&",                        true,  false, false, false},
    {json_predicate::path_equals,     "a JSON path with ==",       true,  true,  false, false},
    {json_predicate::any_path_equals, "a JSON path with .* and ==", true, false, false, false},
    {json_predicate::path_tests,      "a JSON path without ==",    false, false, false, false},
    {json_predicate::path_variables,  "a JSON path with variables", false, false, false, false},
    {json_predicate::contained_in,    "<@",                        false, false, false, false},
    {json_predicate::equals,          "=",                         false, false, true,  true},
    {json_predicate::orders,          "an order",                  false, false, true,  false},
    {json_predicate::is_null,         "IS NULL",                   false, false, true,  false},
    {json_predicate::other,           "this condition",            false, false, false, false},
}};
// clang-format on

/// Tells whether an index on what a predicate tests serves it.
[[nodiscard]] constexpr bool serves(json_index index, json_predicate asked) {
    json_service const& row = json_services[static_cast<std::size_t>(asked)];
    switch (index) {
        case json_index::gin: return row.by_gin;
        case json_index::gin_path: return row.by_gin_path;
        case json_index::btree: return row.by_btree;
        case json_index::hash: return row.by_hash;
    }
    return false;
}

static_assert([] {
    for (std::size_t i = 0; i < json_services.size(); ++i)
        if (static_cast<std::size_t>(json_services[i].asked) != i) return false;
    return true;
}());
static_assert(serves(json_index::gin, json_predicate::has_key) &&
              !serves(json_index::gin_path, json_predicate::has_key));

}  // namespace sark
