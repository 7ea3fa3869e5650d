// SPDX-License-Identifier: MIT
//
// Every code in the headers has its paragraph, and every paragraph's code is one that the headers can say.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

namespace files = std::filesystem;

files::path const root = files::path{__FILE__}.parent_path() / "../../..";

std::string read(files::path const& file) {
    std::ifstream in{file, std::ios::binary};
    REQUIRE(in);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Finds `sark-X00`; with a prefix only where it stands right before the code.
std::vector<std::string> codes_in(std::string_view text, std::string_view prefix) {
    std::vector<std::string> codes;
    std::string const start = std::string{prefix} + "sark-";
    for (auto at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
        std::size_t const begin = at + prefix.size();
        std::size_t end = begin + 5;
        while (end < text.size() && text[end] >= 'A' && text[end] <= 'Z') ++end;
        std::size_t const digits = end;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
        if (digits > begin + 5 && end > digits) codes.emplace_back(text.substr(begin, end - begin));
    }
    return codes;
}

template <class Take>
void each_file(files::path const& folder, std::string_view extension, Take take) {
    for (auto const& entry : files::recursive_directory_iterator{folder})
        if (entry.is_regular_file() && entry.path().extension() == extension) take(entry.path());
}

}  // namespace

TEST_CASE("every code has one paragraph, and every paragraph a code") {
    std::set<std::string> said;
    each_file(root / "include/sark", ".hpp", [&](files::path const& file) {
        for (std::string const& code : codes_in(read(file), "[")) said.insert(code);
    });
    std::vector<std::string> explained = codes_in(read(root / "docs/errors.md"), "### ");
    if (files::exists(root / "docs/errors.d"))
        each_file(root / "docs/errors.d", ".md", [&](files::path const& file) {
            for (std::string const& code : codes_in(read(file), "### ")) explained.push_back(code);
        });

    CHECK(said.size() > 50);
    for (std::string const& code : said) {
        INFO(code << " has no paragraph in docs/errors.md, or more than one");
        CHECK(std::count(explained.begin(), explained.end(), code) == 1);
    }
    for (std::string const& code : explained) {
        INFO(code << " is explained, but no header says it");
        CHECK(said.contains(code));
    }
}

TEST_CASE("every code of a rule has a program that must be refused") {
    std::set<std::string> refused;
    each_file(root / "tests/rejects", ".cpp", [&](files::path const& file) {
        for (std::string const& code : codes_in(read(file), "")) refused.insert(code);
    });
    for (std::string const& code : codes_in(read(root / "docs/errors.md"), "### ")) {
        // No program can make its compiler print names differently; those of migrations are tested beside them.
        if (code == "sark-R06" || code.starts_with("sark-M")) continue;
        INFO(code << " appears in no program of tests/rejects");
        CHECK(refused.contains(code));
    }
}
