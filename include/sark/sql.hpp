// SPDX-License-Identifier: MIT
#pragma once

// SQL text: a writer that counts or stores, constants made with it, identifiers and literals.

#include <sark/sql/identifier.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/text.hpp>
#include <sark/sql/writer.hpp>
