// SPDX-License-Identifier: MIT
//
// bad_mcp_server MODE [LOCK]
//
// A server of the Model Context Protocol that misbehaves in one way, for the tests of examples/mcp. Looks for what it
// needs in what it is sent and does not parse it: the adapter writes compact JSON. In the mode `stubborn` it starts a
// second process, and both hold a lock on the file LOCK, ignore what asks them to end, and stay for a minute.

#include <csignal>
#include <cstdlib>
#include <chrono>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace {

std::string id_of(std::string const& line) {
    std::size_t const at = line.find("\"id\":");
    return at == std::string::npos ? "" : line.substr(at + 5, line.find_first_of(",}", at) - at - 5);
}

bool is(std::string const& line, std::string_view method) {
    return line.find("\"method\":\"" + std::string{method} + '"') != std::string::npos;
}

void say(std::string const& line) { std::cout << line << std::endl; }
void result(std::string const& id, std::string const& text) {
    say(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + text + '}');
}

/// Reads a line; at the end of the input the program ends, unless it is stubborn.
std::string read_line(bool stays = false) {
    std::string line;
    if (std::getline(std::cin, line)) return line;
    if (stays) std::this_thread::sleep_for(std::chrono::minutes{1});
    std::exit(0);
}

void greet(std::string const& id, std::string const& revision = "2025-06-18") {
    result(id, R"({"protocolVersion":")" + revision +
                   R"(","capabilities":{"tools":{},"prompts":{}},"serverInfo":{"name":"bad","version":"1"}})");
}

std::string tool(std::string const& name) { return R"({"name":")" + name + R"(","inputSchema":{"type":"object"}})"; }

void sleep(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds{ms}); }

/// Stays whatever anybody wants, until somebody insists; and starts a second process that does.
void stay(char const* lock) {
    std::signal(SIGTERM, SIG_IGN);
    // Shared by both: it ends with the last of them.
    ::flock(::open(lock, O_RDWR | O_CREAT, 0600), LOCK_SH);
    if (::fork() != 0) return;
    sleep(60'000);
    std::_Exit(0);
}

}  // namespace

int main(int count, char** arguments) {
    std::string const mode = count > 1 ? arguments[1] : "normal";
    if (mode == "dead") {
        std::cerr << "first line\nno licence for hunter2hunter2 found\n\n";
        return 3;
    }
    if (mode == "stubborn") stay(arguments[2]);
    std::string const hello = id_of(read_line());
    if (mode == "silent") sleep(60'000);
    if (mode == "crash") ::raise(SIGKILL);
    if (mode == "interrupt") {
        ::kill(::getppid(), SIGTERM);
        sleep(60'000);
    }
    if (mode == "babbling") say("Server ready, listening on stdio.");
    if (mode == "list of nothing") say("[]");
    if (mode == "malformed") say(R"({"jsonrpc":"2.0","id":1,"result":{"a":1,}})");
    if (mode == "zero") say(R"({"jsonrpc":"2.0","id":1,"result":{"a":"\u0000"}})");
    if (mode == "deep") say(R"({"jsonrpc":"2.0","id":1,"result":)" + std::string(100'000, '['));
    if (mode == "version 1") say(R"({"id":1,"result":{}})");
    if (mode == "wrong id") result("99", "{}");
    if (mode == "no result") say(R"({"jsonrpc":"2.0","id":1})");
    if (mode == "text result") result(hello, "\"hello\"");
    if (mode == "error") say(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Out of \u001b[31mcoffee"}})");
    if (mode == "no name") result(hello, R"({"protocolVersion":"2025-06-18","serverInfo":{}})");
    if (mode == "no tools at all")
        result(hello, R"({"protocolVersion":"2024-11-05","capabilities":{"prompts":{}},"serverInfo":{"name":"p"}})");
    if (mode == "old revision") greet(hello, "2023-01-01");
    if (mode == "huge") {
        std::string const block(1'000'000, 'x');
        for (int i = 0; i < 100; ++i) std::cout << block;
        say("");
    }
    if (mode == "flood")
        for (;;) say(R"({"jsonrpc":"2.0","method":"notifications/message","params":{"data":"x"}})");
    if (mode == "blank")
        for (;;) std::cout << std::string(4096, '\n') << std::flush;
    if (mode == "slow") sleep(200);
    if (mode == "asking") {
        // Answers only when it was answered itself, each in its own way.
        say(R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hello"}})");
        say(R"({"jsonrpc":"2.0","id":"p","method":"ping"})");
        say(R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})");
        say(R"({"jsonrpc":"2.0","id":8.5,"method":"sampling/createMessage","params":{}})");
        if (read_line() != R"({"jsonrpc":"2.0","id":"p","result":{}})") return 4;
        if (read_line() != R"({"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"Method not found"}})") return 5;
        if (read_line() != R"({"jsonrpc":"2.0","id":8.5,"error":{"code":-32601,"message":"Method not found"}})")
            return 6;
    }
    if (mode == "batch") {
        say(R"([{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":"q","method":"ping"},)"
            R"({"jsonrpc":"2.0","id":1.0,"result":{"protocolVersion":"2025-03-26","capabilities":{"tools":{}},)"
            R"("serverInfo":{"name":"bad"}}}])");
        if (read_line() != R"({"jsonrpc":"2.0","id":"q","result":{}})") return 4;
    } else if (mode != "no tools at all") {
        greet(hello);
    }
    for (;;) {
        std::string const line = read_line(mode == "stubborn");
        if (mode == "no tools at all" && is(line, "tools/list")) return 7;
        if (is(line, "notifications/initialized") || !is(line, "tools/list")) continue;
        std::string const id = id_of(line);
        bool const first = line.find("cursor") == std::string::npos;
        if (mode == "crash mid-way" && !first) return 9;
        if (mode == "silent mid-way" && !first) sleep(60'000);
        if (mode == "error mid-way" && !first)
            say(R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":-32602,"message":"Bad cursor"}})");
        else if (mode == "endless" && !first)
            result(id, R"({"tools":[],"nextCursor":"again"})");
        else if (first)
            result(id, R"({"tools":[)" + tool("a") + ',' + tool(mode == "twice" ? "a" : "b") +
                           R"(],"nextCursor":"again"})");
        else
            result(id, R"({"tools":[)" + tool("c") + "]}");
    }
}
