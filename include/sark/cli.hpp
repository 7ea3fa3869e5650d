// SPDX-License-Identifier: MIT
#pragma once

// The operator's command line, embedded: migrate, drift, schema. Needs CLI11.
#include <sark/cli/ask.hpp>
#include <sark/cli/command.hpp>
#include <sark/cli/completion.hpp>
#include <sark/cli/context.hpp>
#include <sark/cli/drift.hpp>
#include <sark/cli/failure.hpp>
#include <sark/cli/interrupt.hpp>
#include <sark/cli/migrate_adopt.hpp>
#include <sark/cli/migrate_plan.hpp>
#include <sark/cli/migrate_run.hpp>
#include <sark/cli/migrate_show.hpp>
#include <sark/cli/migrate_stamp.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/plan_document.hpp>
#include <sark/cli/plan_file.hpp>
#include <sark/cli/program.hpp>
#include <sark/cli/progress.hpp>
#include <sark/cli/run.hpp>
#include <sark/cli/schema.hpp>
#include <sark/cli/validate.hpp>
#include <sark/cli/v1_to_v2.hpp>
