// SPDX-License-Identifier: MIT
#pragma once

#include <sark/db/detail/pqxx.hpp>

namespace sark::detail {

// What libpq calls pipeline mode: from version 14 on, and never there before.
#ifdef LIBPQ_HAS_PIPELINING
inline constexpr bool has_pipeline_mode = true;
inline constexpr int status_of_sync = PGRES_PIPELINE_SYNC;
inline constexpr int status_of_not_run = PGRES_PIPELINE_ABORTED;

[[nodiscard]] inline bool enter_pipeline_mode(PGconn* on) { return PQenterPipelineMode(on) == 1; }
[[nodiscard]] inline bool leave_pipeline_mode(PGconn* on) { return PQexitPipelineMode(on) == 1; }
[[nodiscard]] inline bool send_sync(PGconn* on) { return PQpipelineSync(on) == 1; }
[[nodiscard]] inline bool ask_for_answers(PGconn* on) { return PQsendFlushRequest(on) == 1; }
#else
inline constexpr bool has_pipeline_mode = false;
inline constexpr int status_of_sync = -1;
inline constexpr int status_of_not_run = -2;

[[nodiscard]] inline bool enter_pipeline_mode(PGconn*) { return false; }
[[nodiscard]] inline bool leave_pipeline_mode(PGconn*) { return false; }
[[nodiscard]] inline bool send_sync(PGconn*) { return false; }
[[nodiscard]] inline bool ask_for_answers(PGconn*) { return false; }
#endif

}  // namespace sark::detail
