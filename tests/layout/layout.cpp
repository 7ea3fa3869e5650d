// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace sark::test::layout {
namespace {

namespace fs = std::filesystem;
using strings = std::vector<std::string>;

constexpr std::size_t longest_header = 400;

bool contains(strings const& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }

/// Is path at, or below, place?
bool below(std::string_view path, std::string_view place) {
    return path == place || (path.starts_with(place) && path.size() > place.size() && path[place.size()] == '/');
}

strings lines_of(fs::path const& file) {
    std::ifstream in{file};
    if (!in) throw std::runtime_error{"cannot read " + file.string()};
    strings lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Is cmake/layers.txt.
struct house {
    std::map<std::string, int> layer;
    std::map<std::string, strings> tops;
    strings free;
    strings alone;
    std::vector<std::pair<std::string, std::string>> never;
    std::vector<std::pair<std::string, std::string>> sees;
    std::map<std::string, strings> doors;
    strings system;
    strings prints;
};

house read_house(fs::path const& file) {
    house h;
    for (std::string const& line : lines_of(file)) {
        std::istringstream words{line.substr(0, line.find('#'))};
        std::string key, first;
        if (!(words >> key)) continue;
        strings rest;
        words >> first;
        for (std::string word; words >> word;) rest.push_back(word);
        if (key == "layer")
            for (std::string const& folder : rest) h.layer[folder] = std::stoi(first);
        else if (key == "top")
            h.tops[first] = rest;
        else if (key == "free")
            h.free.push_back(first);
        else if (key == "alone")
            h.alone.push_back(first);
        else if (key == "never" && rest.size() == 1)
            h.never.emplace_back(first, rest.front());
        else if (key == "sees" && rest.size() == 1)
            h.sees.emplace_back(first, rest.front());
        else if (key == "door")
            h.doors[first] = rest;
        else if (key == "system" || key == "prints") {
            strings& list = key == "system" ? h.system : h.prints;
            list.push_back(first);
            list.insert(list.end(), rest.begin(), rest.end());
        } else
            throw std::runtime_error{file.string() + ": what is '" + line + "'?"};
    }
    return h;
}

struct header {
    std::string path;  // below include/sark: query/where.hpp
    strings lines;
    strings includes;  // as written
    std::string code;  // without comments, texts and characters

    /// Gives the folder that the layer table names; of an umbrella sark/query.hpp, too. Empty for the others.
    [[nodiscard]] std::string folder() const {
        std::size_t const slash = path.find('/');
        return slash == std::string::npos ? path.substr(0, path.size() - 4) : path.substr(0, slash);
    }
    [[nodiscard]] bool at_top() const { return path.find('/') == std::string::npos; }
};

/// Blanks out comments, texts and character constants.
std::string code_of(std::string const& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto const skip_to = [&](std::string const& end, std::size_t from) {
            std::size_t const at = text.find(end, from);
            i = at == std::string::npos ? text.size() : at + end.size();
            out += ' ';
        };
        bool const after_digit = i > 0 && std::isxdigit(static_cast<unsigned char>(text[i - 1])) != 0;
        if (text.compare(i, 2, "//") == 0) {
            skip_to("\n", i);
            out += '\n';
        } else if (text.compare(i, 2, "/*") == 0)
            skip_to("*/", i + 2);
        else if (text.compare(i, 2, "R\"") == 0) {
            std::size_t const open = text.find('(', i);
            if (open == std::string::npos) break;
            skip_to(")" + text.substr(i + 2, open - i - 2) + "\"", open);
        } else if (text[i] == '"' || (text[i] == '\'' && !after_digit)) {
            char const quote = text[i++];
            while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
            ++i;
            out += ' ';
        } else
            out += text[i++];
    }
    return out;
}

bool in_a_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Finds a word that is no part of a longer one.
bool has_word(std::string const& code, std::string_view word) {
    for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
        std::size_t const end = at + word.size();
        bool const begins = at == 0 || !in_a_name(code[at - 1]);
        bool const ends = !in_a_name(word.back()) || end == code.size() || !in_a_name(code[end]);
        if (begins && ends) return true;
    }
    return false;
}

