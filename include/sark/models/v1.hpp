// SPDX-License-Identifier: MIT
#pragma once

// The tables of v1, as they are after the last migration, in `sark::v1`. For whoever reads what v1 wrote; programs that
// only use the five entities do not need them.

#include <sark/models/v1/user.hpp>
#include <sark/models/v1/team.hpp>
#include <sark/models/v1/user_team.hpp>
#include <sark/models/v1/mcp_server.hpp>
#include <sark/models/v1/mcp_tool.hpp>
#include <sark/models/v1/api_key.hpp>
#include <sark/models/v1/policy.hpp>
#include <sark/models/v1/policy_version.hpp>
#include <sark/models/v1/audit_event.hpp>
#include <sark/models/v1/gateway_audit_event.hpp>
#include <sark/models/v1/migrated_row.hpp>
