// SPDX-License-Identifier: MIT
#pragma once

// Loading of related rows: never implicit, one statement for any number of parents.

#include <sark/relation/at_once.hpp>
#include <sark/relation/load.hpp>
