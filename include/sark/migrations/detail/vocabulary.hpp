// SPDX-License-Identifier: MIT
#pragma once

#include <sark/migrate/citus_operations.hpp>
#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/comment_operations.hpp>
#include <sark/migrate/conditional_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/enum_operations.hpp>
#include <sark/migrate/function_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/lint_waiver.hpp>
#include <sark/migrate/migration.hpp>
#include <sark/migrate/requirement.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/migrate/timescale_operations.hpp>
#include <sark/migrate/view_operations.hpp>

namespace sark::migrations {

// The words the migrations are written in, one by one, so that a name added to migrate cannot change frozen history.
using migrate::add_column;
using migrate::add_constraint;
using migrate::add_enum_labels;
using migrate::after;
using migrate::alter_column_type;
using migrate::by_time;
using migrate::cascade;
using migrate::check;
using migrate::column;
using migrate::comment_on_column;
using migrate::compress_chunks;
using migrate::create_continuous_aggregate;
using migrate::create_enum;
using migrate::create_function;
using migrate::create_hypertable;
using migrate::create_index;
using migrate::create_materialized_view;
using migrate::create_table;
using migrate::create_trigger;
using migrate::create_unique_index;
using migrate::data;
using migrate::descending;
using migrate::distribute;
using migrate::drop_constraint;
using migrate::drop_index;
using migrate::drop_materialized_view;
using migrate::drop_unique_index;
using migrate::enum_use;
using migrate::expression;
using migrate::foreign_key;
using migrate::gin;
using migrate::include;
using migrate::labels;
using migrate::make_reference_table;
using migrate::migration;
using migrate::nothing_to_undo;
using migrate::primary_key;
using migrate::require_no_rows;
using migrate::root;
using migrate::set_default;
using migrate::set_null;
using migrate::step;
using migrate::type_change;
using migrate::unique;
using migrate::used_by;
using migrate::when_extension;
using migrate::where;

}  // namespace sark::migrations
