// SPDX-License-Identifier: MIT
#pragma once

// Tables as values and as descriptions beside plain structs, and the DDL made from both.

#include <sark/schema/citus_ddl.hpp>
#include <sark/schema/columns.hpp>
#include <sark/schema/create.hpp>
#include <sark/schema/ddl.hpp>
#include <sark/schema/definition.hpp>
#include <sark/schema/diagram.hpp>
#include <sark/schema/difference.hpp>
#include <sark/schema/engine_parts.hpp>
#include <sark/schema/engine_rules.hpp>
#include <sark/schema/engine_words.hpp>
#include <sark/schema/engines.hpp>
#include <sark/schema/json_service.hpp>
#include <sark/schema/markdown.hpp>
#include <sark/schema/parts.hpp>
#include <sark/schema/rank.hpp>
#include <sark/schema/relation.hpp>
#include <sark/schema/table.hpp>
#include <sark/schema/timescale_ddl.hpp>
#include <sark/schema/timescale_undo.hpp>
#include <sark/schema/type_mapping.hpp>
