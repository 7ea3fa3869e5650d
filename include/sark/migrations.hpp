// SPDX-License-Identifier: MIT
#pragma once

// The history of the schema, frozen: one header per revision, and the chain of them.

#include <sark/migrations/mapping.hpp>
#include <sark/migrations/moves.hpp>
#include <sark/migrations/v001_initial.hpp>
#include <sark/migrations/v002_api_keys.hpp>
#include <sark/migrations/v003_policies.hpp>
#include <sark/migrations/v004_audit_events.hpp>
#include <sark/migrations/v005_gateway_audit.hpp>
#include <sark/migrations/v006_protocol_adapters.hpp>
#include <sark/migrations/v007_federation.hpp>
#include <sark/migrations/v008_integrity.hpp>
#include <sark/migrations/v009_engines.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/migrations/released.hpp>
#include <sark/migrations/alembic.hpp>
