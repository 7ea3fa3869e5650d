// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/failure.hpp>

namespace sark::cli::detail {

/// Is what can follow one command: the words of the path to it, then sub-commands and options.
struct completed_command {
    std::string path;                                        ///< `migrate upgrade`, empty for the program itself
    std::vector<std::pair<std::string, std::string>> words;  ///< word, description
};

inline void collect_commands(CLI::App const& app, std::string const& path, std::vector<completed_command>& all) {
    completed_command here{path, {}};
    for (CLI::App const* sub : app.get_subcommands([](CLI::App const* s) { return !s->get_name().empty(); }))
        here.words.emplace_back(sub->get_name(), sub->get_description());
    for (CLI::Option const* option : app.get_options()) {
        for (std::string const& name : option->get_lnames())
            here.words.emplace_back("--" + name, option->get_description());
    }
    all.push_back(std::move(here));
    for (CLI::App const* sub : app.get_subcommands([](CLI::App const* s) { return !s->get_name().empty(); }))
        collect_commands(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), all);
}

/// Quotes a text for bash and zsh: between single quotes, where a single quote ends, escapes and begins again.
[[nodiscard]] inline std::string shell_quoted(std::string_view text) {
    std::string quoted = "'";
    for (char const c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c == '\n' ? ' ' : c;
    }
    return quoted + "'";
}

/// Quotes a text for fish, which knows two escapes between single quotes.
[[nodiscard]] inline std::string fish_quoted(std::string_view text) {
    std::string quoted = "'";
    for (char const c : text) {
        if (c == '\'' || c == '\\') quoted += '\\';
        quoted += c == '\n' ? ' ' : c;
    }
    return quoted + "'";
}

/// Gives a name that a shell function may have.
[[nodiscard]] inline std::string function_name(std::string_view program) {
    std::string name = "_";
    for (char const c : program)
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    return name;
}

/// Gives the paths of all commands between bars, for a shell to look a candidate up: `|migrate|migrate plan|`. A word
/// that leads to none of them is the value of an option.
[[nodiscard]] inline std::string all_paths(std::vector<completed_command> const& commands) {
    std::string list = "|";
    for (completed_command const& c : commands)
        if (!c.path.empty()) list += c.path + "|";
    return list;
}

[[nodiscard]] inline std::string bash_completion(std::string const& program,
                                                 std::vector<completed_command> const& commands) {
    std::string const f = function_name(program);
    std::string out = "# bash completion of " + program + "\n" + f + "() {\n" +
                      "    local at= word words= i\n"
                      "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                      "        word=\"${at:+$at }${COMP_WORDS[i]}\"\n"
                      "        case " +
                      shell_quoted(all_paths(commands)) +
                      " in *\"|$word|\"*) at=$word ;; esac\n"
                      "    done\n"
                      "    case $at in\n";
    for (completed_command const& c : commands) {
        std::string words;
        for (auto const& [word, what] : c.words) words += (words.empty() ? "" : " ") + word;
        out += "        " + shell_quoted(c.path) + ") words=" + shell_quoted(words) + " ;;\n";
    }
    out += "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
           "    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
           "}\ncomplete -F " +
           f + " " + program + "\n";
    return out;
}

[[nodiscard]] inline std::string zsh_completion(std::string const& program,
                                                std::vector<completed_command> const& commands) {
    std::string const f = function_name(program);
    std::string out = "#compdef " + program + "\n" + f + "() {\n" +
                      "    local at= word\n"
                      "    for word in ${words[2,CURRENT-1]}; do\n"
                      "        word=\"${at:+$at }$word\"\n"
                      "        case " +
                      shell_quoted(all_paths(commands)) +
                      " in *\"|$word|\"*) at=$word ;; esac\n"
                      "    done\n"
                      "    local -a found\n"
                      "    case $at in\n";
    for (completed_command const& c : commands) {
        out += "        " + shell_quoted(c.path) + ") found=(";
        for (auto const& [word, what] : c.words) {
            std::string described = word + ":";
            for (char const letter : what) described += letter == ':' ? std::string{"\\:"} : std::string(1, letter);
            out += "\n            " + shell_quoted(described);
        }
        out += ")\n            ;;\n";
    }
    out += "    esac\n"
           "    _describe 'word' found || _files\n"
           "}\n"
           // In a folder of fpath the first completion loads and runs this file; elsewhere it is sourced.
           "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n    " +
           f + " \"$@\"\nelse\n    compdef " + f + " " + program + "\nfi\n";
    return out;
}

[[nodiscard]] inline std::string fish_completion(std::string const& program,
                                                 std::vector<completed_command> const& commands) {
    std::string const f = "_" + function_name(program) + "_at";
    std::string out = "# fish completion of " + program + "\nfunction " + f + "\n" +
                      "    set -l at\n"
                      "    for word in (commandline -opc)[2..-1]\n"
                      "        string match -q -- \"*|$(string join -- ' ' $at $word)|*\" " +
                      fish_quoted(all_paths(commands)) +
                      "; and set -a at $word\n"
                      "    end\n"
                      "    test \"$at\" = \"$argv[1]\"\n"
                      "end\n";
    for (completed_command const& c : commands)
        for (auto const& [word, what] : c.words) {
            out += "complete -c " + program + " -n " + fish_quoted(f + " \"" + c.path + "\"");
            out += word.starts_with("--") ? " -l " + word.substr(2) : " -f -a " + word;
            out += " -d " + fish_quoted(what) + "\n";
        }
    return out;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Writes the completion of a program for `bash`, `zsh` or `fish`, from the commands and options it really has.
[[nodiscard]] inline std::string completion(CLI::App const& app, std::string const& program, std::string_view shell) {
    std::vector<detail::completed_command> commands;
    detail::collect_commands(app, "", commands);
    if (shell == "bash") return detail::bash_completion(program, commands);
    if (shell == "zsh") return detail::zsh_completion(program, commands);
    return detail::fish_completion(program, commands);
}

}  // namespace sark::cli
