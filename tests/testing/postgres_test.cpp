// SPDX-License-Identifier: MIT
#include <sark/testing.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <sys/un.h>

#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using sark::testing::postgres;
using sark::testing::postgres_options;

bool eventually(std::function<bool()> const& condition) {
    auto const deadline = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

bool alive(pid_t process) { return ::kill(process, 0) == 0; }

/// Gives the one value a statement answers with, by psql: this library's own way to a server is tested elsewhere.
sark::testing::detail::program_result psql(std::string const& url, std::string const& sql) {
    auto const program = sark::testing::detail::find_program("psql");
    REQUIRE(program);
    return sark::testing::detail::run_program(
        sark::testing::detail::text_list{{program->string(), "-XAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql}},
        sark::testing::detail::text_list{{"PATH=/usr/bin:/bin", "LC_ALL=C"}});
}

std::string answer(std::string const& url, std::string const& sql) {
    auto const result = psql(url, sql);
    INFO(result.output);
    REQUIRE(result.exit_state == 0);
    return result.output.substr(0, result.output.find_last_not_of('\n') + 1);
}

/// Counts the TCP sockets of a process: those of its descriptors that the kernel's tables of TCP sockets name.
int tcp_sockets(pid_t process) {
    std::set<std::string> inodes;
    for (char const* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream in{table};
        for (std::string line; std::getline(in, line);) {
            std::istringstream words{line};
            std::string word;
            for (int column = 0; words >> word; ++column)
                if (column == 9) inodes.insert("socket:[" + word + "]");
        }
    }
    int count = 0;
    for (auto const& entry : fs::directory_iterator{"/proc/" + std::to_string(process) + "/fd"})
        count += inodes.contains(fs::read_symlink(entry.path()).string()) ? 1 : 0;
    return count;
}

/// Is a child process that owns a server.
class owner {
public:
    explicit owner(std::string how) {
        REQUIRE(::pipe(ends_.data()) == 0);
        sark::testing::detail::text_list const arguments{{SARK_SERVER_OWNER, std::move(how)}};
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(ends_[1], STDOUT_FILENO);
            ::close(ends_[0]);
            ::close(ends_[1]);
            ::execv(SARK_SERVER_OWNER, arguments.get());
            ::_exit(127);
        }
        ::close(ends_[1]);
        std::string said;
        for (char c = 0; ::read(ends_[0], &c, 1) == 1 && c != '\n';) said += c;
        std::size_t const space = said.find(' ');
        REQUIRE(space != std::string::npos);
        folder = said.substr(0, space);
        server = std::stoi(said.substr(space + 1));
    }
    owner(owner const&) = delete;
    owner& operator=(owner const&) = delete;
    ~owner() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        ::close(ends_[0]);
    }

    void send(int signal) const { ::kill(child_, signal); }
    int wait() {
        int status = 0;
        ::waitpid(child_, &status, 0);
        child_ = -1;
        return sark::testing::detail::guardian::exit_state(status);
    }
    [[nodiscard]] bool gone() const { return !fs::exists(folder) && !alive(server); }

    fs::path folder;
    pid_t server = -1;

private:
    std::array<int, 2> ends_{};
    pid_t child_ = -1;
};

}  // namespace

// A server takes half a second to make: what can share one does.