header read_header(fs::path const& root, fs::path const& file) {
    header h{fs::relative(file, root).generic_string(), lines_of(file), {}, {}};
    std::string text;
    for (std::string const& line : h.lines) {
        text += line + '\n';
        std::size_t const hash = line.find_first_not_of(" \t");
        if (hash == std::string::npos || line[hash] != '#') continue;
        std::size_t const word = line.find_first_not_of(" \t", hash + 1);
        if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
        std::size_t const begin = line.find_first_of("<\"", word);
        if (begin == std::string::npos) continue;
        std::size_t const end = line.find(line[begin] == '<' ? '>' : '"', begin + 1);
        std::string name = line.substr(begin + 1, end - begin - 1);
        h.includes.push_back(line[begin] == '"' ? '"' + name : name);
    }
    h.code = code_of(text);
    return h;
}

class checker {
public:
    explicit checker(fs::path root) : root_{std::move(root)}, house_{read_house(root_ / "cmake/layers.txt")} {
        fs::path const base = root_ / "include/sark";
        for (auto const& entry : fs::recursive_directory_iterator{base}) {
            if (!entry.is_regular_file()) continue;
            std::string const path = fs::relative(entry.path(), base).generic_string();
            if (entry.path().extension() != ".hpp")
                say(path, "is not a .hpp file");
            else
                headers_.emplace(path, read_header(base, entry.path()));
        }
    }

    std::vector<violation> run() {
        for (auto const& [path, h] : headers_) {
            check_text(h);
            check_place(h);
            for (std::string const& name : h.includes) check_include(h, name);
        }
        check_names();
        check_umbrellas();
        check_cycles();
        check_lists();
        return std::move(found_);
    }

private:
    void say(std::string const& file, std::string what) { found_.push_back({file, std::move(what)}); }

    void check_text(header const& h) {
        if (h.lines.empty() || h.lines[0] != "// SPDX-License-Identifier: MIT")
            say(h.path, "the first line is not '// SPDX-License-Identifier: MIT'");
        if (h.lines.size() < 2 || h.lines[1] != "#pragma once") say(h.path, "the second line is not '#pragma once'");
        if (h.lines.size() > longest_header)
            say(h.path,
                "has " + std::to_string(h.lines.size()) + " lines; split it above " + std::to_string(longest_header));
        if (has_word(h.code, "using namespace")) say(h.path, "'using namespace' in a header");
        if (contains(house_.prints, h.folder())) return;
        for (char const* word : {"cout", "cerr", "clog", "printf(", "fprintf(", "vprintf(", "puts(", "fputs("})
            if (has_word(h.code, word)) say(h.path, "prints: " + std::string{word});
    }

    void check_place(header const& h) {
        std::string const folder = h.folder();
        bool const known = house_.layer.contains(folder) || contains(house_.alone, folder) ||
                           (h.at_top() && (contains(house_.free, h.path) || house_.tops.contains(h.path)));
        if (!known) say(h.path, "has no layer: name " + folder + " in cmake/layers.txt");
    }

    void check_include(header const& h, std::string const& name) {
        if (name.starts_with('"')) return say(h.path, "includes " + name + "\": write <sark/...>");
        if (name.starts_with("sark/")) return check_own(h, name.substr(5));
        for (auto const& [library, places] : house_.doors) {
            // boost/pfr is a prefix of boost/pfr.hpp and of boost/pfr/core.hpp
            if (!below(name, library) && !name.starts_with(library + ".")) continue;
            bool const through = std::any_of(places.begin(), places.end(),
                                             [&](std::string const& place) { return below(h.path, place); });
            if (!through) say(h.path, "includes <" + name + "> outside its door " + places.front());
            return;
        }
        std::size_t const slash = name.find('/');
        if (slash != std::string::npos && !contains(house_.system, name.substr(0, slash)))
            say(h.path, "includes <" + name + ">, a library that has no door in cmake/layers.txt");
    }

