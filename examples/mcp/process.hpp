// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "../support/failure.hpp"
#include "command.hpp"
#include "signals.hpp"

extern char** environ;

namespace mcp {

using clock = std::chrono::steady_clock;

/// Bounds what a server may do.
struct limits {
    std::chrono::milliseconds answer{60'000};      ///< for each answer
    std::chrono::milliseconds end{2'000};          ///< to end by itself once its input is closed
    std::size_t line_bytes = 16 * 1024 * 1024;     ///< of one message
    std::size_t session_bytes = 64 * 1024 * 1024;  ///< of all messages
};

namespace detail {

/// Owns a file descriptor.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int number) : number_{number} {}
    descriptor(descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() { close(); }
    void close() {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }
    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

/// Makes a pipe (first end to read from) that a started program inherits only where it is told to.
[[nodiscard]] inline std::pair<descriptor, descriptor> make_pipe() {
    int ends[2];
    if (::pipe(ends) != 0) throw support::not_ready{std::string{"no pipe can be made: "} + std::strerror(errno) + "."};
    std::pair<descriptor, descriptor> const low{descriptor{ends[0]}, descriptor{ends[1]}};
    // Above the standard three: copying a descriptor onto itself would leave it closed in the program.
    std::pair<descriptor, descriptor> made{descriptor{::fcntl(ends[0], F_DUPFD_CLOEXEC, 3)},
                                           descriptor{::fcntl(ends[1], F_DUPFD_CLOEXEC, 3)}};
    if (!made.first.is_open() || !made.second.is_open()) throw support::not_ready{"there are too many open files."};
    return made;
}

/// Gives the environment of a server: ours, without the way into our database.
[[nodiscard]] inline std::vector<char*> environment_for_others() {
    constexpr std::array<std::string_view, 4> ours{
        "DATABASE_URL=", "SARK_TEST_DATABASE_URL=", "PGPASSWORD=", "PGPASSFILE="};
    std::vector<char*> kept;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (std::none_of(ours.begin(), ours.end(),
                         [&](std::string_view name) { return std::string_view{*entry}.starts_with(name); }))
            kept.push_back(*entry);
    kept.push_back(nullptr);
    return kept;
}

}  // namespace detail

/// Is a server that was started for us, spoken to line by line; it ends with this object, with all it has started.
///
/// No shell is involved. The server leads a process group of its own, so that a wrapper such as npx and the program
/// behind it end together.
class process {
public:
    /// Starts the command.
    /// @throws support::not_ready when there is no such program
    process(command const& what, limits const& bounds, signal_watch const& watch, bool passes_stderr = false)
        : command_{what}, limits_{bounds}, watch_{watch}, passes_stderr_{passes_stderr} {
        auto [in_read, in_write] = detail::make_pipe();
        auto [out_read, out_write] = detail::make_pipe();
        auto [err_read, err_write] = detail::make_pipe();
        spawn(in_read.get(), out_write.get(), err_write.get());
        input_ = std::move(in_write);
        output_ = std::move(out_read);
        errors_ = std::move(err_read);
        for (int const ours : {input_.get(), output_.get(), errors_.get()}) ::fcntl(ours, F_SETFL, O_NONBLOCK);
    }
    process(process const&) = delete;
    process& operator=(process const&) = delete;
    ~process() { stop(std::chrono::milliseconds{0}); }

    /// Queues a line, which travels while an answer is waited for.
    void send(std::string_view line) {
        unsent_ += line;
        unsent_ += '\n';
        // Only a server that asks and asks, and never reads what it gets, brings it this far.
        if (unsent_.size() > 4 * 1024 * 1024) throw support::not_ready{"it reads nothing of what it is sent"};
    }

    /// Reads the next line; nothing when the output has ended.
    /// @throws support::not_ready when there is none in time, support::bad_input when it is too long
    [[nodiscard]] std::optional<std::string> read_line(clock::time_point until) {
        for (;;) {
            std::size_t const end = received_.find('\n', searched_);
            if (end != std::string::npos) {
                std::string line = received_.substr(taken_, end - taken_);
                taken_ = searched_ = end + 1;
                return line;
            }
            // Once for all lines that came together: the rest moves to the front.
            received_.erase(0, std::exchange(taken_, 0));
            searched_ = received_.size();
            if (received_.size() > limits_.line_bytes)
                throw support::bad_input{"it sent a line of over " + megabytes(limits_.line_bytes)};
            if (total_ > limits_.session_bytes)
                throw support::bad_input{"it sent more than " + megabytes(limits_.session_bytes)};
            if (!output_.is_open()) return std::nullopt;
            if (clock::now() >= until) throw support::not_ready{"it did not answer in time"};
            turn(until);
        }
    }

    /// Says how the server ended, waiting a moment for it to be over: `with exit code 3`.
    [[nodiscard]] std::string how_it_ended() {
        auto const until = clock::now() + std::chrono::milliseconds{500};
        while (!has_exited() && clock::now() < until) nap(until);
        // Its last words may still be in the pipe.
        drain(errors_);
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
            return "closed its output";
        if (info.si_code == CLD_EXITED) return "ended with exit code " + std::to_string(info.si_status);
        return "was ended by signal " + std::to_string(info.si_status);
    }

    /// Gives the last line of what the server said on its standard error, fit for a message.
    [[nodiscard]] std::string last_words() {
        drain(errors_);
        std::string_view said = said_;
        std::size_t const last = said.find_last_not_of(" \t\r\n");
        if (last == std::string_view::npos) return {};
        said = said.substr(0, last + 1);
        std::size_t const line = said.find_last_of('\n');
        if (line != std::string_view::npos) said = said.substr(line + 1);
        return support::printable(command_.without_secrets(std::string{said}), 200);
    }

    /// Ends the server: closes its input, waits for it to go, then asks (TERM), then makes it (KILL). No process of its
    /// group survives, and none is left unreaped.
    void stop(std::chrono::milliseconds grace) {
        if (child_ <= 0) return;
        input_.close();
        if (!ends_within(grace)) {
            ::kill(-child_, SIGTERM);
            ends_within(std::chrono::milliseconds{1'000});
        } else if (output_.is_open()) {
            // The leader is gone and somebody still holds its output: what it has started.
            ::kill(-child_, SIGTERM);
            auto const until = clock::now() + std::chrono::milliseconds{300};
            while (output_.is_open() && clock::now() < until) nap(until);
        }
        // Before the leader is collected nobody else can have its number.
        ::kill(-child_, SIGKILL);
        while (::waitpid(child_, nullptr, 0) == -1 && errno == EINTR) {}
        child_ = -1;
    }

    [[nodiscard]] pid_t id() const noexcept { return child_; }

private:
    static std::string megabytes(std::size_t bytes) { return std::to_string(bytes / (1024 * 1024)) + " MiB"; }

    void spawn(int in, int out, int err) {
        std::vector<char*> arguments;
        for (std::string const& argument : command_.arguments())
            arguments.push_back(const_cast<char*>(argument.c_str()));  // what exec never changes and C never promised
        arguments.push_back(nullptr);
        std::vector<char*> environment = detail::environment_for_others();

        posix_spawn_file_actions_t files;
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawn_file_actions_adddup2(&files, in, 0);
        ::posix_spawn_file_actions_adddup2(&files, out, 1);
        ::posix_spawn_file_actions_adddup2(&files, err, 2);
        posix_spawnattr_t attributes;
        ::posix_spawnattr_init(&attributes);
        sigset_t defaults;
        ::sigemptyset(&defaults);
        for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::sigaddset(&defaults, signal);
        ::posix_spawnattr_setsigdefault(&attributes, &defaults);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
        int const failed = ::posix_spawnp(&child_, arguments[0], &files, &attributes, arguments.data(),
                                          environment.data());
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&files);
        if (failed == 0) return;
        child_ = -1;
        throw support::not_ready{failed == ENOENT ? std::string{"there is no such program"}
                                                  : std::string{"it cannot be started: "} + std::strerror(failed)};
    }

    [[nodiscard]] bool has_exited() const {
        siginfo_t info{};
        return ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
    }

    bool ends_within(std::chrono::milliseconds grace) {
        auto const until = clock::now() + grace;
        while (!has_exited()) {
            if (clock::now() >= until) return false;
            nap(until);
            received_.clear();  // nobody reads it any more, and a server that waits to write cannot end
        }
        drain(output_);
        received_.clear();
        return true;
    }

    /// Reads what comes in the next 10 ms.
    void nap(clock::time_point until) { turn(std::min(until, clock::now() + std::chrono::milliseconds{10}), false); }

    /// Waits until something can be read or written, or until a time, and does it.
    void turn(clock::time_point until, bool checks = true) {
        std::array<pollfd, 4> wanted{pollfd{output_.get(), POLLIN, 0}, pollfd{errors_.get(), POLLIN, 0},
                                     pollfd{unsent_.empty() ? -1 : input_.get(), POLLOUT, 0},
                                     pollfd{checks ? watch_.wake() : -1, POLLIN, 0}};
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
        // Capped, so that no number of milliseconds is beyond an int; the caller comes again.
        ::poll(wanted.data(), wanted.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000)));
        if (checks) watch_.check();
        if (wanted[2].revents != 0) write_some();
        if (wanted[1].revents != 0) read_some(errors_);
        if (wanted[0].revents != 0) read_some(output_);
    }

    void write_some() {
        ssize_t const n = ::write(input_.get(), unsent_.data(), unsent_.size());
        if (n > 0) unsent_.erase(0, static_cast<std::size_t>(n));
        // It reads no more. Whether it has answered anyway, its output tells.
        if (n < 0 && errno == EPIPE) unsent_.clear();
    }

    /// Reads what is there already, and only so much: somebody may write without end.
    void drain(detail::descriptor& from) {
        for (int reads = 0; reads < 64 && from.is_open() && read_some(from); ++reads) {}
    }

    /// Reads once; false when there was nothing.
    bool read_some(detail::descriptor& from) {
        char buffer[65536];
        ssize_t const n = ::read(from.get(), buffer, sizeof buffer);
        if (n < 0) return false;
        if (n == 0) {
            from.close();
            return false;
        }
        auto const bytes = static_cast<std::size_t>(n);
        if (&from == &output_) {
            received_.append(buffer, bytes);
            total_ += bytes;
            return true;
        }
        if (passes_stderr_) { [[maybe_unused]] auto const written = ::write(STDERR_FILENO, buffer, bytes); }
        said_.append(buffer, bytes);
        if (said_.size() > 8192) said_.erase(0, said_.size() - 4096);
        return true;
    }

    command const& command_;
    limits limits_;
    signal_watch const& watch_;
    bool passes_stderr_;
    pid_t child_ = -1;
    detail::descriptor input_;
    detail::descriptor output_;
    detail::descriptor errors_;
    std::string unsent_;
    std::string received_;
    std::size_t taken_ = 0;     ///< so much of it has been given out
    std::size_t searched_ = 0;  ///< so much of it has no line's end, or was given out
    std::size_t total_ = 0;
    std::string said_;
};

}  // namespace mcp
