// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrate/chain.hpp>
#include <sark/migrations/v001_initial.hpp>
#include <sark/migrations/v002_api_keys.hpp>
#include <sark/migrations/v003_policies.hpp>
#include <sark/migrations/v004_audit_events.hpp>
#include <sark/migrations/v005_gateway_audit.hpp>
#include <sark/migrations/v006_protocol_adapters.hpp>
#include <sark/migrations/v007_federation.hpp>
#include <sark/migrations/v008_integrity.hpp>
#include <sark/migrations/v009_engines.hpp>

namespace sark::migrations {

/// Is the history of the schema, oldest first. A released migration is frozen: what comes later is a new one.
inline constexpr auto chain = migrate::chain<v001, v002, v003, v004, v005, v006, v007, v008, v009>;

}  // namespace sark::migrations
