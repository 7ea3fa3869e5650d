// SPDX-License-Identifier: MIT
// Compiling this file is the test: the chain builds what the structs describe, and every way back is a way back.

#include <cstddef>

#include <sark/migrate/prove.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/models.hpp>
#include <sark/models/v1.hpp>

using namespace sark;

static_assert(
    migrate::builds<migrations::chain, v1::User, v1::Team, v1::UserTeam, v1::McpServer, v1::McpTool, v1::ApiKey,
                    v1::Policy, v1::PolicyVersion, v1::AuditEvent, v1::GatewayAuditEvent, v1::MigratedRow, Resource,
                    Capability, FederationNode, CostTracking, PrincipalBudget, DailyCostSummary, HourlyCosts>);
