// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/jsonb/typed_path.hpp>
#include <sark/schema/parts.hpp>
#include <sark/types/json.hpp>

/// Documents with everything a path can go through, and tables with every kind of index on them.
namespace json_settings {

enum class Tier { bronze, silver, gold };

struct Limits {
    std::int64_t per_hour{};
    std::optional<double> burst{};
};
struct Contact {
    std::string kind{};
    std::string address{};
};
struct Settings {
    std::optional<std::string> owner{};
    std::optional<Limits> limits{};
    std::optional<std::vector<std::string>> tags{};
    std::vector<Contact> contacts{};
    std::map<std::string, std::string> labels{};
    std::optional<bool> active{};
    std::optional<Tier> tier{};
    std::optional<int> version_{};
};

/// Has the default GIN class.
struct Note {
    std::int64_t id{};
    std::string protocol{};
    sark::json body{};
    std::optional<sark::json> extra{};
};
/// Has the class with paths, and indexes on paths.
struct Slim {
    std::int64_t id{};
    std::string protocol{};
    sark::json body{};
};
/// Has an index for the documents of one protocol only.
struct Partial {
    std::int64_t id{};
    std::string protocol{};
    sark::json body{};
};
/// Has no index on its documents.
struct Bare {
    std::int64_t id{};
    std::string protocol{};
    sark::json body{};
};

}  // namespace json_settings

template <>
inline constexpr std::string_view sark::protocol_of<json_settings::Settings> = "http";

// clang-format off
template <>
inline constexpr auto sark::table_of<json_settings::Note> = sark::table(
    "notes",
    sark::gin<&json_settings::Note::body>{"ix_notes_body"},
    sark::polymorphic<&json_settings::Note::protocol, &json_settings::Note::body>{});

template <>
inline constexpr auto sark::table_of<json_settings::Slim> = sark::table(
    "slim",
    sark::gin_for<&json_settings::Slim::body, sark::json_predicate::contains>{"ix_slim_body"},
    sark::index<sark::path<&json_settings::Slim::body, &json_settings::Settings::limits, &json_settings::Limits::per_hour>>{"ix_slim_per_hour"},
    sark::index<sark::path<&json_settings::Slim::body, &json_settings::Settings::owner>>{"ix_slim_owner"},
    sark::hash_index<sark::path<&json_settings::Slim::body, &json_settings::Settings::tier>>{"ix_slim_tier"},
    sark::gin<sark::path<&json_settings::Slim::body, &json_settings::Settings::limits>>{"ix_slim_limits"},
    sark::polymorphic<&json_settings::Slim::protocol, &json_settings::Slim::body>{});

template <>
inline constexpr auto sark::table_of<json_settings::Partial> = sark::table(
    "partial",
    sark::gin_path<&json_settings::Partial::body>{"ix_partial_body", R"("protocol" = 'http')"},
    sark::polymorphic<&json_settings::Partial::protocol, &json_settings::Partial::body>{});

template <>
inline constexpr auto sark::table_of<json_settings::Bare> = sark::table(
    "bare",
    sark::polymorphic<&json_settings::Bare::protocol, &json_settings::Bare::body>{});
// clang-format on
