// SPDX-License-Identifier: MIT
#pragma once

// Everything that needs neither a server nor the JSON library: reflection, types, schema, queries and their texts,
// typed paths into documents. For authors of tables of their own.

#include <sark/codec.hpp>
#include <sark/jsonb/protocol.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/meta.hpp>
#include <sark/query.hpp>
#include <sark/reflect.hpp>
#include <sark/schema.hpp>
#include <sark/sql.hpp>
#include <sark/types.hpp>
#include <sark/version.hpp>
