// SPDX-License-Identifier: MIT
//
// Programs that the benchmark starts: workers it talks to, and compilers it waits for.

#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using words = std::vector<std::string>;

inline pid_t spawn(words const& command, posix_spawn_file_actions_t const* actions) {
    std::vector<char*> arguments;
    for (std::string const& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t pid = -1;
    if (int const state = ::posix_spawnp(&pid, arguments[0], actions, nullptr, arguments.data(), ::environ); state != 0)
        throw std::runtime_error{"cannot start " + command.front()};
    return pid;
}

/// A running worker: asked a line, it answers a line. It ends when its input does, so also when we die.
class worker {
public:
    explicit worker(words const& command) {
        int in[2];
        int out[2];
        // Closed on exec: a worker that held the input of another one would keep it alive.
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
        pid_ = spawn(command, &actions);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(in[0]);
        ::close(out[1]);
        to_ = in[1];
        from_ = ::fdopen(out[0], "r");
    }
    worker(worker&& other) noexcept
        : pid_{std::exchange(other.pid_, -1)},
          to_{std::exchange(other.to_, -1)},
          from_{std::exchange(other.from_, nullptr)} {}
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;
    worker& operator=(worker&&) = delete;
    ~worker() {
        if (pid_ < 0) return;
        ::close(to_);
        std::fclose(from_);
        ::waitpid(pid_, nullptr, 0);
    }

    void ask() {
        if (::write(to_, "go\n", 3) != 3) throw std::runtime_error{"a worker is gone"};
    }
    /// Waits for the answer; nothing when the worker ended instead.
    [[nodiscard]] std::optional<std::string> answer() {
        std::string line;
        for (int c = std::fgetc(from_); c != EOF; c = std::fgetc(from_)) {
            if (c == '\n') return line;
            line += static_cast<char>(c);
        }
        return std::nullopt;
    }

private:
    pid_t pid_ = -1;
    int to_ = -1;
    std::FILE* from_ = nullptr;
};

/// Runs a program to its end and gives its user time in seconds, with that of the programs it started.
inline double user_seconds(words const& command, std::string const& output) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t const pid = spawn(command, &actions);
    ::posix_spawn_file_actions_destroy(&actions);
    int state = 0;
    rusage used{};
    if (::wait4(pid, &state, 0, &used) != pid || state != 0) throw std::runtime_error{command.front() + " failed"};
    return static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) / 1e6;
}

}  // namespace bench
