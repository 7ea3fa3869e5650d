// SPDX-License-Identifier: MIT
#pragma once

// Statements whose text is a constant of their type: from<T>() and its clauses, insert, upsert, update, erase.

#include <sark/query/clause.hpp>
#include <sark/query/column_ref.hpp>
#include <sark/query/comparison.hpp>
#include <sark/query/containment.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/join.hpp>
#include <sark/query/limit.hpp>
#include <sark/query/logic.hpp>
#include <sark/query/order_by.hpp>
#include <sark/query/ordinal.hpp>
#include <sark/query/query.hpp>
#include <sark/query/row.hpp>
#include <sark/query/scope.hpp>
#include <sark/query/select.hpp>
#include <sark/query/value.hpp>
#include <sark/query/where.hpp>
#include <sark/query/with.hpp>
#include <sark/query/write.hpp>
