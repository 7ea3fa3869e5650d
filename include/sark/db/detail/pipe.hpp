// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db/detail/driver.hpp>
#include <sark/db/detail/pipeline_mode.hpp>
#include <sark/db/detail/sent_statement.hpp>

namespace sark::detail {

/// Sends statements without waiting, and matches the answers with them as they come (docs/decisions/0037-pipelines.md).
///
/// Neither side can wait for the other with full buffers: whenever something is sent, what has come is read. What is
/// unsent is bounded by bytes, what is unanswered by statements.
class pipe {
public:
    static constexpr std::size_t most_unanswered = 2048;
    static constexpr std::size_t most_unsent_bytes = 1U << 16U;

    explicit pipe(driver& on) : on_{on}, was_active_{on.active}, owns_transaction_{on.is_idle()} {
        if (!has_pipeline_mode)
            throw error{"sark: pipelines need libpq 14 or newer, and this program was built with an older one. Build "
                        "it with a newer libpq, or run the statements one by one."};
        if (PQsetnonblocking(raw(), 1) != 0 || !enter_pipeline_mode(raw())) {
            PQsetnonblocking(raw(), 0);
            throw statement_error(nullptr, raw());
        }
        on_.active = this;
        on_.is_piped = is_open_ = true;
    }
    pipe(pipe const&) = delete;
    pipe& operator=(pipe const&) = delete;
    ~pipe() { give_up(); }

    /// Sends a statement that comes again, prepared from its second time on, in binary once its columns allow it.
    void send(std::shared_ptr<sent_statement> sent, statement_text const& text, arguments const& values,
              std::size_t bytes) {
        check_open();
        sent_statement& s = enqueue(std::move(sent), text.text, true);
        if (!on_.cache_.is_enabled()) {
            if (text.is_constant)
                accept(send_unnamed(text.text.data(), values));
            else
                accept(send_unnamed(std::string{text.text}.c_str(), values));
        } else if (cached_statement* const known = on_.cache_.find(text)) {
            send_known(s, *known, values);
        } else {
            // The server forgets the one that has to go after the pipeline.
            cached_statement* const victim = on_.cache_.next_victim();
            if (victim != nullptr && victim->is_prepared) dropped_.push_back(victim->name);
            accept(send_unnamed(on_.cache_.add(text).text.c_str(), values));
        }
        push_on(text.text.size() + bytes);
    }

    /// Sends a text of somebody else, once and unprepared; observers do not see it.
    void send_foreign(std::shared_ptr<sent_statement> sent, std::string const& sql) {
        check_open();
        enqueue(std::move(sent), sql, false);
        accept(send_unnamed(sql.c_str(), {}));
        push_on(sql.size());
    }

    /// Ends what stands and falls together; what comes after it runs whatever came before.
    void sync() {
        check_open();
        unanswered_.push_back(nullptr);
        accept(send_sync(raw()));
        is_asked_ = true;
        in_batch_ = 0;
        // Statements after it are not told by a failure before it that a name was never made.
        if (preparing_ != 0) wait_until([&] { return unanswered_.empty(); });
    }

    void wait_for(sent_statement const& s) {
        wait_until([&] { return s.is_answered(); });
    }

    /// Waits for all answers and gives the connection back.
    /// @throws error the first failure that nobody was told of; any loss of the connection
    void finish() {
        if (!lost_) sync();
        wait_until([&] { return unanswered_.empty(); });
        leave();
        for (auto const& failed : failures_)
            if (!failed->is_seen) throw failed->first;
        if (lost_) throw error{*lost_};
    }

    /// Undoes what is not behind a sync point, where that is ours to undo, and gives the connection back.
    void give_up() noexcept {
        if (!is_open_) return;
        try {
            if (!lost_) {
                // The server takes it for the end of the transaction that it began by itself.
                if (owns_transaction_ && in_batch_ != 0) {
                    enqueue(std::make_shared<sent_statement>(), "ROLLBACK", true);
                    accept(send_unnamed("ROLLBACK", {}));
                }
                sync();
                wait_until([&] { return unanswered_.empty(); });
            }
            leave();
        } catch (...) {
            on_.hang_up();
            close();
        }
    }

private:
    [[nodiscard]] PGconn* raw() const noexcept { return on_.raw(); }

    void check_open() const {
        if (lost_) throw error{*lost_};
    }

    sent_statement& enqueue(std::shared_ptr<sent_statement> sent, std::string_view sql, bool is_shown) {
        sent_statement& s = *unanswered_.emplace_back(std::move(sent));
        s.through_ = this;
        if (on_.watched_by != nullptr)
            s.watch_ = std::make_unique<sent_statement::watched>(
                sent_statement::watched{std::string{sql}, is_shown, std::chrono::steady_clock::now()});
        is_asked_ = false;
        ++in_batch_;
        return s;
    }

    [[nodiscard]] bool send_unnamed(char const* sql, arguments const& a) {
        return PQsendQueryParams(raw(), sql, a.count, a.types, a.values, a.lengths, a.formats, 0) == 1;
    }

