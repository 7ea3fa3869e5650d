// SPDX-License-Identifier: MIT
#pragma once

// Policies and their versions reference each other, so neither table can be described without the other's struct.
#include <sark/models/v1/policy.hpp>
