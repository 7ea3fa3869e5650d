// SPDX-License-Identifier: MIT
//
//   sark_layout check ROOT                                      the rules of the house; prints what is broken
//   sark_layout weigh PREPROCESSED HEADER CEILINGS WORD...      size and intruders of one public header;
//                                                               CEILINGS may be "-"

#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "layout.hpp"

namespace {

int check(std::string const& root) {
    auto const found = sark::test::layout::check(root);
    for (auto const& [file, what] : found) std::cout << file << ": " << what << '\n';
    std::cout << found.size() << " broken rules\n";
    return found.empty() ? 0 : 1;
}

int weigh(std::vector<std::string> const& arguments) {
    std::string const& header = arguments[2];
    auto const weight = sark::test::layout::weigh(arguments[1],
                                                  std::vector<std::string>(arguments.begin() + 4, arguments.end()));
    std::cout << header << ": " << weight.lines << " preprocessed lines\n";
    int state = 0;
    for (std::string const& file : weight.intruders) {
        std::cout << header << " drags in " << file << '\n';
        state = 1;
    }
    if (arguments[3] == "-") return state;
    long const ceiling = sark::test::layout::ceiling_of(arguments[3], header);
    std::cout << "ceiling: " << ceiling << '\n';
    if (ceiling < 0 || weight.lines > ceiling) {
        std::cout << (ceiling < 0 ? "no ceiling in " : "too many; include less, or raise it with a reason in ")
                  << arguments[3] << '\n';
        state = 1;
    }
    return state;
}

}  // namespace

int main(int count, char** raw) {
    std::vector<std::string> const arguments(raw + 1, raw + count);
    try {
        if (arguments.size() == 2 && arguments[0] == "check") return check(arguments[1]);
        if (arguments.size() >= 4 && arguments[0] == "weigh") return weigh(arguments);
        std::cerr << "usage: sark_layout check ROOT | weigh PREPROCESSED HEADER CEILINGS [WORD...]\n";
    } catch (std::exception const& error) { std::cerr << "sark_layout: " << error.what() << '\n'; }
    return 2;
}
