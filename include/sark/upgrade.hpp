// SPDX-License-Identifier: MIT
#pragma once

// Moving the rows of v1 into v2: scan, dry run, run, comparison by value, rollback, end.

#include <sark/upgrade/options.hpp>
#include <sark/upgrade/error.hpp>
#include <sark/upgrade/result.hpp>
#include <sark/upgrade/execute.hpp>
#include <sark/upgrade/verify.hpp>
#include <sark/upgrade/rollback.hpp>
#include <sark/upgrade/status.hpp>
