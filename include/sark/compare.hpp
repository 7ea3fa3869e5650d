// SPDX-License-Identifier: MIT
#pragma once

// Comparing by value: the rows that ought to be in a table with those that are.

#include <sark/compare/sides.hpp>
#include <sark/compare/rows.hpp>
