// SPDX-License-Identifier: MIT
#pragma once

// The whole library but its command line: <sark/sark.hpp> and what operators' tools are made of.

#include <sark/catalog.hpp>
#include <sark/compare.hpp>
#include <sark/migrate.hpp>
#include <sark/migrations.hpp>
#include <sark/models/v1.hpp>
#include <sark/report.hpp>
#include <sark/sark.hpp>
#include <sark/upgrade.hpp>
#include <sark/validate.hpp>
