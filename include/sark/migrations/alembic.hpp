// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include <sark/migrate/take_over.hpp>

namespace sark::migrations {

/// Says which revision of the first product's Alembic chain is which of ours. Its 005 has two names: its own, and the one
/// by which its 006 calls it; databases with a repaired chain have either.
inline constexpr std::array alembic_ids{
    migrate::alembic_id{"001_initial", "001_initial"},
    migrate::alembic_id{"002_api_keys", "002_api_keys"},
    migrate::alembic_id{"003_policies", "003_policies"},
    migrate::alembic_id{"004_audit_events", "004_audit_events"},
    migrate::alembic_id{"005_gateway_audit", "005_gateway_audit"},
    migrate::alembic_id{"005_gateway_audit_events", "005_gateway_audit"},
    migrate::alembic_id{"006_protocol_adapters", "006_protocol_adapters"},
    migrate::alembic_id{"007_federation", "007_federation"},
};

}  // namespace sark::migrations
