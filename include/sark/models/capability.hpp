// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <sark/models/resource.hpp>
#include <sark/models/sensitivity.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/schema/rank.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is one thing a resource can do, with the JSON schemas of what goes in and comes out.
struct Capability {
    std::string id{};
    std::string resource_id{};
    std::string name{};
    std::optional<std::string> description{};
    json input_schema{};
    json output_schema{};
    Sensitivity sensitivity_level = Sensitivity::medium;
    json metadata_{};
    timestamp created_at{};
    timestamp updated_at{};
};

// clang-format off
template <>
inline constexpr auto table_of<Capability> = table(
    "capabilities",
    column<&Capability::id>{.type = "varchar(255)"},
    column<&Capability::resource_id>{.type = "varchar(255)"},
    column<&Capability::name>{.type = "varchar(255)"},
    column<&Capability::input_schema>{.fallback = "'{}'"},
    column<&Capability::output_schema>{.fallback = "'{}'"},
    column<&Capability::sensitivity_level>{.type = "varchar(20)", .fallback = "'medium'"},
    column<&Capability::metadata_>{.fallback = "'{}'"},
    column<&Capability::created_at>{.fallback = "now()", .managed = true},
    column<&Capability::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&Capability::id>{},
    with_extension("citus", distributed_by<&Capability::resource_id, Resource>{},
                   primary_key<&Capability::resource_id, &Capability::id>{}),
    references<&Capability::resource_id, &Resource::id>{.on_delete = schema::referential_action::cascade},
    check{"ck_capabilities_sensitivity_level", detail::sensitivity_check},
    index<&Capability::resource_id, &Capability::name>{"ix_capabilities_resource"},
    index<&Capability::name>{"ix_capabilities_name"},
    index<&Capability::sensitivity_level>{"ix_capabilities_sensitivity"},
    gin<&Capability::metadata_>{"ix_capabilities_metadata_gin"},
    gin<&Capability::input_schema>{"ix_capabilities_input_schema_gin"},
    index<descending<rank<&Capability::sensitivity_level>>, &Capability::name,
          covering<&Capability::id, &Capability::resource_id, &Capability::sensitivity_level>>{
              "ix_capabilities_sensitivity_rank"});
// clang-format on

}  // namespace sark