    void check_own(header const& h, std::string const& name) {
        auto const target = headers_.find(name);
        if (target == headers_.end()) return say(h.path, "includes <sark/" + name + ">, which does not exist");
        header const& t = target->second;
        std::string const from = h.folder();
        std::string const to = t.folder();

        if (h.at_top() && contains(house_.free, h.path))
            return say(h.path, "includes <sark/" + name + ">, but includes nothing of ours");
        if (t.at_top() && contains(house_.free, t.path)) {
            if (contains(house_.alone, from)) say(h.path, "includes <sark/" + name + ">; " + from + " stands alone");
            return;
        }
        if (t.at_top() && house_.tops.contains(t.path)) {
            bool const whole = h.at_top() && house_.tops.contains(h.path) && house_.tops.at(h.path).empty();
            if (!whole) say(h.path, "includes <sark/" + name + ">, which is for users only");
            return;
        }
        if (from != to || h.at_top()) {
            if (name.find("/detail/") != std::string::npos)
                say(h.path, "includes <sark/" + name + ">, private to " + to);
        }
        if (h.at_top() && house_.tops.contains(h.path)) {
            strings const& allowed = house_.tops.at(h.path);
            if (contains(house_.alone, to) || (!allowed.empty() && !contains(allowed, to)))
                say(h.path, "includes <sark/" + name + ">, which does not belong in it");
            return;
        }
        if (from == to) return;
        if (contains(house_.alone, from)) return say(h.path, "includes <sark/" + name + ">; " + from + " stands alone");
        if (contains(house_.alone, to)) return say(h.path, "includes <sark/" + name + ">; " + to + " is for tests");
        for (auto const& [who, what] : house_.never)
            if (from == who && to == what) say(h.path, "includes <sark/" + name + ">; " + who + " never sees " + what);
        auto const own = house_.layer.find(from);
        auto const other = house_.layer.find(to);
        if (own == house_.layer.end() || other == house_.layer.end()) return;  // said by check_place
        bool const allowed = other->second == own->second && std::find(house_.sees.begin(), house_.sees.end(),
                                                                       std::pair{from, to}) != house_.sees.end();
        if (other->second >= own->second && !allowed)
            say(h.path, "includes <sark/" + name + ">: layer " + std::to_string(own->second) + " (" + from +
                            ") may not see layer " + std::to_string(other->second) + " (" + to + ")");
    }

