// expect: sark: limit counts rows from 0
// also: sark-Q73
// SPDX-License-Identifier: MIT
#include <sark/codec.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<Resource>().limit<1>();

#ifdef SARK_REJECT
auto wrong = from<Resource>().limit<-1>();
#endif
