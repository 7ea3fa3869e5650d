// SPDX-License-Identifier: MIT
#pragma once

// The door to Boost.PFR. Only its core: the umbrella also brings streams and functors, at twice the cost.
#include <boost/pfr/core.hpp>
#include <boost/pfr/tuple_size.hpp>
