// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sark/models/v1/user.hpp>
#include <sark/schema/parts.hpp>
#include <sark/schema/type_mapping.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

enum class PolicyType { authorization, validation, transformation, audit };

enum class PolicyStatus { draft, active, inactive, deprecated };

/// Is a rule that calls are judged by; its text is in its versions.
struct Policy {
    uuid id{};
    std::string name{};
    std::optional<std::string> description{};
    PolicyType policy_type = PolicyType::authorization;
    PolicyStatus status = PolicyStatus::draft;
    std::optional<uuid> current_version_id{};
    timestamp created_at{};
    timestamp updated_at{};
};

/// Is one version of a policy's text. It stands beside Policy because each of the two references the other.
struct PolicyVersion {
    uuid id{};
    uuid policy_id{};
    std::int32_t version{};
    std::string content{};
    bool is_active = false;
    bool tested = false;
    std::optional<uuid> created_by{};
    timestamp created_at{};
    std::optional<std::string> notes{};
};

}  // namespace v1

template <>
inline constexpr std::string_view enum_type_of<v1::PolicyType> = "policytype";
template <>
inline constexpr std::string_view enum_type_of<v1::PolicyStatus> = "policystatus";

// clang-format off
template <>
inline constexpr auto table_of<v1::Policy> = table(
    "policies",
    column<&v1::Policy::id>{.fallback = "gen_random_uuid()"},
    column<&v1::Policy::name>{.type = "varchar(255)"},
    column<&v1::Policy::description>{.type = "varchar(1000)"},
    column<&v1::Policy::policy_type>{.fallback = "'authorization'"},
    column<&v1::Policy::status>{.fallback = "'draft'"},
    column<&v1::Policy::created_at>{.fallback = "now()", .managed = true},
    column<&v1::Policy::updated_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::Policy::id>{},
    unique<&v1::Policy::name>{},
    references<&v1::Policy::current_version_id, &v1::PolicyVersion::id>{
        .name = "fk_policies_current_version", .on_delete = schema::referential_action::set_null},
    index<&v1::Policy::current_version_id>{"ix_policies_current_version_id"});
// clang-format on

// clang-format off
template <>
inline constexpr auto table_of<v1::PolicyVersion> = table(
    "policy_versions",
    column<&v1::PolicyVersion::id>{.fallback = "gen_random_uuid()"},
    column<&v1::PolicyVersion::is_active>{.fallback = "false"},
    column<&v1::PolicyVersion::tested>{.fallback = "false"},
    column<&v1::PolicyVersion::created_at>{.fallback = "now()", .managed = true},
    primary_key<&v1::PolicyVersion::id>{},
    references<&v1::PolicyVersion::created_by, &v1::User::id>{.on_delete = schema::referential_action::set_null},
    references<&v1::PolicyVersion::policy_id, &v1::Policy::id>{.on_delete = schema::referential_action::cascade},
    index<&v1::PolicyVersion::policy_id, &v1::PolicyVersion::version>{
        .name = "ix_policy_versions_version", .unique = true},
    index<&v1::PolicyVersion::created_by>{"ix_policy_versions_created_by"});
// clang-format on

}  // namespace sark
