// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <sark/testing/detail/guardian.hpp>

namespace sark::testing::detail {

struct program_result {
    int exit_state;      // 128 + n when signal n ended it
    std::string output;  // standard output and error
};

/// Runs a program to its end, without a shell and without standard input.
inline program_result run_program(text_list const& arguments, text_list const& environment) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::system_error{errno, std::generic_category(), "sark: pipe"};
    for (int const end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    pid_t child = -1;
    int const failed = ::posix_spawn(&child, arguments.get()[0], &actions, nullptr, arguments.get(), environment.get());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);

    program_result result{failed == 0 ? 0 : 127, {}};
    if (failed == 0) {
        std::array<char, 4096> block{};
        for (;;) {
            ssize_t const got = ::read(ends[0], block.data(), block.size());
            if (got == -1 && errno == EINTR) continue;
            if (got <= 0) break;
            result.output.append(block.data(), static_cast<std::size_t>(got));
        }
        int status = 0;
        while (::waitpid(child, &status, 0) == -1 && errno == EINTR) {}
        result.exit_state = guardian::exit_state(status);
    }
    ::close(ends[0]);
    return result;
}

}  // namespace sark::testing::detail