    void check_names() {
        std::map<std::string, std::string> seen;
        for (auto const& [path, h] : headers_) {
            std::string lower = path;
            std::transform(lower.begin(), lower.end(), lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            auto const [it, fresh] = seen.emplace(lower, path);
            if (!fresh) say(path, "has the name of " + it->second + " on systems that ignore case");
        }
    }

    /// Every folder but detail has an umbrella beside it that includes every header of the folder. The umbrella of a
    /// folder within is left to the choice of the outer one.
    void check_umbrellas() {
        std::map<std::string, strings> content;
        for (auto const& [path, h] : headers_) {
            std::size_t const slash = path.rfind('/');
            if (slash == std::string::npos) continue;
            std::string const folder = path.substr(0, slash);
            if (folder.ends_with("/detail") || folder.find("/detail/") != std::string::npos) continue;
            content[folder].push_back(path);
        }
        for (auto const& [folder, paths] : content) {
            std::string const name = folder + ".hpp";
            auto const umbrella = headers_.find(name);
            if (umbrella == headers_.end()) {
                say(name, "does not exist; it is the umbrella of " + folder + "/");
                continue;
            }
            for (std::string const& path : paths) {
                bool const inner_umbrella = content.contains(path.substr(0, path.size() - 4));
                if (!inner_umbrella && !contains(umbrella->second.includes, "sark/" + path))
                    say(name, "does not include <sark/" + path + ">");
            }
        }
    }

    void check_cycles() {
        std::map<std::string, int> state;  // 1: on the way, 2: done
        std::function<void(std::string const&)> const visit = [&](std::string const& path) {
            state[path] = 1;
            for (std::string const& name : headers_.at(path).includes) {
                if (!name.starts_with("sark/") || !headers_.contains(name.substr(5))) continue;
                std::string const next = name.substr(5);
                if (state[next] == 1) say(path, "includes <" + name + ">, which includes it: a cycle");
                if (state[next] == 0) visit(next);
            }
            state[path] = 2;
        };
        for (auto const& [path, h] : headers_)
            if (state[path] == 0) visit(path);
    }

    /// cmake/headers.cmake names every header once, and those of the core reach no library but Boost.
    void check_lists() {
        std::map<std::string, std::string> list_of;
        std::string list;
        for (std::string const& line : lines_of(root_ / "cmake/headers.cmake")) {
            if (line.starts_with("set(")) list = line.substr(4);
            std::size_t const at = line.find("include/sark/");
            if (at == std::string::npos || line.starts_with('#')) continue;
            std::string const path = line.substr(at + 13);
            if (!headers_.contains(path)) say(path, "is in cmake/headers.cmake but not on disk");
            if (!list_of.emplace(path, list).second) say(path, "is in cmake/headers.cmake twice");
        }
        for (auto const& [path, h] : headers_) {
            if (!list_of.contains(path))
                say(path, "is not in cmake/headers.cmake: cmake -P cmake/update_headers.cmake");
            else if (list_of[path] == "SARK_CORE_HEADERS")
                check_core(h, list_of);
        }
    }

    void check_core(header const& h, std::map<std::string, std::string> const& list_of) {
        for (std::string const& name : h.includes) {
            if (name.starts_with("sark/")) {
                auto const other = list_of.find(name.substr(5));
                if (other != list_of.end() && other->second != "SARK_CORE_HEADERS")
                    say(h.path, "is in the list of the core but includes <" + name + ">, which is not");
            } else if (name.find('/') != std::string::npos || name == "libpq-fe.h") {
                for (auto const& [library, places] : house_.doors)
                    if (!library.starts_with("boost/") && (below(name, library) || name.starts_with(library + ".")))
                        say(h.path, "is in the list of the core but includes <" + name + ">");
            }
        }
    }

    fs::path root_;
    house house_;
    std::map<std::string, header> headers_;
    std::vector<violation> found_;
};

}  // namespace

std::vector<violation> check(std::string const& root) { return checker{root}.run(); }

weight weigh(std::string const& preprocessed, std::vector<std::string> const& forbidden) {
    weight w;
    std::set<std::string> intruders;
    for (std::string const& line : lines_of(preprocessed)) {
        std::size_t const first = line.find_first_not_of(" \t\r");
        if (first == std::string::npos) continue;
        if (line[first] != '#') {
            ++w.lines;
            continue;
        }
        std::size_t const begin = line.find('"');
        std::size_t const end = line.rfind('"');
        if (begin == end) continue;
        std::string const file = line.substr(begin + 1, end - begin - 1);
        for (std::string const& word : forbidden)
            if (file.find(word) != std::string::npos) intruders.insert(file);
    }
    w.intruders.assign(intruders.begin(), intruders.end());
    return w;
}

long megabytes_of(std::string const& report) {
    for (std::string const& line : lines_of(report)) {
        std::istringstream words{line};
        std::string first;
        if (!(words >> first) || first != "TOTAL") continue;
        std::string last;
        while (words >> first) last = first;
        std::size_t unit = 0;
        long const number = last.empty() ? -1 : std::stol(last, &unit);
        if (last.substr(unit) == "G") return number * 1024;
        if (last.substr(unit) == "M") return number;
        if (last.substr(unit) == "k") return number / 1024;
    }
    return -1;
}

ceiling ceiling_of(std::string const& ceilings, std::string const& header) {
    for (std::string const& line : lines_of(ceilings)) {
        std::istringstream words{line};
        std::string name;
        ceiling found;
        if (words >> name >> found.lines >> found.megabytes && name == header) return found;
    }
    return {};
}

}  // namespace sark::test::layout
