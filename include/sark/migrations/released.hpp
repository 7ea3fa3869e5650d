// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrate/checksum.hpp>

namespace sark::migrations {

/// Pins the released migrations: a database somewhere has applied them as they were. A line is added with a release and
/// never changed afterwards.
///
/// `static_assert(migrate::is_as_released<chain, released>)` stands in tests/static/checksum.cpp and not here: it makes
/// and reads all texts of the chain, which programs that do not run migrations should not pay for.
inline constexpr migrate::released_revision released[] = {
    {"001_initial", "bf47d0371c988078"},       {"002_api_keys", "40ecc8c5b636dfc7"},
    {"003_policies", "952b05a8de3deb9d"},      {"004_audit_events", "2c14141f61e67fb7"},
    {"005_gateway_audit", "d7c83f55ce5159e3"}, {"006_protocol_adapters", "e7a7ec2ef39f5c0f"},
    {"007_federation", "97685146e156d2f2"},    {"008_integrity", "2bb32583f11e3b7f"},
    {"009_engines", "460cfdf09750bf3a"},
};

}  // namespace sark::migrations
