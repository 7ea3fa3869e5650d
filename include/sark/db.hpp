// SPDX-License-Identifier: MIT
#pragma once

// Connections and transactions that run typed statements; errors with properties.

#include <sark/db/connection.hpp>
#include <sark/db/error.hpp>
#include <sark/db/session.hpp>
#include <sark/db/sqlstate.hpp>
#include <sark/db/transaction.hpp>
