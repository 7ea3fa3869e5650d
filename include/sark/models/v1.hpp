// SPDX-License-Identifier: MIT
#pragma once

// The tables of v1, as they are after the last migration.
