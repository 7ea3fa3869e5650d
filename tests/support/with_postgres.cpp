// SPDX-License-Identifier: MIT
//
// sark_with_postgres [--] COMMAND [ARGUMENT...]
//
// Starts a private PostgreSQL server, runs COMMAND with DATABASE_URL and SARK_TEST_DATABASE_URL set to its address,
// and stops the server, however COMMAND ends. Exit code: that of COMMAND, 128 + n when signal n ended it, 125 when the
// server could not be had, 126 when COMMAND could not be started, 127 when there is none.

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

#include <sark/testing.hpp>

extern char** environ;

namespace {

volatile std::sig_atomic_t command_process = 0;
volatile std::sig_atomic_t pending_signal = 0;

/// Passes a signal on to the command. What the terminal sends (Ctrl-C) reaches the command without our help: it is in
/// the same foreground group. There only the wait has to go on until the command has ended.
extern "C" void forward(int signal, siginfo_t* info, void*) {
    int const saved = errno;
    bool const from_a_process = info == nullptr || info->si_code <= 0;
    if (command_process > 0) {
        if (from_a_process) ::kill(static_cast<pid_t>(command_process), signal);
    } else {
        pending_signal = signal;
    }
    errno = saved;
}

constexpr std::array forwarded{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

int run(char** command) {
    std::string_view const name = command[0];
    bool const found = name.find('/') == std::string_view::npos ? sark::testing::detail::find_program(name).has_value()
                                                                : sark::testing::detail::is_executable(name);
    if (!found) {
        std::cerr << "sark_with_postgres: there is no program " << name << '\n';
        return 127;
    }
    sark::testing::postgres server;
    ::setenv("SARK_TEST_DATABASE_URL", server.url().c_str(), 1);
    ::setenv("DATABASE_URL", server.url().c_str(), 1);
    if (pending_signal != 0) return 128 + pending_signal;

    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    for (int const signal : forwarded) ::sigaddset(&defaults, signal);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = -1;
    int const failed = ::posix_spawnp(&child, command[0], nullptr, &attributes, command, environ);
    ::posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        std::cerr << "sark_with_postgres: cannot run " << command[0] << ": " << std::strerror(failed) << '\n';
        return 126;
    }
    command_process = child;
    if (pending_signal != 0) ::kill(child, pending_signal);

    int status = 0;
    while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {}
    command_process = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int main(int count, char** arguments) {
    int first = 1;
    if (first < count && std::string_view{arguments[first]} == "--") ++first;
    if (first >= count) {
        std::cerr << "usage: sark_with_postgres [--] COMMAND [ARGUMENT...]\n";
        return 125;
    }
    for (int const signal : forwarded) {
        struct sigaction action {};
        action.sa_sigaction = forward;
        action.sa_flags = SA_SIGINFO;
        ::sigaction(signal, &action, nullptr);
    }
    try {
        return run(arguments + first);
    } catch (std::exception const& error) {
        std::cerr << error.what() << '\n';
        return 125;
    }
}
