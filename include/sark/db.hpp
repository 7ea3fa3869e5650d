// SPDX-License-Identifier: MIT
#pragma once

// Connections and transactions that run typed statements, one, many or streamed; errors with properties.

#include <sark/db/borrowed.hpp>
#include <sark/db/bulk.hpp>
#include <sark/db/connection.hpp>
#include <sark/db/control.hpp>
#include <sark/db/copy.hpp>
#include <sark/db/error.hpp>
#include <sark/db/notice.hpp>
#include <sark/db/observer.hpp>
#include <sark/db/options.hpp>
#include <sark/db/pipeline.hpp>
#include <sark/db/pool.hpp>
#include <sark/db/retry.hpp>
#include <sark/db/session.hpp>
#include <sark/db/sqlstate.hpp>
#include <sark/db/statement.hpp>
#include <sark/db/stream.hpp>
#include <sark/db/transaction.hpp>
