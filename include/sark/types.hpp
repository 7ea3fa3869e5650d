// SPDX-License-Identifier: MIT
#pragma once

// Values of columns that C++ has no type for.

#include <sark/types/json.hpp>
#include <sark/types/numeric.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>
#include <sark/types/varchar.hpp>
