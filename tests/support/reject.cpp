// SPDX-License-Identifier: MIT
//
// The judge of tests/rejects. A program there starts with
//
//     // expect: <text of the static assertion>
//     // also: <text that must appear anywhere in what the compiler says>      (any number, none needed)
//
// and has its wrong line inside #ifdef SARK_REJECT. It must compile without SARK_REJECT; with it, it must not, and
//   - one of the compiler's error lines is a failed static assertion whose message starts with "sark" and holds <text>;
//   - one code sark-X00 and no second one appears on error lines: the first broken rule wins.
// Compilers echo source lines, so a text counts only on a line that the compiler calls an error.
//
//   sark_reject compile FILE LOG DEPFILE FLAGS -- COMPILER...    both compilations; the verdict goes to LOG
//   sark_reject precompile HEADER DEPFILE FLAGS -- COMPILER...   headers of many programs; HEADER.gch is what they include
//   sark_reject check LOG                                        exit code 0 if the verdict is good, else shows LOG
//   sark_reject self-test FOLDER FLAGS -- COMPILER...            judges samples whose verdict is known

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sark/testing/detail/run_program.hpp>

extern char** environ;

namespace {

using strings = std::vector<std::string>;
using sark::testing::detail::program_result;

constexpr std::string_view good_verdict = "good: refused with the right sentence";

std::string read(std::string const& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

strings lines_of(std::string const& text) {
    strings lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

program_result run(strings const& command) {
    strings environment;
    for (char** variable = environ; *variable != nullptr; ++variable) environment.emplace_back(*variable);
    return sark::testing::detail::run_program(sark::testing::detail::text_list{command},
                                              sark::testing::detail::text_list{environment});
}

/// Is what the head of a program asks for.
struct expectation {
    std::string text;
    strings also;
    std::string verdict;  // samples of the self-test only
};

expectation read_expectation(std::string const& source) {
    expectation wanted;
    auto const value = [](std::string const& line, std::string_view key) -> std::string {
        return line.starts_with(key) ? line.substr(key.size()) : std::string{};
    };
    strings const lines = lines_of(source);
    if (!lines.empty()) wanted.text = value(lines.front(), "// expect: ");
    for (std::string const& line : lines) {
        if (!line.starts_with("//")) break;
        if (auto const text = value(line, "// also: "); !text.empty()) wanted.also.push_back(text);
        if (auto const text = value(line, "// verdict: "); !text.empty()) wanted.verdict = text;
    }
    return wanted;
}

/// Gives what follows "FILE:LINE:COLUMN: error: " if the compiler speaks on this line, and does not echo a source line.
std::string_view error_on(std::string_view line) {
    constexpr std::string_view error = ": error: ";
    std::size_t const at = line.find(error);
    bool const speaks = at != std::string_view::npos && at > 0 && line[at - 1] >= '0' && line[at - 1] <= '9' &&
                        line.front() != ' ' && line.front() != '\t';
    return speaks ? line.substr(at + error.size()) : std::string_view{};
}

/// Gives the message of a failed static assertion, if the compiler speaks of one on this line.
std::string assertion_message(std::string_view line) {
    std::string_view const rest = error_on(line);
    // GCC:            static assertion failed: MESSAGE
    // Clang 16 on:    static assertion failed due to requirement '...': MESSAGE
    // Clang up to 15: static_assert failed due to requirement '...' "MESSAGE"
    if (rest.starts_with("static assertion failed: ")) return std::string{rest.substr(25)};
    bool const newer = rest.starts_with("static assertion failed due to requirement '");
    bool const older = rest.starts_with("static_assert failed");
    if (!newer && !older) return {};
    std::string_view const mark = newer ? "': " : " \"";
    std::size_t const begin = rest.find(mark);
    return begin == std::string_view::npos ? std::string{} : std::string{rest.substr(begin + mark.size())};
}

/// Collects the codes (sark-Q07) of a line.
void collect_codes(std::string_view line, std::set<std::string>& codes) {
    constexpr std::string_view prefix = "sark-";
    for (std::size_t at = line.find(prefix); at != std::string_view::npos; at = line.find(prefix, at + 1)) {
        std::size_t const letters = at + prefix.size();
        std::size_t end = letters;
        while (end < line.size() && line[end] >= 'A' && line[end] <= 'Z') ++end;
        std::size_t const digits = end;
        while (end < line.size() && line[end] >= '0' && line[end] <= '9') ++end;
        if (digits > letters && end > digits) codes.emplace(line.substr(at, end - at));
    }
}

/// Judges what the compiler said of the wrong program; gives the reasons against it.
strings judge(expectation const& wanted, program_result const& rejected) {
    strings reasons;
    if (rejected.exit_state == 0) return {"the wrong line was accepted"};
    if (rejected.exit_state >= 128) return {"the compiler crashed"};
    bool found = false;
    std::set<std::string> codes;
    for (std::string const& line : lines_of(rejected.output)) {
        if (error_on(line).empty()) continue;
        collect_codes(line, codes);
        std::string const message = assertion_message(line);
        found = found || (message.starts_with("sark") && message.find(wanted.text) != std::string::npos);
    }
    if (!found) reasons.push_back("no failed static assertion says: " + wanted.text);
    if (codes.size() != 1) {
        std::string all;
        for (std::string const& code : codes) all += " " + code;
        reasons.push_back("one code was to appear on error lines, there are " + std::to_string(codes.size()) + ":" +
                          all);
    }
    for (std::string const& text : wanted.also)
        if (rejected.output.find(text) == std::string::npos)
            reasons.push_back("nowhere in the compiler's output: " + text);
    return reasons;
}

struct job {
    std::string source;
    std::string log;
    std::string depfile;
    strings compiler;  // with flags
};

strings with(strings command, strings const& more) {
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

/// Compiles both ways and gives the log; its first line is the verdict.
std::string compile(job const& j) {
    expectation const wanted = read_expectation(read(j.source));
    strings const dependencies{"-MF", j.depfile, "-MT", j.log, j.source};
    auto const accepted = run(with(with(j.compiler, {"-fsyntax-only", "-MD"}), dependencies));
    auto const rejected = run(with(j.compiler, {"-fsyntax-only", "-DSARK_REJECT", j.source}));

    strings reasons;
    if (wanted.text.empty()) reasons.push_back("the first line is not '// expect: <text>'");
    if (accepted.exit_state != 0) {
        reasons.push_back("the program is wrong without SARK_REJECT too");
        // No dependencies come from a failed compilation, but the file must be judged again when a header changes.
        if (run(with(with(j.compiler, {"-M", "-MG"}), dependencies)).exit_state != 0)
            std::ofstream{j.depfile} << j.log << ": " << j.source << '\n';
    }
    for (std::string const& reason : judge(wanted, rejected)) reasons.push_back(reason);

    std::ostringstream log;
    if (reasons.empty()) log << good_verdict << '\n';
    for (std::string const& reason : reasons) log << "BAD: " << reason << '\n';
    log << j.source << "\n\n--- without SARK_REJECT: exit code " << accepted.exit_state << '\n'
        << accepted.output << "\n--- with SARK_REJECT: exit code " << rejected.exit_state << '\n'
        << rejected.output;
    return log.str();
}

int precompile(std::string const& header, std::string const& depfile, strings const& compiler) {
    std::string const product = header + ".gch";
    auto const done = run(
        with(compiler, {"-x", "c++-header", header, "-o", product, "-MD", "-MF", depfile, "-MT", product}));
    std::cerr << done.output;
    return done.exit_state;
}

int self_test(std::string const& folder, strings const& compiler) {
    auto const scratch = std::filesystem::temp_directory_path() / ("sark-reject-" + std::to_string(::getpid()));
    std::filesystem::create_directory(scratch);
    int wrong = 0;
    int judged = 0;
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        std::string const source = entry.path().string();
        std::string const wanted = read_expectation(read(source)).verdict;
        std::string const log = compile({source, (scratch / "log").string(), (scratch / "d").string(), compiler});
        bool const as_wanted = !wanted.empty() && log.substr(0, log.find(source)).find(wanted) != std::string::npos;
        std::cout << (as_wanted ? "ok   " : "WRONG ") << source << "\n     " << log.substr(0, log.find('\n')) << '\n';
        if (!as_wanted) std::cout << "     wanted: " << wanted << '\n' << log;
        wrong += as_wanted ? 0 : 1;
        ++judged;
    }
    std::filesystem::remove_all(scratch);
    std::cout << judged << " samples, " << wrong << " judged wrongly\n";
    return wrong == 0 && judged > 0 ? 0 : 1;
}

strings compiler_of(strings const& arguments, std::size_t flags) {
    auto const dashes = std::find(arguments.begin(), arguments.end(), "--");
    if (dashes == arguments.end() || flags >= arguments.size()) throw std::runtime_error{"no compiler given"};
    strings command(dashes + 1, arguments.end());
    for (std::string const& flag : lines_of(read(arguments[flags])))
        if (!flag.empty()) command.push_back(flag);
    return command;
}

}  // namespace

int main(int count, char** raw) {
    strings const arguments(raw + 1, raw + count);
    try {
        if (arguments.size() == 2 && arguments[0] == "check") {
            std::string const log = read(arguments[1]);
            bool const good = log.starts_with(good_verdict);
            if (!good) std::cout << log;
            return good ? 0 : 1;
        }
        if (arguments.size() >= 6 && arguments[0] == "compile") {
            std::string const log = compile({arguments[1], arguments[2], arguments[3], compiler_of(arguments, 4)});
            std::ofstream{arguments[2], std::ios::binary} << log;
            return 0;
        }
        if (arguments.size() >= 5 && arguments[0] == "precompile")
            return precompile(arguments[1], arguments[2], compiler_of(arguments, 3));
        if (arguments.size() >= 4 && arguments[0] == "self-test")
            return self_test(arguments[1], compiler_of(arguments, 2));
        std::cerr
            << "usage: sark_reject compile FILE LOG DEPFILE FLAGS -- COMPILER... | "
               "precompile HEADER DEPFILE FLAGS -- COMPILER... | check LOG | self-test FOLDER FLAGS -- COMPILER...\n";
        return 2;
    } catch (std::exception const& error) {
        std::cerr << "sark_reject: " << error.what() << '\n';
        return 2;
    }
}
