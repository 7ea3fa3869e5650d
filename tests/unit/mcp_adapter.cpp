// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "mcp/mapping.hpp"

namespace {

mcp::command bad(std::string const& mode, std::string const& lock = "") {
    std::vector<std::string> arguments{SARK_BAD_MCP_SERVER, mode};
    if (!lock.empty()) arguments.push_back(lock);
    return mcp::command{arguments, environ};
}

mcp::limits quick(int answer_ms = 5'000) {
    return {.answer = std::chrono::milliseconds{answer_ms}, .end = std::chrono::milliseconds{100}};
}

/// Gives what is said about a server, its command as `S`: "2" or "1" for the exit code, and the sentence.
std::string said_of(mcp::command const& server, mcp::limits const& limits) {
    auto const shown = [&](std::string const& code, std::exception const& e) {
        std::string said = e.what();
        REQUIRE(said.starts_with(server.text()));
        return code + " S" + said.substr(server.text().size());
    };
    try {
        auto const found = mcp::map_server(mcp::ask_server(server, limits), server);
        return std::to_string(found.capabilities.size()) + " tools";
    } catch (support::not_ready const& e) { return shown("2", e); } catch (support::bad_input const& e) {
        return shown("1", e);
    }
}

std::string said_of(std::string const& mode, int answer_ms = 5'000) { return said_of(bad(mode), quick(answer_ms)); }

sark::json_tree tool(std::string const& text) { return sark::parse_json(text); }

std::string refusal(std::vector<std::string> const& tools) {
    mcp::server_description server{.revision = "2025-06-18", .name = "s"};
    for (std::string const& text : tools) server.tools.push_back(tool(text));
    mcp::command const command{{"server"}};
    try {
        static_cast<void>(mcp::map_server(server, command));
    } catch (support::bad_input const& e) { return e.what(); }
    return "";
}

}  // namespace

TEST_CASE("mcp: a server is asked for its tools, page by page", "[mcp]") {
    auto const server = mcp::ask_server(bad("normal"), quick());
    CHECK(server.name == "bad");
    CHECK(server.revision == "2025-06-18");
    CHECK(server.version == "1");
    CHECK(server.capabilities == std::vector<std::string>{"prompts", "tools"});
    std::string names;
    for (sark::json_tree const& t : server.tools) names += t.find("name")->text();
    CHECK(names == "abc");
    // Nobody of ours is left to be waited for, and signals and pipes are as they were.
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("mcp: a server may be slow, ask back, log, send batches, and have no tools", "[mcp]") {
    CHECK(said_of("slow") == "3 tools");
    CHECK(said_of("asking") == "3 tools");
    CHECK(said_of("batch") == "3 tools");
    CHECK(said_of("no tools at all") == "0 tools");
}

TEST_CASE("mcp: a server that cannot be asked is one sentence", "[mcp]") {
    CHECK(said_of(mcp::command{{"/nowhere/at-all"}}, quick()) == "2 S: there is no such program.");
    CHECK(said_of("crash") == "2 S: it was ended by signal 9 before it answered initialize.");
    CHECK(said_of("crash mid-way") == "2 S: it ended with exit code 9 before it answered tools/list.");
    CHECK(said_of("silent", 100) == "2 S: it did not answer in time (initialize, 100 ms).");
    CHECK(said_of("silent mid-way", 1'000) == "2 S: it did not answer in time (tools/list, 1 s).");
    // Its words are kept, the secrets of the environment in them are not.
    ::setenv("SARK_TEST_TOKEN", "hunter2hunter2", 1);
    CHECK(said_of("dead") ==
          "2 S: it ended with exit code 3 before it answered initialize. It said: no licence for *** found");
    ::unsetenv("SARK_TEST_TOKEN");
}

TEST_CASE("mcp: a server that talks and never answers is given up in time or by size", "[mcp]") {
    mcp::limits small = quick(20'000);
    small.line_bytes = 1'000'000;
    small.session_bytes = 1'200'000;
    CHECK(said_of(bad("flood"), small) == "1 S: it sent more than 1 MiB.");
    CHECK(said_of(bad("blank"), small) == "1 S: it sent more than 1 MiB.");
    CHECK(said_of(bad("huge"), small) == "1 S: it sent a line of over 0 MiB.");
    CHECK(said_of("huge", 20'000) == "1 S: it sent a line of over 16 MiB.");
    CHECK(said_of("flood", 300).ends_with(" S: it did not answer in time (initialize, 300 ms)."));
}

TEST_CASE("mcp: a server that says what cannot be used is one sentence", "[mcp]") {
    std::string const babble =
        "1 S: it writes to its standard output what is no message of the protocol; logs belong to standard error.";
    for (auto const& [mode, said] : std::vector<std::pair<std::string, std::string>>{
             {"babbling", babble},
             {"malformed", "1 S: it sent a message that cannot be used: the document is not JSON at line 1, column 41: "
                           "a name in double quotes is missing."},
             {"zero", "1 S: it sent a message that cannot be used: the document has the escape \\u0000, which jsonb "
                      "cannot hold, at $.result.a (line 1, column 40)."},
             {"version 1", "1 S: it sent a message that is not JSON-RPC 2.0."},
             {"wrong id", "1 S: it answered something else than initialize, which it was asked."},
             {"no result", "1 S: it answered initialize with neither a result nor an error."},
             {"text result", "1 S: it answered initialize with a result that is no object."},
             {"list of nothing", "1 S: it answered initialize with an empty batch."},
             {"error", "1 S: it answered initialize with an error: Out of \\x1b[31mcoffee (-32603)."},
             {"error mid-way", "1 S: it answered tools/list with an error: Bad cursor (-32602)."},
             {"no name", "1 S: it answered initialize with no name of the server."},
             {"old revision",
              "1 S: it answered initialize with the revision \"2023-01-01\" of the protocol; understood "
              "are 2024-11-05 to 2025-11-25."},
             {"endless", "1 S: it answered tools/list with the same page again, which would never end."},
             {"twice", "1 S: tool 2 (a) has the name of tool 1."}}) {
        INFO(mode);
        CHECK(said_of(mode) == said);
    }
    CHECK_THAT(said_of("deep"), ContainsSubstring("nest"));
}

TEST_CASE("mcp: a server ends with all it has started, whatever it thinks of it", "[mcp]") {
    char lock[] = "/tmp/sark_mcp_lock_XXXXXX";
    int const file = ::mkstemp(lock);
    REQUIRE(file >= 0);
    CHECK(said_of(bad("stubborn", lock), quick()) == "3 tools");
    // A process that lives holds its lock, for a minute; one that is dead does not, collected or not. A busy machine takes
    // its time to end one that was killed.
    bool is_free = false;
    for (int i = 0; i < 1000 && !is_free; ++i) {
        is_free = ::flock(file, LOCK_EX | LOCK_NB) == 0;
        if (!is_free) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    CHECK(is_free);
    ::close(file);
    ::unlink(lock);
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("mcp: a signal ends the server, then the wait", "[mcp]") {
    struct sigaction before {};
    ::sigaction(SIGTERM, nullptr, &before);
    try {
        static_cast<void>(mcp::ask_server(bad("interrupt"), quick(30'000)));
        FAIL("it was not interrupted");
    } catch (mcp::interrupted const& e) { CHECK(e.signal == SIGTERM); }
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
    struct sigaction after {};
    ::sigaction(SIGTERM, nullptr, &after);
    CHECK(after.sa_handler == before.sa_handler);
}

TEST_CASE("mcp: a server does not get the way into our database", "[mcp]") {
    ::setenv("PGPASSWORD", "open sesame", 1);
    // The exit code tells: grep finds nothing.
    CHECK(said_of(mcp::command{{"sh", "-c", "env | grep -qE '^(PGPASSWORD|DATABASE_URL)=' && exit 8; exit 5"}}, quick())
              .find("exit code 5") != std::string::npos);
    ::unsetenv("PGPASSWORD");
}

TEST_CASE("mcp: a command is shown as a shell takes it, without secrets", "[mcp]") {
    auto const shown = [](std::vector<std::string> arguments) { return mcp::command{std::move(arguments)}.text(); };
    CHECK(shown({"npx", "-y", "@modelcontextprotocol/server-everything@2026.8.31"}) ==
          "npx -y @modelcontextprotocol/server-everything@2026.8.31");
    CHECK(shown({"a b", "it's", ""}) == "'a b' 'it'\\''s' ''");
    CHECK(shown({"s", "--api-key", "abc", "--port", "80"}) == "s --api-key *** --port 80");
    CHECK(shown({"s", "--api-key", "--verbose"}) == "s --api-key --verbose");
    CHECK(shown({"s", "--token=abc", "GITHUB_TOKEN=x", "Authorization: Bearer x"}) ==
          "s --token=*** GITHUB_TOKEN=*** Authorization:***");
    CHECK(shown({"s", "postgres://me:pa:ss@host/db", "https://host:80/a@b"}) ==
          "s postgres://me:***@host/db https://host:80/a@b");
    CHECK(shown({"s", "ghp_abcdefghijkl", "A1b2C3d4E5f6G7h8I9j0", "X=A1b2C3d4E5f6G7h8I9j0"}) == "s *** *** X=***");
    CHECK(shown({"s", "/home/user1/projects/2024/data", "a-long-name-without-any-digit"}) ==
          "s /home/user1/projects/2024/data a-long-name-without-any-digit");
    mcp::command const command{{"s", "--password", "correct horse"}};
    CHECK(command.without_secrets("no: correct horse, correct horse") == "no: ***, ***");
}

TEST_CASE("mcp: a tool becomes a capability", "[mcp]") {
    mcp::server_description server{.revision = "2025-11-25",
                                   .name = "The/Server 2",
                                   .title = "The Server",
                                   .version = "2.1",
                                   .instructions = "Be kind.",
                                   .capabilities = {"logging", "tools"}};
    server.tools.push_back(tool(R"({"name":"get","title":"Get it","description":"Gets.","inputSchema":
        {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"n":{"maximum":1e300,
        "default":12345678901234567890}}},"outputSchema":{"type":"object"},"annotations":{"title":"G",
        "readOnlyHint":true,"x-more":[1]},"_meta":{"k":1},"execution":{"taskSupport":"optional"},"tool":"liar"})"));
    server.tools.push_back(tool(R"({"name":"put","inputSchema":{},"annotations":{"destructiveHint":false}})"));
    server.tools.push_back(tool(R"({"name":"drop","inputSchema":{},"annotations":{"destructiveHint":true}})"));
    server.tools.push_back(tool(R"({"name":"what","inputSchema":{}})"));
    auto const made = mcp::map_server(server, mcp::command{{"run", "me"}});
    CHECK(made.source == "run me");
    CHECK(made.resource.id == "mcp:the-server-2");
    CHECK(made.resource.name == "The Server");
    CHECK(made.resource.protocol == "mcp");
    CHECK(made.resource.endpoint == "stdio:run me");
    CHECK(made.resource.sensitivity_level == sark::Sensitivity::high);
    auto const metadata = sark::from_json<sark::McpMetadata>(made.resource.metadata_);
    CHECK(metadata.transport == "stdio");
    CHECK(metadata.command == "run me");
    CHECK(metadata.mcp_version == "2025-11-25");
    CHECK(metadata.capabilities == server.capabilities);
    CHECK(metadata.description == "Be kind.");
    CHECK(sark::parse_json(made.resource.metadata_.text()).find("server_version")->text() == "2.1");

    REQUIRE(made.capabilities.size() == 4);
    sark::Capability const& get = made.capabilities[0];
    CHECK(get.id == "mcp:the-server-2/get");
    CHECK(get.resource_id == "mcp:the-server-2");
    CHECK(get.description == "Gets.");
    CHECK(get.input_schema.text().find("12345678901234567890") != std::string::npos);
    CHECK(get.output_schema == sark::json{R"({"type":"object"})"});
    CHECK(get.metadata_ == sark::json{R"({"tool":"get","title":"Get it","annotations":{"title":"G","readOnlyHint":true,
        "x-more":[1]},"_meta":{"k":1},"execution":{"taskSupport":"optional"}})"});
    std::string levels;
    for (sark::Capability const& c : made.capabilities)
        levels += std::string{sark::label_of(c.sensitivity_level)} + ' ';
    CHECK(levels == "low medium high medium ");
    CHECK(made.capabilities[1].output_schema == sark::json{});
    CHECK_FALSE(made.capabilities[1].description);

    auto const named = mcp::map_server(server, mcp::command{{"run"}}, "My Own");
    CHECK(named.resource.id == "mcp:my-own");
    CHECK(named.resource.name == "My Own");
}

TEST_CASE("mcp: a tool that cannot be used is named", "[mcp]") {
    std::string const good = R"({"name":"a","inputSchema":{}})";
    CHECK(refusal({good}).empty());
    CHECK(refusal({good, "{}"}) == "server: tool 2 has no name.");
    CHECK(refusal({R"({"name":"","inputSchema":{}})"}) == "server: tool 1 has no name.");
    CHECK(refusal({R"({"name":"a"})"}) == "server: tool 1 (a) has no input schema.");
    CHECK(refusal({R"({"name":"a","inputSchema":true})"}) == "server: tool 1 (a) has no input schema.");
    CHECK(refusal({R"({"name":"a","inputSchema":{},"outputSchema":[]})"}) ==
          "server: tool 1 (a) has an output schema that is no object.");
    CHECK(refusal({R"({"name":"a","inputSchema":{},"description":1})"}) ==
          "server: tool 1 (a) has a description that is no text.");
    CHECK(refusal({R"({"name":"a","inputSchema":{},"annotations":{"readOnlyHint":"yes"}})"}) ==
          "server: tool 1 (a) has a title or annotations of a wrong type.");
    CHECK(refusal({good, good}) == "server: tool 2 (a) has the name of tool 1.");
    CHECK(refusal({R"({"name":"a","inputSchema":{},"description":null,"outputSchema":null,"annotations":null})"})
              .empty());
}
