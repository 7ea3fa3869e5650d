// SPDX-License-Identifier: MIT
#pragma once

// Migrations: the operations a migration is written in, the chain, and what plans and runs it. To run the chain of the
// five entities, include <sark/migrations.hpp> as well.

#include <sark/migrate/facts.hpp>
#include <sark/migrate/operation.hpp>
#include <sark/migrate/constraint_parts.hpp>
#include <sark/migrate/index_parts.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/view_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/timescale_operations.hpp>
#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/step.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/migration.hpp>
#include <sark/migrate/frozen.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/drift.hpp>
#include <sark/migrate/inverse.hpp>
#include <sark/migrate/checksum.hpp>
#include <sark/migrate/history.hpp>
#include <sark/migrate/plan.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/migrate/lint_waiver.hpp>
#include <sark/migrate/lint_rules.hpp>
#include <sark/migrate/lint_change.hpp>
#include <sark/migrate/lint_finding.hpp>
#include <sark/migrate/lint.hpp>
#include <sark/migrate/export_rows.hpp>
#include <sark/migrate/options.hpp>
#include <sark/migrate/error.hpp>
#include <sark/migrate/ledger.hpp>
#include <sark/migrate/lost_rows.hpp>
#include <sark/migrate/runner.hpp>
#include <sark/migrate/script.hpp>
#include <sark/migrate/assertion.hpp>
#include <sark/migrate/assertion_frozen.hpp>
#include <sark/migrate/preflight.hpp>
#include <sark/migrate/postcondition.hpp>
#include <sark/migrate/live_drift.hpp>
#include <sark/migrate/stamp.hpp>
#include <sark/migrate/take_over.hpp>
#include <sark/migrate/engines.hpp>
#include <sark/migrate/verify.hpp>
