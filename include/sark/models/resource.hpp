// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sark/models/sensitivity.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/types/json.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

/// Is a tool or service that is governed, of any protocol; what only its protocol knows is in `metadata_`.
struct Resource {
    std::string id{};
    std::string name{};
    std::string protocol{};
    std::string endpoint{};
    Sensitivity sensitivity_level = Sensitivity::medium;
    json metadata_{};
    timestamp created_at{};
    timestamp updated_at{};
};

// clang-format off
template <>
inline constexpr auto table_of<Resource> = table(
    "resources",
    column<&Resource::id>{.type = "varchar(255)"},
    column<&Resource::name>{.type = "varchar(255)"},
    column<&Resource::protocol>{.type = "varchar(50)"},
    column<&Resource::endpoint>{.type = "varchar(1000)"},
    column<&Resource::sensitivity_level>{.type = "varchar(20)", .fallback = "'medium'"},
    column<&Resource::metadata_>{.fallback = "'{}'"},
    column<&Resource::created_at>{.fallback = "now()", .managed = true},
    column<&Resource::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&Resource::id>{},
    with_extension("citus", distributed_by<&Resource::id>{}),
    check{"ck_resources_sensitivity_level", detail::sensitivity_check},
    check{"ck_resources_protocol", detail::protocol_check},
    index<&Resource::name>{"ix_resources_name"},
    index<&Resource::protocol, &Resource::name>{"ix_resources_protocol"},
    index<&Resource::sensitivity_level>{"ix_resources_sensitivity"},
    gin<&Resource::metadata_>{"ix_resources_metadata_gin"},
    polymorphic<&Resource::protocol, &Resource::metadata_>{});
// clang-format on

}  // namespace sark
