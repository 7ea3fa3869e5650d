// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sark/codec/binary.hpp>
#include <sark/db/detail/result.hpp>
#include <sark/db/detail/statement_cache.hpp>
#include <sark/db/error.hpp>

namespace sark::detail {

class pipe;

/// Is what went wrong first between two sync points; shared by the statements that it kept from running.
struct pipeline_failure {
    error first;
    bool is_seen = false;  // somebody was told of it
};

/// Makes the error of a statement that was not run; what went wrong first says whether repeating can help.
[[nodiscard]] inline error not_run_error(error const& first) {
    std::string sentence{"sark: the statement was not run, because one before it in its pipeline failed"};
    if (!first.sqlstate().empty()) sentence.append(" (").append(first.sqlstate()).append(")");
    sentence += first.connection_lost() ? " and the connection was lost. Connect again."
                                        : ". See to that one; statements after the next sync() are run.";
    return error{sentence,
                 {.sqlstate = first.sqlstate(),
                  .server_message = first.server_message(),
                  .retryable = first.retryable(),
                  .connection_lost = first.connection_lost(),
                  .not_run = true}};
}

/// Is a statement that was sent, and its answer once that has come; shared by the pipeline and a handle.
class sent_statement {
public:
    sent_statement() = default;
    sent_statement(sent_statement const&) = delete;
    sent_statement& operator=(sent_statement const&) = delete;
    virtual ~sent_statement() = default;

    [[nodiscard]] bool is_answered() const noexcept { return through_ == nullptr; }

    /// Waits for the answer; defined where a pipe is.
    void wait();

    /// Says what went wrong, after the answer has come; whoever asks is told.
    [[nodiscard]] std::optional<error> told_failure() {
        if (failure_ == nullptr) return std::nullopt;
        failure_->is_seen = true;
        return was_not_run_ ? not_run_error(failure_->first) : failure_->first;
    }

    /// Gives the answer away.
    [[nodiscard]] result taken_answer() {
        if (std::optional<error> failed = told_failure()) throw std::move(*failed);
        if (!answer_) throw error{"sark: the answer of this statement was taken already. Keep what get() returned."};
        result got = std::move(*answer_);
        answer_.reset();
        return got;
    }

private:
    friend class pipe;

    /// Decodes the first row to find out whether its columns could come in binary.
    virtual void vote(result const&, binary_votes&) const {}

    struct watched {
        std::string sql;
        bool is_shown;
        std::chrono::steady_clock::time_point begin;
    };

    pipe* through_ = nullptr;
    std::optional<result> answer_{};
    std::shared_ptr<pipeline_failure> failure_{};
    std::unique_ptr<watched> watch_{};
    cached_statement* known_ = nullptr;  // the statement on the server, while its place has this generation
    std::uint32_t generation_ = 0;
    int parts_ = 1;  // answers that are still to come
    bool is_preparing_ = false;
    bool is_binary_ = false;
    bool was_not_run_ = false;
};

}  // namespace sark::detail
