// SPDX-License-Identifier: MIT
#pragma once

// Whether a database is what its program expects: schema, rows, references, money, and the server's own state.

#include <sark/validate/check.hpp>
#include <sark/validate/kinds.hpp>
#include <sark/validate/documents.hpp>
#include <sark/validate/checks.hpp>
#include <sark/validate/options.hpp>
#include <sark/validate/run.hpp>
