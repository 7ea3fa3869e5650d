// SPDX-License-Identifier: MIT
//
//   sark_layout check ROOT                                      the rules of the house; prints what is broken
//   sark_layout weigh PREPROCESSED REPORT HEADER CEILINGS WORD...   size and intruders of one public header, and what
//                                                                   the compiler took; REPORT and CEILINGS may be "-"

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
    std::string const& header = arguments[3];
    auto const weight = sark::test::layout::weigh(arguments[1],
                                                  std::vector<std::string>(arguments.begin() + 5, arguments.end()));
    int state = 0;
    for (std::string const& file : weight.intruders) {
        std::cout << header << " drags in " << file << '\n';
        state = 1;
    }
    if (arguments[4] == "-") {
        std::cout << header << ": " << weight.lines << " preprocessed lines\n";
        return state;
    }
    auto const ceiling = sark::test::layout::ceiling_of(arguments[4], header);
    auto const compare = [&](long found, long most, char const* unit) {
        std::cout << header << ": " << found << ' ' << unit << ", at most " << most << '\n';
        if (found >= 0 && most >= 0 && found <= most) return;
        std::cout << (most < 0    ? "no ceiling in "
                      : found < 0 ? "nothing was measured for "
                                  : "too many; include less, or raise it with a reason in ")
                  << arguments[4] << '\n';
        state = 1;
    };
    compare(weight.lines, ceiling.lines, "preprocessed lines");
    compare(sark::test::layout::megabytes_of(arguments[2]), ceiling.megabytes, "megabytes of the front end");
    return state;
}

}  // namespace

int main(int count, char** raw) {
    std::vector<std::string> const arguments(raw + 1, raw + count);
    try {
        if (arguments.size() == 2 && arguments[0] == "check") return check(arguments[1]);
        if (arguments.size() >= 5 && arguments[0] == "weigh") return weigh(arguments);
        std::cerr << "usage: sark_layout check ROOT | weigh PREPROCESSED REPORT HEADER CEILINGS [WORD...]\n";
    } catch (std::exception const& error) { std::cerr << "sark_layout: " << error.what() << '\n'; }
    return 2;
}
