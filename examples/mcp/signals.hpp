// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <exception>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace mcp {

/// Says that the program was asked to end: by Ctrl-C, by `kill`, or by a terminal that went away.
struct interrupted : std::exception {
    explicit interrupted(int number) : signal{number} {}
    [[nodiscard]] char const* what() const noexcept override { return "interrupted"; }
    int signal;
};

namespace detail {

// A handler knows nothing but what is static. One watch at a time.
inline volatile std::sig_atomic_t caught_signal = 0;
inline volatile std::sig_atomic_t wake_descriptor = -1;

extern "C" inline void on_signal(int number) {
    int const saved = errno;
    caught_signal = number;
    // The byte ends a wait that began before; a full pipe has been written to already.
    [[maybe_unused]] auto const written = ::write(static_cast<int>(wake_descriptor), "", 1);
    errno = saved;
}

}  // namespace detail

/// Turns the signals that ask to end into something a wait can see, as long as it lives. What waits polls `wake()` and
/// calls `check()`. A pipe that nobody reads is an error of a write meanwhile, and ends nothing.
class signal_watch {
public:
    signal_watch() {
        if (::pipe(pipe_) != 0) throw std::runtime_error{"no pipe can be made."};
        for (int const end : pipe_) {
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
            ::fcntl(end, F_SETFL, O_NONBLOCK);
        }
        detail::caught_signal = 0;
        detail::wake_descriptor = pipe_[1];
        for (std::size_t i = 0; i < signals.size(); ++i) {
            struct sigaction action {};
            action.sa_handler = signals[i] == SIGPIPE ? SIG_IGN : detail::on_signal;
            ::sigaction(signals[i], &action, &before_[i]);
            // Whoever started us to survive a closed terminal (nohup) meant the server, too.
            if (before_[i].sa_handler == SIG_IGN) ::sigaction(signals[i], &before_[i], nullptr);
        }
    }
    signal_watch(signal_watch const&) = delete;
    signal_watch& operator=(signal_watch const&) = delete;
    ~signal_watch() {
        for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
        detail::wake_descriptor = -1;
        for (int const end : pipe_) ::close(end);
    }

    /// Gives the descriptor that can be read once a signal has come.
    [[nodiscard]] int wake() const noexcept { return pipe_[0]; }

    /// Throws `interrupted` when a signal has come.
    void check() const {
        if (detail::caught_signal != 0) throw interrupted{static_cast<int>(detail::caught_signal)};
    }

private:
    static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    int pipe_[2]{-1, -1};
    std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace mcp
