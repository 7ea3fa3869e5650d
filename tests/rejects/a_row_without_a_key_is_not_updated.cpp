// expect: sark: this table has no primary key, so a row cannot be found again
// also: Reading
// also: sark-Q31
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sark/db.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

struct Reading {
    sark::timestamp at;
    double value;
};
void good(sark::connection& db) { db.insert(Reading{}); }

#ifdef SARK_REJECT
void wrong(sark::connection& db) { db.update(Reading{}); }
#endif
