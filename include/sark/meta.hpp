// SPDX-License-Identifier: MIT
#pragma once

// Small compile-time tools that everything else is made with.

#include <sark/meta/bundle.hpp>
#include <sark/meta/fixed_string.hpp>
#include <sark/meta/made_in_place.hpp>
#include <sark/meta/message.hpp>
#include <sark/meta/same_text.hpp>
#include <sark/meta/signature.hpp>
#include <sark/meta/type_list.hpp>
