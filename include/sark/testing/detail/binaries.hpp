// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sark::testing::detail {

/// Gives a variable of the environment, or nothing when it is unset or empty.
inline std::optional<std::string> environment(char const* name) {
    char const* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string{value};
}

inline bool is_executable(std::filesystem::path const& file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

inline bool has_server(std::filesystem::path const& folder) {
    return is_executable(folder / "initdb") && is_executable(folder / "postgres");
}

/// Finds a program on PATH.
inline std::optional<std::filesystem::path> find_program(std::string_view name) {
    std::string const path = environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
    for (std::size_t begin = 0; begin <= path.size();) {
        std::size_t const end = std::min(path.find(':', begin), path.size());
        auto const file = std::filesystem::path{path.substr(begin, end - begin)} / name;
        if (end > begin && is_executable(file)) return file;
        begin = end + 1;
    }
    return std::nullopt;
}

/// Orders folders by the first number in the part of their path that tells versions apart: 9 before 15.
inline int version_in(std::string_view text) {
    std::size_t const digit = text.find_first_of("0123456789");
    return digit == std::string_view::npos ? 0 : std::atoi(std::string{text.substr(digit)}.c_str());
}

/// Finds the newest `<parent>/<prefix><version>/bin` that holds a server.
inline std::optional<std::filesystem::path> newest(std::filesystem::path const& parent, std::string_view prefix) {
    std::optional<std::filesystem::path> best;
    int best_version = -1;
    std::error_code failed;
    for (auto entry = std::filesystem::directory_iterator{parent, failed};
         !failed && entry != std::filesystem::directory_iterator{}; entry.increment(failed)) {
        std::string const name = entry->path().filename().string();
        int const version = version_in(name);
        if (name.starts_with(prefix) && version > best_version && has_server(entry->path() / "bin")) {
            best = entry->path() / "bin";
            best_version = version;
        }
    }
    return best;
}

/// Finds the folder of initdb and postgres: `wanted`, else SARK_PG_BINDIR, else PATH, else where the usual
/// installations put them. The first two are taken at their word: a folder without a server there is an error.
inline std::filesystem::path find_binaries(std::filesystem::path const& wanted) {
    if (!wanted.empty()) {
        if (has_server(wanted)) return wanted;
        throw std::runtime_error{"sark: no initdb and postgres in " + wanted.string() +
                                 ". Give the folder that holds both, as `pg_config --bindir` prints it."};
    }
    if (auto const named = environment("SARK_PG_BINDIR")) {
        if (has_server(*named)) return *named;
        throw std::runtime_error{"sark: SARK_PG_BINDIR is " + *named +
                                 ", which holds no initdb and postgres. Set it to the folder that "
                                 "`pg_config --bindir` prints, or unset it."};
    }
    if (auto const initdb = find_program("initdb")) {
        // Often a link; the client programs lie where it leads.
        std::error_code ignored;
        auto const folder = std::filesystem::canonical(*initdb, ignored).parent_path();
        if (has_server(folder)) return folder;
        if (has_server(initdb->parent_path())) return initdb->parent_path();
    }

    static constexpr std::pair<char const*, char const*> places[] = {
        {"/usr/lib/postgresql", ""},                           // Debian, Ubuntu
        {"/usr", "pgsql-"},                                    // Red Hat, packages of postgresql.org
        {"/opt/homebrew/opt", "postgresql"},                   // Homebrew, Apple silicon
        {"/usr/local/opt", "postgresql"},                      // Homebrew, Intel
        {"/Applications/Postgres.app/Contents/Versions", ""},  // Postgres.app
        {"/Library/PostgreSQL", ""},                           // EDB installer
        {"/usr/local", "pgsql"},                               // built from source
    };
    for (auto const& [parent, prefix] : places)
        if (auto const folder = newest(parent, prefix)) return *folder;

    throw std::runtime_error{
        "sark: no PostgreSQL server programs found. Install the server (Debian: apt install postgresql; Homebrew: "
        "brew install postgresql), or set SARK_PG_BINDIR to the folder that holds initdb and postgres."};
}

}  // namespace sark::testing::detail
