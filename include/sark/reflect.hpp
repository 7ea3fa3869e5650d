// SPDX-License-Identifier: MIT
#pragma once

// Aggregates read at compile time: count, types, names and values of their fields; labels of enums.

#include <sark/reflect/aggregate.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/member.hpp>
#include <sark/reflect/names.hpp>
