// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include <sark/migrate/plan.hpp>

namespace sark::migrate {

/// Says which statement is about to run; `statement` equals `statements` once the migration is committed.
struct progress {
    direction way;
    std::string_view revision;
    std::size_t migration;   ///< place in the plan, from 0
    std::size_t migrations;  ///< how many the plan has
    std::size_t statement;   ///< place in the migration, from 0
    std::size_t statements;
    std::string_view step;  ///< title of the step, may be empty
    std::string_view sql;   ///< empty once the migration is committed
};

struct options {
    std::function<void(progress const&)> report = {};                ///< is called, never printed for you
    std::chrono::milliseconds lock_wait = std::chrono::minutes{10};  ///< how long to wait for another run
    std::chrono::milliseconds lock_poll = std::chrono::milliseconds{250};
};

}  // namespace sark::migrate
