// SPDX-License-Identifier: MIT
#include <sark/testing.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;
using sark::testing::detail::program_result;
using sark::testing::detail::run_program;
using sark::testing::detail::text_list;

std::string path() { return "PATH=" + sark::testing::detail::environment("PATH").value_or("/usr/bin:/bin"); }

program_result with_postgres(std::vector<std::string> command) {
    command.insert(command.begin(), SARK_WITH_POSTGRES);
    return run_program(text_list{std::move(command)}, text_list{{path(), "LC_ALL=C", "MARK=kept"}});
}

}  // namespace

TEST_CASE("with_postgres: the command gets the address, its environment and its user") {
    auto const result = with_postgres({"--", "/bin/sh", "-c",
                                       "echo \"$MARK $(id -u)\"; psql -XAt -d \"$DATABASE_URL\" -c 'SELECT 1 + 1'; "
                                       "test \"$DATABASE_URL\" = \"$SARK_TEST_DATABASE_URL\" && echo same; exit 7"});
    INFO(result.output);
    CHECK(result.exit_state == 7);
    CHECK(result.output == "kept " + std::to_string(::getuid()) + "\n2\nsame\n");
}

TEST_CASE("with_postgres: says so when there is nothing to run") {
    CHECK(with_postgres({"--"}).exit_state == 125);
    auto const result = with_postgres({"--", "/nonexistent/program"});
    CHECK(result.exit_state == 127);
    CHECK_THAT(result.output, ContainsSubstring("/nonexistent/program"));
    CHECK(with_postgres({"no_such_program_on_path"}).exit_state == 127);
}

TEST_CASE("with_postgres: says so when there is no server") {
    auto const result = run_program(text_list{{SARK_WITH_POSTGRES, "/bin/true"}},
                                    text_list{{path(), "SARK_PG_BINDIR=/nonexistent"}});
    CHECK(result.exit_state == 125);
    CHECK_THAT(result.output, ContainsSubstring("SARK_PG_BINDIR"));
}

TEST_CASE("with_postgres: a signal reaches the command, and the server is gone afterwards") {
    auto const [signal, trap, state] = GENERATE(
        table<int, std::string, int>({{SIGTERM, "trap 'exit 42' TERM; ", 42}, {SIGINT, "", 128 + SIGINT}}));
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    text_list const arguments{
        {SARK_WITH_POSTGRES, "/bin/sh", "-c", trap + "echo \"$DATABASE_URL\"; while :; do sleep 0.05; done"}};
    pid_t const child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execv(SARK_WITH_POSTGRES, arguments.get());
        ::_exit(127);
    }
    ::close(ends[1]);
    std::string url;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) url += c;
    std::size_t const begin = url.find("host=") + 5;
    fs::path const folder = url.substr(begin, url.find('&', begin) - begin);
    CHECK(fs::exists(folder));
    ::kill(child, signal);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    CHECK(sark::testing::detail::guardian::exit_state(status) == state);
    CHECK_FALSE(fs::exists(folder));
}
