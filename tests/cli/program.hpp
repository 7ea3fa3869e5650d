// SPDX-License-Identifier: MIT
#pragma once

// Runs the program as a person or a script would, and keeps what it said.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace sark::test {

struct said {
    int code;
    std::string out;
    std::string err;
};

/// Is a folder that is gone afterwards.
class scratch_folder {
public:
    scratch_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "sark_cli_XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::filesystem::filesystem_error{"mkdtemp", {}};
        path_ = pattern;
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(std::string const& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

[[nodiscard]] inline std::string content_of(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Runs a line of the shell, without a terminal, with `sark` for the program and DATABASE_URL as given.
[[nodiscard]] inline said shell(std::string const& line, std::string const& url = {}) {
    scratch_folder const folder;
    std::ofstream{folder.file("line")} << "sark() { \"" SARK_PROGRAM "\" \"$@\"; }\n" << line << '\n';
    ::setenv("DATABASE_URL", url.c_str(), 1);
    int const status = std::system(("exec bash '" + folder.file("line") + "' > '" + folder.file("out") + "' 2> '" +
                                    folder.file("err") + "' < /dev/null")
                                       .c_str());
    ::unsetenv("DATABASE_URL");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content_of(folder.file("out")),
            content_of(folder.file("err"))};
}

}  // namespace sark::test
