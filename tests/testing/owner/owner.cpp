// SPDX-License-Identifier: MIT
//
// A program that owns a private server and ends in the way its first argument names. It prints the server's folder and
// process id once the server runs.

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

#include <sark/testing.hpp>

namespace {

[[noreturn]] void wait_for_a_signal() {
    for (;;) ::pause();
}

void announce(sark::testing::postgres const& server) {
    std::cout << server.folder().string() << ' ' << server.pid() << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
    std::string_view const how = count > 1 ? arguments[1] : "";
    if (how == "throw") {
        try {
            sark::testing::postgres server;
            announce(server);
            throw std::runtime_error{"thrown on purpose"};
        } catch (std::runtime_error const&) { return 3; }
    }
    sark::testing::postgres server;
    if (how == "forked-copy" && ::fork() == 0) return 0;  // destroys its copy, and must leave the server alone
    announce(server);
    if (how == "exit") std::exit(4);
    if (how == "wait" || how == "forked-copy") wait_for_a_signal();
    return 0;
}
