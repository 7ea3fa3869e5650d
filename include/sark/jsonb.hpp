// SPDX-License-Identifier: MIT
#pragma once

// JSON documents in queries and as structs. Includes the JSON library; who only builds queries includes
// <sark/jsonb/typed_path.hpp> and <sark/jsonb/typed_row.hpp>.

#include <sark/jsonb/document.hpp>
#include <sark/jsonb/document_check.hpp>
#include <sark/jsonb/document_root.hpp>
#include <sark/jsonb/document_traits.hpp>
#include <sark/jsonb/json_change.hpp>
#include <sark/jsonb/json_edit.hpp>
#include <sark/jsonb/json_path.hpp>
#include <sark/jsonb/json_schema.hpp>
#include <sark/jsonb/json_steps.hpp>
#include <sark/jsonb/maybe.hpp>
#include <sark/jsonb/other_members.hpp>
#include <sark/jsonb/path_containment.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/jsonb/statistics.hpp>
#include <sark/jsonb/tree.hpp>
#include <sark/jsonb/typed_any.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/jsonb/typed_row.hpp>
