// SPDX-License-Identifier: MIT
#pragma once

#include <sark/models/v1/team.hpp>
#include <sark/models/v1/user.hpp>
#include <sark/schema/parts.hpp>
#include <sark/types/uuid.hpp>

namespace sark {

namespace v1 {

/// Says that a user is a member of a team.
struct UserTeam {
    uuid user_id{};
    uuid team_id{};
};

}  // namespace v1

// clang-format off
template <>
inline constexpr auto table_of<v1::UserTeam> = table(
    "user_teams",
    primary_key<&v1::UserTeam::user_id, &v1::UserTeam::team_id>{},
    references<&v1::UserTeam::team_id, &v1::Team::id>{.on_delete = schema::referential_action::cascade},
    references<&v1::UserTeam::user_id, &v1::User::id>{.on_delete = schema::referential_action::cascade},
    index<&v1::UserTeam::team_id>{"ix_user_teams_team_id"});
// clang-format on

}  // namespace sark
