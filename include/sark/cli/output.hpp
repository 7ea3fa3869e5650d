// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

#include <sark/cli/context.hpp>
#include <sark/cli/failure.hpp>
#include <sark/cli/options.hpp>
#include <sark/report.hpp>

namespace sark::cli {

/// Writes a file whole or not at all: beside it first, then under its name.
/// @throws failure
inline void write_file(std::string const& path, std::string_view text) {
    auto const fail = [&](char const* what) {
        return could_not(path + ": cannot be " + what + ": " + std::strerror(errno) + ".");
    };
    std::string const beside = path + ".partial-" + std::to_string(::getpid());
    std::ofstream file{beside, std::ios::binary | std::ios::trunc};
    if (!file) throw fail("created");
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
        auto const why = fail("written");
        static_cast<void>(std::remove(beside.c_str()));
        throw why;
    }
}

/// Reads a file whole.
/// @throws failure when it cannot be read or is larger than `limit`
[[nodiscard]] inline std::string read_file(std::string const& path, std::size_t limit = std::size_t{64} << 20U) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw could_not(path + ": cannot be read: " + std::strerror(errno) + ".");
    std::string text;
    std::array<char, 65536> piece{};
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
        if (text.size() > limit) throw could_not(path + ": is larger than a file of this kind can be.");
    }
    return text;
}

/// Gives the kind that the name of a file asks for: text where it says nothing.
[[nodiscard]] inline std::string kind_of_file(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, char const*>, 5> kinds{
        {{".json", "json"}, {".xml", "junit"}, {".sarif", "sarif"}, {".html", "html"}, {".htm", "html"}}};
    for (auto const& [end, kind] : kinds)
        if (path.ends_with(end)) return kind;
    return "text";
}

/// Renders a report as the kind that `--format` names.
[[nodiscard]] inline std::string rendered(report::report const& r, std::string_view format, report::severity fail_on,
                                          bool colour = false) {
    if (format == "json") return report::json(r);
    if (format == "junit") return report::junit(r, fail_on);
    if (format == "sarif") return report::sarif(r);
    if (format == "html") return report::html(r);
    return report::text(r, {.colour = colour});
}

/// Puts data on stdout, ended by a line feed.
inline void put(context const& c, std::string_view text) {
    *c.out << text;
    if (!text.empty() && text.back() != '\n') *c.out << '\n';
}

/// Refuses names of files that ask for a kind the command cannot write, before any work is done.
/// @throws failure
inline void check_outputs(common_options const& o, std::vector<std::string> const& kinds) {
    for (std::string const& path : o.outputs)
        if (std::find(kinds.begin(), kinds.end(), kind_of_file(path)) == kinds.end())
            throw bad_usage("--output " + path + ": this command cannot write " + kind_of_file(path) + ".");
}

/// Delivers what `render(kind, colour)` gives to the files asked for and to stdout. The files come first: who sees the
/// end on the screen can rely on them.
template <class Render>
void deliver(common_options const& o, context const& c, Render const& render) {
    for (std::string const& path : o.outputs) write_file(path, render(kind_of_file(path), false));
    put(c, render(o.format, c.wants_colour()));
}

/// Delivers a report and gives its exit code.
[[nodiscard]] inline int deliver(report::report const& r, common_options const& o, context const& c) {
    report::severity const fail_on = threshold_of(o);
    deliver(o, c, [&](std::string_view kind, bool colour) { return rendered(r, kind, fail_on, colour); });
    return report::exit_code(r, fail_on);
}

/// Delivers a text for which there is one kind only, such as SQL: to the files asked for, else to stdout.
inline void deliver_text(std::string_view text, common_options const& o, context const& c) {
    for (std::string const& path : o.outputs) write_file(path, text);
    if (o.outputs.empty()) put(c, text);
}

}  // namespace sark::cli
