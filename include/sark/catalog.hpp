// SPDX-License-Identifier: MIT
#pragma once

// What a live database holds, as a value, and how it differs from what it should hold.

#include <sark/catalog/snapshot.hpp>
#include <sark/catalog/read.hpp>
#include <sark/catalog/shadow.hpp>
#include <sark/catalog/kinds.hpp>
#include <sark/catalog/diff.hpp>
