// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "text.hpp"

namespace support {

/// Reads a file; one of over `max_bytes` is read no further than just beyond, so that whoever parses it refuses it.
/// @throws bad_input for a folder, and for a file that cannot be read
[[nodiscard]] inline std::string read_file(std::string const& path, std::size_t max_bytes) {
    std::error_code problem;
    if (std::filesystem::is_directory(path, problem))
        throw bad_input{printable(path) + ": this is a directory. Name the document in it."};
    std::ifstream file{path, std::ios::binary};
    if (!file) throw bad_input{printable(path) + ": the file cannot be opened: " + std::strerror(errno) + "."};
    std::string content;
    if (auto const size = std::filesystem::file_size(path, problem); !problem && size < max_bytes)
        content.reserve(static_cast<std::size_t>(size));
    char buffer[65536];
    while (file.read(buffer, sizeof buffer) || file.gcount() > 0) {
        content.append(buffer, static_cast<std::size_t>(file.gcount()));
        if (content.size() > max_bytes) break;
    }
    if (file.bad()) throw bad_input{printable(path) + ": the file cannot be read: " + std::strerror(errno) + "."};
    return content;
}

}  // namespace support
