// SPDX-License-Identifier: MIT
#pragma once

// The five entities with their tables, the typed metadata of three protocols, and what reads them.
// Needs no driver and no JSON library. The tables of v1 are in <sark/models/v1.hpp>.

#include <sark/models/capability.hpp>
#include <sark/models/cost_tracking.hpp>
#include <sark/models/daily_cost_summary.hpp>
#include <sark/models/federation_node.hpp>
#include <sark/models/grpc_metadata.hpp>
#include <sark/models/hourly_costs.hpp>
#include <sark/models/http_metadata.hpp>
#include <sark/models/mcp_metadata.hpp>
#include <sark/models/principal_budget.hpp>
#include <sark/models/resource.hpp>
#include <sark/models/sensitivity.hpp>
#include <sark/models/typed.hpp>
