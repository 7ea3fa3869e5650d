// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

namespace sark::cli {

/// Notices Ctrl-C and SIGTERM while it lives, instead of dying of them: work ends between two transactions.
///
/// A second one of the same kind kills as always: who asks twice means it.
class interrupt_guard {
public:
    interrupt_guard() {
        asked() = 0;
        struct sigaction catching {};
        catching.sa_handler = [](int) { asked() = 1; };
        sigemptyset(&catching.sa_mask);
        // One time only; statements that wait for the server are not to be restarted by hand.
        catching.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
        sigaction(SIGINT, &catching, &old_int_);
        sigaction(SIGTERM, &catching, &old_term_);
    }
    interrupt_guard(interrupt_guard const&) = delete;
    interrupt_guard& operator=(interrupt_guard const&) = delete;
    ~interrupt_guard() {
        sigaction(SIGINT, &old_int_, nullptr);
        sigaction(SIGTERM, &old_term_, nullptr);
    }

    [[nodiscard]] static bool interrupted() { return asked() != 0; }

private:
    /// A handler has no other way to say something than an object of the process.
    static std::sig_atomic_t volatile& asked() {
        static std::sig_atomic_t volatile flag = 0;
        return flag;
    }

    struct sigaction old_int_ {};
    struct sigaction old_term_ {};
};

}  // namespace sark::cli
