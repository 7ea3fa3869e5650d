// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <grp.h>
#include <limits>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace sark::testing::detail {

// The guardian is a process of its own between the test program and the server. It is the server's parent, and it
// holds one end of a socket. When the other end closes, because the program returned, threw, exited, was interrupted
// or was killed with SIGKILL, the guardian stops the server and removes the folder. So there is one mechanism for
// every way to end, and no signal handler and no exit handler in the program under test.
//
// It is forked, perhaps out of a program with many threads, and never replaced by another program. From fork to _exit
// it may therefore call only what is async-signal-safe: no allocation, no exception, no standard library. All it needs
// is prepared in `orders` before the fork.

/// Is an argument or environment list for execve; owns the texts the pointers point at.
class text_list {
public:
    explicit text_list(std::vector<std::string> texts) : texts_{std::move(texts)} {
        for (std::string& text : texts_) pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    text_list(text_list&&) = default;  // the texts stay where they are: a vector moves as a whole
    text_list& operator=(text_list&&) = default;
    text_list(text_list const&) = delete;
    text_list& operator=(text_list const&) = delete;

    [[nodiscard]] char* const* get() const noexcept { return pointers_.data(); }

private:
    std::vector<std::string> texts_;
    std::vector<char*> pointers_;
};

/// Holds all a guardian will ever need.
struct orders {
    std::string folder;  // removed at the end
    std::string log;     // where initdb and the server write
    text_list initdb;
    text_list server;
    text_list remover;  // rm -rf folder
    text_list environment;
    bool switch_user = false;
    uid_t uid = 0;
    gid_t gid = 0;
};

enum class command : char { initialise = 'i', start = 's', poll = 'p', stop_fast = 'f', stop_now = 'n', quit = 'q' };

/// Says how a command went: for initialise and poll the exit state of a child, for start its process id.
struct answer {
    int value;
};
inline constexpr int still_running = -1;

/// Keeps signals from this thread while a folder exists that no guardian knows of yet.
class signals_held_back {
public:
    signals_held_back() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    signals_held_back(signals_held_back const&) = delete;
    signals_held_back& operator=(signals_held_back const&) = delete;
    ~signals_held_back() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

namespace guardian {

/// Are meant for the program under test; the guardian outlives them, also one that reached it before it left the
/// program's group.
inline constexpr std::array ignored{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};

inline void pause_milliseconds(long milliseconds) {
    timespec remaining{.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1'000'000};
    while (::nanosleep(&remaining, &remaining) == -1 && errno == EINTR) {}
}

/// Closes the descriptors from `first` to `last`.
inline void close_range(int first, int last) {
    if (first > last) return;
#ifdef SYS_close_range
    if (::syscall(SYS_close_range, static_cast<unsigned>(first), static_cast<unsigned>(last), 0U) == 0) return;
#endif
    long const limit = ::sysconf(_SC_OPEN_MAX);
    int const end = static_cast<int>(limit < 0 || limit > 65'536 ? 65'536 : limit);
    for (int descriptor = first; descriptor <= last && descriptor < end; ++descriptor) ::close(descriptor);
}

/// Closes all but the standard streams and `kept`. What the program had open, also the sockets of other guardians,
/// must not be held open here.
inline void close_all_but(int kept) {
    constexpr int first = STDERR_FILENO + 1;
    constexpr int last = std::numeric_limits<int>::max();
    if (kept < first) return close_range(first, last);
    close_range(first, kept - 1);
    close_range(kept + 1, last);
}

/// Starts a program with its output appended to the log; as the other user if there is one.
inline pid_t launch(orders const& o, text_list const& arguments, bool as_other_user) {
    pid_t const child = ::fork();
    if (child != 0) return child;
    for (int const signal : ignored) ::signal(signal, SIG_DFL);
    int const log = ::open(o.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) {
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
    }
    if (::chdir("/") != 0) ::_exit(126);
    if (as_other_user && (::setgroups(1, &o.gid) != 0 || ::setgid(o.gid) != 0 || ::setuid(o.uid) != 0)) ::_exit(126);
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // should the guardian itself be killed; after setuid, which resets it
#endif
    close_all_but(-1);
    ::execve(arguments.get()[0], arguments.get(), o.environment.get());
    ::_exit(127);
}

/// Waits for a child for at most so long; gives whether it has ended.
inline bool ended_within(pid_t child, long milliseconds) {
    for (long waited = 0;; waited += 5) {
        pid_t const ended = ::waitpid(child, nullptr, WNOHANG);
        if (ended == child || (ended == -1 && errno == ECHILD)) return true;
        if (waited >= milliseconds) return false;
        pause_milliseconds(5);
    }
}

/// Stops the server: with a checkpoint (SIGINT, "fast") or at once (SIGQUIT), in the end by SIGKILL.
inline void stop(pid_t& server, bool at_once) {
    if (server <= 0) return;
    bool ended = false;
    if (!at_once) {
        ::kill(server, SIGINT);
        ended = ended_within(server, 20'000);
    }
    if (!ended) {
        ::kill(server, SIGQUIT);
        ended = ended_within(server, 10'000);
    }
    if (!ended) {
        ::kill(server, SIGKILL);
        ended_within(server, 10'000);
    }
    server = -1;
}

inline int exit_state(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

/// Removes the folder. A child of a killed server may still write into it, hence several attempts.
inline void remove_folder(orders const& o) {
    struct stat found {};
    for (int attempt = 0; attempt < 20 && ::lstat(o.folder.c_str(), &found) == 0; ++attempt) {
        if (attempt > 0) pause_milliseconds(50);
        pid_t const child = ::fork();
        if (child == 0) {
            ::execve(o.remover.get()[0], o.remover.get(), o.environment.get());
            ::_exit(127);
        }
        if (child > 0) ended_within(child, 60'000);
    }
}

/// Runs initdb to its end; cuts it short when the program is gone, which shows as something to read.
inline int initialise(orders const& o, int channel) {
    pid_t const child = launch(o, o.initdb, o.switch_user);
    if (child < 0) return 126;
    int status = 0;
    for (;;) {
        pid_t const ended = ::waitpid(child, &status, WNOHANG);
        if (ended == child) return exit_state(status);
        if (ended == -1 && errno != EINTR) return 126;
        pollfd program{.fd = channel, .events = POLLIN, .revents = 0};
        if (::poll(&program, 1, 5) > 0) {
            ::kill(child, SIGTERM);
            if (!ended_within(child, 5'000)) ::kill(child, SIGKILL);
            return 126;
        }
    }
}

/// Serves commands until the program says quit or is no more.
[[noreturn]] inline void run(orders const& o, int channel) {
    pid_t server = -1;
    for (;;) {
        char order = 0;
        ssize_t const got = ::read(channel, &order, 1);
        if (got == -1 && errno == EINTR) continue;
        if (got != 1) order = static_cast<char>(command::quit);
        answer reply{0};
        switch (static_cast<command>(order)) {
            case command::initialise: reply.value = initialise(o, channel); break;
            case command::start: reply.value = server = launch(o, o.server, o.switch_user); break;
            case command::poll: {
                int status = 0;
                reply.value = still_running;
                if (server <= 0 || ::waitpid(server, &status, WNOHANG) == server) {
                    reply.value = server <= 0 ? 0 : exit_state(status);
                    server = -1;
                }
                break;
            }
            case command::stop_fast: stop(server, false); break;
            case command::stop_now: stop(server, true); break;
            case command::quit:
            default:
                stop(server, true);
                remove_folder(o);
                ::_exit(0);  // closes the socket: the program, if it waits, sees the end
        }
        if (::send(channel, &reply, sizeof reply, 0) != sizeof reply) continue;  // the next read sees the end
    }
}

/// Is what the forked process does before it serves: leave the terminal, the signals and the files of the program.
[[noreturn]] inline void begin(orders const& o, int channel) {
    ::setsid();
    for (int signal = 1; signal < 32; ++signal) ::signal(signal, SIG_DFL);
    for (int const signal : ignored) ::signal(signal, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::umask(077);
    int const nothing = ::open("/dev/null", O_RDWR);
    for (int descriptor = 0; descriptor < 3; ++descriptor) ::dup2(nothing, descriptor);
    close_all_but(channel);
    if (::chdir("/") != 0) ::_exit(1);
#ifdef __linux__
    ::prctl(PR_SET_NAME, "sark-guardian");
#endif
    run(o, channel);
}

}  // namespace guardian

/// Is the program's end of the socket to its guardian.
class guardian_link {
public:
    /// Forks the guardian. `o` must not have been used before: the guardian takes its copy with the fork.
    explicit guardian_link(orders const& o) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
            throw std::system_error{errno, std::generic_category(), "sark: socketpair"};
        for (int const end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
        int const on = 1;
        ::setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
        process_ = ::fork();
        if (process_ == 0) guardian::begin(o, ends[1]);
        int const error = errno;
        ::close(ends[1]);
        socket_ = ends[0];
        if (process_ < 0) {
            ::close(socket_);
            throw std::system_error{error, std::generic_category(), "sark: fork"};
        }
    }
    guardian_link(guardian_link const&) = delete;
    guardian_link& operator=(guardian_link const&) = delete;
    ~guardian_link() { ::close(socket_); }

    /// Sends a command and waits for what comes of it.
    int ask(command what) const {
        answer reply{0};
        if (!send(what)) throw std::runtime_error{gone};
        for (;;) {
            ssize_t const got = ::recv(socket_, &reply, sizeof reply, MSG_WAITALL);
            if (got == sizeof reply) return reply.value;
            if (got == -1 && errno == EINTR) continue;
            throw std::runtime_error{gone};
        }
    }

    /// Has the server stopped and the folder removed, and waits until it is done.
    void quit() const noexcept {
        if (!send(command::quit)) return;
        char unused = 0;
        for (;;) {
            ssize_t const got = ::recv(socket_, &unused, 1, 0);
            if (got == 1 || (got == -1 && errno == EINTR)) continue;
            break;
        }
        while (::waitpid(process_, nullptr, 0) == -1 && errno == EINTR) {}
    }

private:
    static constexpr char const* gone = "sark: the process that watches over the private PostgreSQL server was killed.";

    [[nodiscard]] bool send(command what) const noexcept {
#ifdef MSG_NOSIGNAL
        constexpr int flags = MSG_NOSIGNAL;
#else
        constexpr int flags = 0;
#endif
        char const order = static_cast<char>(what);
        ssize_t sent = 0;
        do sent = ::send(socket_, &order, 1, flags);
        while (sent == -1 && errno == EINTR);
        return sent == 1;
    }

    int socket_ = -1;
    pid_t process_ = -1;
};

}  // namespace sark::testing::detail
