// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace support {

enum exit_code { ok = 0, bad_data = 1, could_not_check = 2, bad_usage = 3, busy = 4 };

/// Says what is wrong with an input, and where: one sentence for the person who gave it.
class bad_input : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Says that something the program needs cannot be used as it is: the database, a server.
struct not_ready : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Says that the program was called in a wrong way.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace support
