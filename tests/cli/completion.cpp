// SPDX-License-Identifier: MIT
//
// The completions, run by the shells they are for.
#include "cli/program.hpp"
#include "support/catch.hpp"
#include "support/skip.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using sark::test::said;
using sark::test::scratch_folder;
using sark::test::shell;

namespace {

using words = std::vector<std::string>;

/// Says what is completed, and to which words.
std::vector<std::pair<std::string, words>> const expected{
    {"sark mig", {"migrate"}},
    {"sark migrate up", {"upgrade"}},
    {"sark migrate upgrade 007_federation --lock", {"--lock-attempts", "--lock-timeout"}},
    {"sark --database-url x schema e", {"erd"}},
    {"sark v1-to-v2 --dry", {"--dry-run"}},
    {"sark schema ", {"ddl", "erd", "markdown"}},
};

/// Gives the lines of a text, sorted, each once; what follows a tab is a description. Options, which fish lists with
/// the commands wherever there is room for either, are left out where none was begun.
words completed(std::string const& text, bool with_options) {
    words found;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        line.resize(std::min(line.find('\t'), line.size()));
        if (!line.empty() && (with_options || !line.starts_with("-"))) found.push_back(line);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

bool begins_option(std::string const& line) { return line.substr(line.rfind(' ') + 1).starts_with("-"); }

/// Tells whether a shell is here, and else says that the test looked at nothing; in CI it has to be here.
bool has_shell(std::string const& name) {
    if (shell("command -v " + name).code == 0) return true;
    if (sark::test::is_everything_required()) FAIL(name << " is not installed");
    sark::test::skip(name + " is not installed");
    return false;
}

/// Types lines and tabs into a zsh on a terminal, and gives for each line what was offered.
std::vector<std::string> typed_into_zsh(scratch_folder const& folder, std::string const& setup) {
    std::ofstream{folder.file(".zshrc")} << "PROMPT= RPROMPT= hits=" << folder.file("hits") << "\n"
                                         << setup << R"zsh(
bindkey -e
# What is offered is looked at on its way; questions to the matcher (-O, -A, -D) offer nothing.
compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        local -a offered
        builtin compadd -O offered "$@"
        print -rl -- $offered >> $hits
    fi
    builtin compadd "$@"
}
ended() { print -r -- '===' >> $hits }
zle -N ended
bindkey '^T' ended
print -r -- '===' >> $hits
)zsh";
    std::ofstream out{folder.file("type.zsh")};
    out << "zmodload zsh/zpty\nfolder=" << folder.file("") << R"zsh(
export ZDOTDIR=$folder TERM=dumb
zpty inner zsh -i
wait_for() {  # so many ends of an answer
    for ((i = 0; i < 400; i++)); do
        [ "$(grep -c '^===$' $folder/hits 2>/dev/null)" = $1 ] && return
        zpty -r -t inner ignored
        sleep 0.05
    done
    print -u 2 "zsh does not answer"
    exit 1
}
wait_for 1
)zsh";
    std::size_t ends = 1;
    for (auto const& [line, answer] : expected)
        out << "zpty -w -n inner $'\\C-u'"
            << "'" << line << "'$'\\t\\C-t'\nwait_for " << ++ends << "\n";
    out << "zpty -d inner\ncat $folder/hits\n";
    out.close();
    said const it = shell("zsh -f '" + folder.file("type.zsh") + "'");
    INFO(it.err);
    REQUIRE(it.code == 0);
    std::vector<std::string> answers;
    std::size_t at = it.out.find("===\n") + 4;
    for (std::size_t end = 0; (end = it.out.find("===\n", at)) != std::string::npos; at = end + 4)
        answers.push_back(it.out.substr(at, end - at));
    return answers;
}

/// Checks what a shell said, an answer for each question, with a line "===" behind it.
void check_answers(std::string out) {
    for (auto const& [typed, answer] : expected) {
        INFO(typed);
        std::size_t const end = out.find("===\n");
        REQUIRE(end != std::string::npos);
        CHECK(completed(out.substr(0, end), begins_option(typed)) == answer);
        out.erase(0, end + 4);
    }
}

}  // namespace

TEST_CASE("the completion of bash knows the commands and options there are", "[cli]") {
    std::string line = "source <(sark completion bash)\n";
    for (auto const& [typed, answer] : expected) {
        std::string quoted;
        std::istringstream in{typed};
        std::size_t count = 0;
        for (std::string word; in >> word; ++count) quoted += " '" + word + "'";
        if (typed.ends_with(' ')) {
            quoted += " ''";
            ++count;
        }
        line += "COMP_WORDS=(" + quoted + ") COMP_CWORD=" + std::to_string(count - 1) +
                "\n_sark\nprintf '%s\\n' \"${COMPREPLY[@]}\" ===\n";
    }
    check_answers(shell(line).out);
}

TEST_CASE("the completion of fish knows the commands and options there are", "[cli]") {
    if (!has_shell("fish")) return;
    scratch_folder const folder;
    std::string line = "export HOME='" + folder.file("") + "' XDG_CONFIG_HOME='" + folder.file("") +
                       "' XDG_DATA_HOME='" + folder.file("") + "'\nsark completion fish > '" + folder.file("c.fish") +
                       "'\nfish --no-config -c 'source " + folder.file("c.fish");
    for (auto const& [typed, answer] : expected) line += "; complete -C \"" + typed + "\"; echo ===";
    said const it = shell(line + "'");
    CHECK(it.err == "");
    CHECK_THAT(it.out, ContainsSubstring("migrate\tplan, run and check migrations\n"));
    check_answers(it.out);
}

TEST_CASE("the completion of zsh knows the commands and options there are, loaded or sourced", "[cli]") {
    if (!has_shell("zsh")) return;
    for (bool const sourced : {false, true}) {
        INFO((sourced ? "sourced" : "in a folder of fpath"));
        scratch_folder const folder;
        REQUIRE(shell("sark completion zsh > '" + folder.file("_sark") + "'").code == 0);
        std::string const load = "autoload -Uz compinit && compinit -u -D\n";
        auto const answers = typed_into_zsh(folder, sourced ? load + "source " + folder.file("_sark")
                                                            : "fpath=(" + folder.file("") + " $fpath)\n" + load);
        REQUIRE(answers.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            INFO(expected[i].first);
            CHECK(completed(answers[i], begins_option(expected[i].first)) == expected[i].second);
        }
    }
}
