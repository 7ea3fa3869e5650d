// expect: sark: where(...) takes conditions
// also: Resource
// also: name
// also: sark-Q08
// SPDX-License-Identifier: MIT
#include <sark/models.hpp>
#include <sark/query.hpp>

using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::col, sark::desc, sark::from;

auto good = from<sark::FederationNode>().where(col<&sark::FederationNode::enabled>);

#ifdef SARK_REJECT
auto wrong = from<Resource>().where(col<&Resource::name>);
#endif
