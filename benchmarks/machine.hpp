// SPDX-License-Identifier: MIT
//
// What every program that drives a benchmark does around it.

#pragma once

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <sark/db/connection.hpp>

namespace bench {

inline void write(std::filesystem::path const& path, std::string const& text) {
    std::ofstream out{path};
    out << text;
    if (!out.flush()) throw std::runtime_error{"cannot write " + path.string()};
}

inline std::string today() {
    std::time_t const now = std::time(nullptr);
    char out[16];
    std::strftime(out, sizeof out, "%Y-%m-%d", std::gmtime(&now));
    return out;
}

/// Says what kind of machine this is, and not which.
inline std::string machine_class(sark::connection& db) {
    auto const memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    long const cores = ::sysconf(_SC_NPROCESSORS_ONLN);
    std::string out = std::to_string(cores) + (cores == 1 ? " core, " : " cores, ") +
                      std::to_string(std::lround(memory / (1024.0 * 1024.0 * 1024.0))) + " GiB, PostgreSQL " +
                      std::to_string(std::stoi(*db.query_text("SHOW server_version_num").front()[0]) / 10'000);
#if defined(__clang__)
    return out + ", Clang " + std::to_string(__clang_major__);
#else
    return out + ", GCC " + std::to_string(__GNUC__);
#endif
}

inline void say(std::string const& what) { std::cerr << "-- " << what << std::endl; }

}  // namespace bench
