// SPDX-License-Identifier: MIT
#pragma once

// The whole library but its command line. Who only describes tables includes <sark/core.hpp>, who writes an adapter
// <sark/models.hpp>: neither needs a driver or the JSON library, and both compile in a fraction of the time.

#include <sark/catalog.hpp>
#include <sark/codec.hpp>
#include <sark/compare.hpp>
#include <sark/core.hpp>
#include <sark/db.hpp>
#include <sark/jsonb.hpp>
#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/models.hpp>
#include <sark/models/v1.hpp>
#include <sark/query.hpp>
#include <sark/relation.hpp>
#include <sark/report.hpp>
#include <sark/upgrade.hpp>