    void send_known(sent_statement& s, cached_statement& known, arguments const& a) {
        s.known_ = &known;
        s.generation_ = known.generation;
        if (!known.is_prepared) {
            on_.cache_.make_name(known);
            if (std::erase(dropped_, known.name) == 0) {
                s.is_preparing_ = true;
                s.parts_ = 2;
                ++preparing_;
                accept(PQsendPrepare(raw(), known.name.c_str(), known.text.c_str(), a.types == nullptr ? 0 : a.count,
                                     a.types) == 1);
            }
            known.is_prepared = true;
        }
        s.is_binary_ = known.is_binary;
        accept(PQsendQueryPrepared(raw(), known.name.c_str(), a.count, a.values, a.lengths, a.formats,
                                   known.is_binary ? 1 : 0) == 1);
    }

    /// Takes the word of libpq that something will be sent; without it nobody knows which answer is whose.
    void accept(bool is_taken) {
        if (is_taken) return;
        on_.hang_up();
        lose();
        check_open();
    }

    /// Sends what is too much to keep, and waits for answers when too many are missing.
    void push_on(std::size_t bytes) {
        unsent_bytes_ += bytes + 64;
        if (unsent_bytes_ < most_unsent_bytes && unanswered_.size() < most_unanswered) return;
        unsent_bytes_ = 0;
        while (!lost_ && PQflush(raw()) == 1) exchange();
        if (unanswered_.size() >= most_unanswered)
            wait_until([&] { return unanswered_.size() <= most_unanswered / 2; });
    }

    template <class Done>
    void wait_until(Done&& done) {
        if (done()) return;
        if (!lost_ && !is_asked_) {
            accept(ask_for_answers(raw()));
            is_asked_ = true;
        }
        collect();
        while (!lost_ && !done()) exchange();
    }

    /// Sends what the socket takes and reads what has come; waits until one of both is possible.
    void exchange() {
        int const unsent = PQflush(raw());
        pollfd ready{PQsocket(raw()), static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN), 0};
        while (ready.fd >= 0 && unsent >= 0 && ::poll(&ready, 1, -1) < 0 && errno == EINTR) {}
        bool const is_there = (ready.revents & ~POLLOUT) == 0 || PQconsumeInput(raw()) == 1;
        collect();
        if (!is_there || unsent < 0 || !on_.is_open()) lose();
    }

    /// Hands out the answers that have come.
    void collect() {
        int nothing = 0;  // in a row: it stands between two answers
        while (!lost_ && !unanswered_.empty() && PQisBusy(raw()) == 0) {
            result_owner got{PQgetResult(raw())};
            if (got == nullptr) {
                end_of_part();
                if (++nothing < 8) continue;
                on_.hang_up();
                return lose();
            }
            nothing = 0;
            take(std::move(got));
        }
    }

