// SPDX-License-Identifier: MIT
//
// The SQL in the comments of the example is the SQL that the example prints, which its own test compares.

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

/// Reads the statements of a file: what follows `start`, with the lines that begin with `next`.
std::vector<std::string> statements_in(std::filesystem::path const& file, std::string_view start,
                                       std::string_view next) {
    std::ifstream in{file};
    REQUIRE(in);
    std::vector<std::string> found;
    bool open = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(start)) {
            found.push_back(line.substr(start.size()));
            open = !next.empty();
        } else if (open && line.starts_with(next)) {
            found.back() += " " + line.substr(next.size());
        } else {
            open = false;
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the comments of the query patterns show their SQL") {
    auto const examples = std::filesystem::path{__FILE__}.parent_path() / "../../../examples";
    auto const shown = statements_in(examples / "06_query_patterns.cpp", "        // SQL: ", "        //   ");
    CHECK(shown.size() == 13);
    CHECK(shown == statements_in(examples / "06_query_patterns.expected", "SQL: ", ""));
}
