// expect: sark: an update sets no column
// also: sark-Q90
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = sark::update<Capability>().set(col<&Capability::name>, "a").all_rows().sql;

#ifdef SARK_REJECT
auto wrong = sark::update<Capability>().all_rows().sql;
#endif
