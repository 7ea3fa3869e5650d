// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace sark::test::layout {

/// Is one broken rule: which header (below include/sark, or another file of ours) and what is wrong with it.
struct violation {
    std::string file;
    std::string what;
};

/// Checks all headers below root/include/sark against root/cmake/layers.txt and root/cmake/headers.cmake.
std::vector<violation> check(std::string const& root);

/// Is what a translation unit drags in.
struct weight {
    long lines = 0;                      // that hold more than blanks or a line marker
    std::vector<std::string> intruders;  // included files whose path holds a forbidden word
};

/// Counts a preprocessed file, and looks through the files its line markers name.
weight weigh(std::string const& preprocessed, std::vector<std::string> const& forbidden);

/// Reads the megabytes that a compilation took from what GCC's -ftime-report says; -1 when it says nothing.
long megabytes_of(std::string const& report);

/// Is what a header may cost at most.
struct ceiling {
    long lines = -1;
    long megabytes = -1;
};

/// Gives the ceiling of a header, from lines "header lines megabytes"; -1 for what has none.
ceiling ceiling_of(std::string const& ceilings, std::string const& header);

}  // namespace sark::test::layout
