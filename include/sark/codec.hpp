// SPDX-License-Identifier: MIT
#pragma once

// Values to and from the server's text form, both directions of a kind beside each other.

#include <sark/codec/array.hpp>
#include <sark/codec/binary.hpp>
#include <sark/codec/binary_writer.hpp>
#include <sark/codec/error.hpp>
#include <sark/codec/field.hpp>
#include <sark/codec/json_guard.hpp>
#include <sark/codec/json_outline.hpp>
#include <sark/codec/json_scanner.hpp>
#include <sark/codec/json_text.hpp>
#include <sark/codec/number.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/codec/row.hpp>
#include <sark/codec/text.hpp>
#include <sark/codec/time.hpp>