TEST_CASE("postgres: is ready when constructed, private, and makes databases") {
    // Nothing of libpq's environment gets through to the server.
    ::setenv("PGPORT", "1", 1);
    ::setenv("PGOPTIONS", "-c search_path=nowhere", 1);
    auto const begin = std::chrono::steady_clock::now();
    postgres const server;
    auto const took = std::chrono::steady_clock::now() - begin;
    ::unsetenv("PGPORT");
    ::unsetenv("PGOPTIONS");
    WARN("started in " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");

    CHECK(server.url().starts_with("postgresql:///postgres?host="));
    CHECK(answer(server.url(), "SELECT current_database()") == "postgres");
    CHECK(answer(server.url(), "SHOW server_encoding") == "UTF8");
    CHECK(answer(server.url(), "SHOW fsync") == "off");
    CHECK(alive(server.pid()));
    CHECK_THAT(server.log(), ContainsSubstring("ready to accept connections"));

    // Only its own account reaches the folder, and there is no port.
    struct stat found {};
    REQUIRE(::stat(server.folder().c_str(), &found) == 0);
    CHECK((found.st_mode & 077) == 0);
    if (::geteuid() == 0) CHECK(found.st_uid != 0);
    struct sockaddr_un const address{};
    CHECK((server.folder() / ".s.PGSQL.5432").native().size() < sizeof address.sun_path);
    CHECK(answer(server.url(), "SHOW listen_addresses").empty());
    CHECK_THROWS_AS(server.tcp_url(), std::logic_error);
    if (fs::exists("/proc/net/tcp")) CHECK(tcp_sockets(server.pid()) == 0);

    CHECK(answer(server.create_database("plain"), "SELECT current_database()") == "plain");
    CHECK(answer(server.create_database("a b/c%&?'\"ü"), "SELECT current_database()") == "a b/c%&?'\"ü");
    CHECK_THROWS_WITH(server.create_database("plain"), ContainsSubstring("already exists"));
}

TEST_CASE("postgres: password, port and settings when asked for") {
    std::string const password = "p w/x@:%\"'";
    postgres const server{{.superuser = "root user",
                           .password = password,
                           .tcp = true,
                           .settings = {{"max_connections", "17"}, {"timezone", "Asia/Tokyo"}}}};
    CHECK(answer(server.url(), "SELECT inet_server_addr() IS NULL") == "t");
    CHECK(answer(server.tcp_url(), "SELECT host(inet_server_addr())") == "127.0.0.1");
    if (fs::exists("/proc/net/tcp")) CHECK(tcp_sockets(server.pid()) == 1);
    CHECK(answer(server.url(), "SHOW max_connections") == "17");
    CHECK(answer(server.url(), "SHOW timezone") == "Asia/Tokyo");
    CHECK(answer(server.url(), "SELECT current_user") == "root user");
    CHECK(answer(server.create_database("other"), "SELECT 1") == "1");

    std::string wrong = server.url();
    wrong.erase(wrong.find("&password="));
    auto const refused = psql(wrong + "&password=wrong", "SELECT 1");
    CHECK(refused.exit_state != 0);
    CHECK_THAT(refused.output, ContainsSubstring("password authentication failed"));
    CHECK_FALSE(fs::exists(server.folder() / "password"));
}

TEST_CASE("postgres: two servers know nothing of each other, and one outlives the other") {
    postgres const one;
    fs::path folder;
    pid_t process = -1;
    {
        postgres const two;
        folder = two.folder();
        process = two.pid();
        CHECK(one.folder() != folder);
        answer(one.url(), "CREATE TABLE only_here (x int)");
        CHECK(answer(two.url(), "SELECT to_regclass('only_here') IS NULL") == "t");
    }
    CHECK_FALSE(fs::exists(folder));
    CHECK_FALSE(alive(process));
    CHECK(answer(one.url(), "SELECT 1") == "1");
}

TEST_CASE("postgres: stops and comes back with its data at the same address, and can be moved") {
    postgres server;
    answer(server.url(), "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)");
    pid_t const before = server.pid();
    server.stop();
    CHECK(server.pid() == -1);
    CHECK_FALSE(alive(before));
    CHECK(psql(server.url(), "SELECT 1").exit_state != 0);
    server.restart();
    CHECK(server.pid() != before);
    CHECK(answer(server.url(), "SELECT x FROM kept") == "7");
    server.crash();
    server.restart();
    CHECK(answer(server.url(), "SELECT x FROM kept") == "7");
    CHECK_THAT(server.log(), ContainsSubstring("database system was not properly shut down"));

    pid_t const process = server.pid();
    postgres second = std::move(server);
    CHECK(second.pid() == process);
    CHECK(server.pid() == -1);  // NOLINT(bugprone-use-after-move): that is the question
    fs::path const folder = second.folder();
    second = postgres{};
    CHECK_FALSE(fs::exists(folder));
    CHECK(answer(second.url(), "SELECT 1") == "1");
}

TEST_CASE("postgres: is gone after an exception and after an exit of its owner") {
    auto const [how, state] = GENERATE(table<std::string, int>({{"throw", 3}, {"exit", 4}}));
    owner program{how};
    CHECK(program.wait() == state);
    CHECK(eventually([&] { return program.gone(); }));
}

TEST_CASE("postgres: is gone when a signal ends its owner, not when a process forked off it ends") {
    auto const [how, signal] = GENERATE(table<std::string, int>({{"wait", SIGKILL}, {"forked-copy", SIGTERM}}));
    owner program{how};
    if (how == "forked-copy") std::this_thread::sleep_for(200ms);  // there its copy is destroyed meanwhile
    CHECK(alive(program.server));
    CHECK(fs::exists(program.folder));
    program.send(signal);
    CHECK(program.wait() == 128 + signal);
    CHECK(eventually([&] { return program.gone(); }));
}

TEST_CASE("postgres: says what to do when there is no server in the folder named") {
    CHECK_THROWS_WITH(postgres({.bindir = "/nonexistent"}),
                      ContainsSubstring("/nonexistent") && ContainsSubstring("pg_config --bindir"));
    char const* const variable = "SARK_PG_BINDIR";
    auto const before = sark::testing::detail::environment(variable);
    ::setenv(variable, "/nonexistent", 1);
    CHECK_THROWS_WITH(postgres{}, ContainsSubstring("SARK_PG_BINDIR is /nonexistent"));
    if (before)
        ::setenv(variable, before->c_str(), 1);
    else
        ::unsetenv(variable);
}

TEST_CASE("postgres: shows the log when the server does not start") {
    fs::path const parent = fs::temp_directory_path() / ("sark-parent-" + std::to_string(::getpid()));
    fs::create_directory(parent);
    fs::permissions(parent, fs::perms::all);
    CHECK_THROWS_WITH(postgres({.settings = {{"no_such_setting", "1"}}, .parent = parent}),
                      ContainsSubstring("did not start") && ContainsSubstring("no_such_setting"));
    CHECK(fs::is_empty(parent));
    fs::remove_all(parent);
}

TEST_CASE("postgres: the newest of several versions is taken") {
    fs::path const parent = fs::temp_directory_path() / ("sark-versions-" + std::to_string(::getpid()));
    for (char const* version : {"9.6", "15", "9", "notes"}) {
        fs::create_directories(parent / version / "bin");
        for (char const* name : {"initdb", "postgres"}) {
            if (std::string_view{version} == "notes") continue;
            std::ofstream{parent / version / "bin" / name} << "#!/bin/sh\n";
            fs::permissions(parent / version / "bin" / name, fs::perms::owner_all);
        }
    }
    CHECK(sark::testing::detail::newest(parent, "") == parent / "15" / "bin");
    CHECK_FALSE(sark::testing::detail::newest(parent, "postgresql").has_value());
    CHECK_FALSE(sark::testing::detail::newest(parent / "nowhere", "").has_value());
    fs::remove_all(parent);
}
