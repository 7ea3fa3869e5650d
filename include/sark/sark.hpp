// SPDX-License-Identifier: MIT
#pragma once

// What an application uses every day: tables, queries, documents, the five entities, a live database, and running a
// chain of migrations. Operators' tools are in <sark/tools.hpp>. Who only describes tables includes <sark/core.hpp>, who
// writes an adapter <sark/models.hpp>: neither needs a driver, and both compile in a fraction of the time.

#include <sark/core.hpp>
#include <sark/db.hpp>
#include <sark/jsonb.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/models.hpp>
#include <sark/relation.hpp>
