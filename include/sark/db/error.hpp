// SPDX-License-Identifier: MIT
#pragma once

// sark::error, and the advice that its sentences give for the server's SQLSTATE codes.

#include <sark/codec/error.hpp>
#include <sark/db/sqlstate.hpp>