    void take(result_owner got) {
        int const status = PQresultStatus(got.get());
        sent_statement* const s = unanswered_.front().get();
        if (s == nullptr) {
            if (status != status_of_sync) return fail(statement_error(got.get(), raw()));  // the commit was refused
            unanswered_.pop_front();
            failing_.reset();
            return;
        }
        bool const is_preparation = s->is_preparing_ && s->parts_ == 2;
        is_in_part_ = true;
        if (status == status_of_not_run) {
            s->failure_ = failing_;
            s->was_not_run_ = s->was_not_run_ || !is_failed_here_;
            if (is_preparation && is_still(*s)) s->known_->is_prepared = false;
        } else if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            if (!is_preparation) s->answer_.emplace(on_.checked(std::move(got), s->is_binary_));
        } else if (status == PGRES_FATAL_ERROR) {
            fail_statement(*s, got.get(), is_preparation);
        } else {
            // COPY, or an answer to something else.
            on_.hang_up();
            fail(error{"sark: COPY cannot run in a pipeline. Use copy_in or copy_out outside of it.",
                       {.connection_lost = true}});
            s->failure_ = failing_;
            lose();
        }
    }

    void fail_statement(sent_statement& s, PGresult const* got, bool is_preparation) {
        std::string const code = diagnostic(got, PG_DIAG_SQLSTATE);
        if (code.empty() && !on_.is_open()) return lose();
        bool const is_there = is_preparation && code == "42P05";
        bool const is_stale = s.known_ != nullptr && (is_there || (!is_preparation && driver::is_stale(got)));
        if (is_still(s) && (is_preparation || is_stale)) {
            s.known_->is_prepared = is_there;
            if (is_stale) s.known_->is_decided = s.known_->is_binary = false;
            if (is_stale && code == "0A000") s.known_->rename();
        }
        error_facts facts = (is_stale ? on_.stale_error(got) : statement_error(got, raw())).facts();
        // The server's last word: it has closed the connection, even if that is not seen yet.
        std::string const severity = diagnostic(got, PG_DIAG_SEVERITY_NONLOCALIZED);
        if (severity == "FATAL" || severity == "PANIC") {
            facts.connection_lost = true;
            fail(refusal(facts));
        } else {
            fail(is_stale ? on_.stale_error(got) : refusal(facts));
        }
        s.failure_ = failing_;
        is_failed_here_ = true;
    }

    /// Keeps the first failure of what stands and falls together.
    void fail(error const& failed) {
        if (failing_ != nullptr) return;
        failing_ = failures_.emplace_back(std::make_shared<pipeline_failure>(pipeline_failure{failed}));
    }

    void end_of_part() {
        if (!is_in_part_) return;
        is_in_part_ = false;
        if (--unanswered_.front()->parts_ != 0) return;
        is_failed_here_ = false;
        std::shared_ptr<sent_statement> const s = std::move(unanswered_.front());
        unanswered_.pop_front();
        if (s->failure_ == nullptr) settle(*s);
        answered(*s);
    }

    /// Lets the columns of a statement vote, once.
    void settle(sent_statement& s) {
        if (!is_still(s) || s.known_->is_decided || s.answer_->rows() == 0) return;
        binary_votes votes;
        try {
            s.vote(*s.answer_, votes);
        } catch (...) { return; }  // whoever takes the rows is told
        s.known_->is_decided = true;
        s.known_->is_binary = votes.unanimous(s.answer_->columns());
    }

    void answered(sent_statement& s) {
        s.through_ = nullptr;
        if (s.is_preparing_) --preparing_;
        if (s.watch_ == nullptr || on_.watched_by == nullptr) return;
        statement_event event = on_.event_of(s.watch_->sql, s.watch_->is_shown ? s.watch_->sql : std::string_view{});
        event.duration = std::chrono::steady_clock::now() - s.watch_->begin;
        if (s.failure_ != nullptr)
            event.sqlstate = s.failure_->first.sqlstate();
        else if (s.answer_)
            event.rows = s.answer_->rows();
        on_.watched_by->statement(event);
        s.watch_.reset();
    }

    /// Ends all that is unanswered: the connection is gone.
    void lose() {
        if (lost_) return;
        error_facts facts;
        facts.connection_lost = true;
        facts.server_message = PQerrorMessage(raw());
        lost_ = refusal(facts);
        while (!unanswered_.empty()) {
            // What had failed before is undone; what was to be committed by an answer that did not come may be there.
            auto const end = std::find(unanswered_.begin(), unanswered_.end(), nullptr);
            if (failing_ == nullptr) {
                bool const in_doubt = owns_transaction_ && end != unanswered_.end();
                facts.in_doubt = in_doubt;
                if (in_doubt)
                    lost_ = error{"sark: the connection was lost while a pipeline was committed, so nobody knows "
                                  "whether it was. Connect again and look.",
                                  facts};
                fail(in_doubt ? *lost_ : refusal(facts));
                for (auto at = unanswered_.begin(); at != end; ++at) (*at)->failure_ = failing_;
            } else {
                for (auto at = unanswered_.begin(); at != end; ++at) {
                    (*at)->was_not_run_ = (*at)->failure_ == nullptr || (*at)->was_not_run_;
                    (*at)->failure_ = failing_;
                }
            }
            for (auto at = unanswered_.begin(); at != end; ++at) {
                (*at)->answer_.reset();
                answered(**at);
            }
            unanswered_.erase(unanswered_.begin(), end == unanswered_.end() ? end : end + 1);
            failing_.reset();
        }
    }

    [[nodiscard]] static bool is_still(sent_statement const& s) {
        return s.known_ != nullptr && s.known_->generation == s.generation_;
    }

    void leave() {
        bool const is_left = lost_ || (leave_pipeline_mode(raw()) && PQsetnonblocking(raw(), 0) == 0);
        close();
        if (!is_left) {
            on_.hang_up();
            throw statement_error(nullptr, raw());
        }
        for (std::string const& name : std::exchange(dropped_, {})) {
            try {
                if (!lost_) on_.run(("DEALLOCATE \"" + name + '"').c_str());
            } catch (error const&) {  // NOLINT(bugprone-empty-catch): a name too many does no harm
            }
        }
    }

    void close() noexcept {
        is_open_ = false;
        on_.active = was_active_;
        on_.is_piped = false;
    }

    driver& on_;
    void const* was_active_;
    bool owns_transaction_;  // the server begins and ends one at each sync point
    bool is_open_ = false;
    bool is_asked_ = true;         // for the answers of all that was sent
    bool is_in_part_ = false;      // an answer was read, its end not yet
    bool is_failed_here_ = false;  // the statement that is being answered failed itself
    std::size_t unsent_bytes_ = 0;
    std::size_t in_batch_ = 0;                                // statements since the last sync point
    std::size_t preparing_ = 0;                               // statements whose name may turn out not to be made
    std::deque<std::shared_ptr<sent_statement>> unanswered_;  // null for a sync point
    std::shared_ptr<pipeline_failure> failing_;               // of the statements that are being answered
    std::vector<std::shared_ptr<pipeline_failure>> failures_;
    std::vector<std::string> dropped_;  // names that the server is to forget
    std::optional<error> lost_;
};

inline void sent_statement::wait() {
    if (through_ != nullptr) through_->wait_for(*this);
}

}  // namespace sark::detail
