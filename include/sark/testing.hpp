// SPDX-License-Identifier: MIT
#pragma once

// For tests: yours and ours. Needs the standard library and POSIX only, and is included by nothing else of sark.

#include <sark/testing/postgres.hpp>
