// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <sark/migrate/frozen.hpp>

namespace sark::migrate::detail {

/// Reads the words of a statement; only as far as its kind, so comments between words are not expected.
class word_reader {
public:
    constexpr explicit word_reader(std::string_view sql) : rest_{sql} {}

    /// Goes past a word when it is the next one, in any case of letters.
    constexpr bool skip(std::string_view word) {
        skip_blanks();
        if (rest_.size() < word.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i) {
            char const c = rest_[i];
            if ((c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c) != word[i]) return false;
        }
        if (rest_.size() > word.size() && is_part(rest_[word.size()])) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    /// Takes a name as it is written: quoted or not, with its schema or without.
    constexpr std::string_view name() {
        skip_blanks();
        std::size_t at = 0;
        while (at < rest_.size()) {
            if (rest_[at] == '"') {
                for (++at; at < rest_.size() && rest_[at] != '"'; ++at) {}
                ++at;
            } else if (is_part(rest_[at]) || rest_[at] == '.') {
                ++at;
            } else {
                break;
            }
        }
        std::string_view const taken = rest_.substr(0, at);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    [[nodiscard]] constexpr std::string_view rest() const { return rest_; }

private:
    constexpr void skip_blanks() {
        while (!rest_.empty() && (rest_.front() == ' ' || (rest_.front() >= '\t' && rest_.front() <= '\r')))
            rest_.remove_prefix(1);
    }
    static constexpr bool is_part(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
               static_cast<unsigned char>(c) >= 128;
    }

    std::string_view rest_;
};

/// Is what a statement does to an index while others write; `name` and `table` as they are written, for SQL.
struct concurrent_index {
    bool builds = false;
    bool drops = false;
    bool unique = false;
    std::string_view name = {};
    std::string_view table = {};
    std::string_view definition = {};  ///< what follows the table, e.g. `USING gin (…)`
};

[[nodiscard]] constexpr concurrent_index concurrent_index_of(std::string_view sql) {
    word_reader words{sql};
    concurrent_index found;
    if (words.skip("CREATE")) {
        found.unique = words.skip("UNIQUE");
        if (!words.skip("INDEX") || !words.skip("CONCURRENTLY")) return {};
        // Without a name, or with IF NOT EXISTS, nobody could say afterwards which index the statement made.
        if (words.skip("IF")) return {};
        found.name = words.name();
        if (found.name.empty() || !words.skip("ON")) return {};
        words.skip("ONLY");
        found.table = words.name();
        found.definition = words.rest();
        found.builds = true;
    } else if (words.skip("DROP")) {
        if (!words.skip("INDEX") || !words.skip("CONCURRENTLY") || words.skip("IF")) return {};
        found.name = words.name();
        found.drops = true;
    }
    return found;
}

static_assert(concurrent_index_of("CREATE UNIQUE INDEX CONCURRENTLY \"i x\" ON public.\"t\" (a)").name == "\"i x\"");
static_assert(concurrent_index_of("CREATE UNIQUE INDEX CONCURRENTLY \"i x\" ON public.\"t\" (a)").table ==
              "public.\"t\"");
static_assert(concurrent_index_of("create index concurrently i on t (a)").definition == " (a)");
static_assert(concurrent_index_of("DROP INDEX CONCURRENTLY i").drops);
static_assert(!concurrent_index_of("CREATE INDEX i ON t (a)").builds);

/// Gives the label that a statement adds to an enum, with its quotes; empty for any other statement.
[[nodiscard]] constexpr std::string_view added_label(std::string_view sql) {
    word_reader words{sql};
    if (!words.skip("ALTER") || !words.skip("TYPE")) return {};
    words.name();
    if (!words.skip("ADD") || !words.skip("VALUE")) return {};
    std::string_view const rest = words.rest();
    std::size_t const begin = rest.find('\'');
    if (begin == std::string_view::npos) return {};
    std::size_t end = begin + 1;
    while (end < rest.size() && (rest[end] != '\'' || (end + 1 < rest.size() && rest[end + 1] == '\'')))
        end += rest[end] == '\'' ? 2 : 1;
    return rest.substr(begin, end + 1 - begin);
}

static_assert(added_label("ALTER TYPE \"mood\" ADD VALUE 'it''s'") == "'it''s'");
static_assert(added_label("ALTER TYPE mood RENAME VALUE 'a' TO 'b'").empty());

/// Tells whether a statement has to be committed before the ones after it: it adds a label that one of them names,
/// and the server lets nobody use a label in the transaction that made it.
[[nodiscard]] constexpr bool is_committed_first(std::span<migrate::statement_view const> statements, std::size_t at) {
    std::string_view const label = added_label(statements[at].sql);
    if (label.empty()) return false;
    for (std::size_t i = at + 1; i < statements.size(); ++i)
        if (statements[i].sql.find(label) != std::string_view::npos) return true;
    return false;
}

/// Is a part of a migration that is committed by itself: statements `begin` to `end`.
struct segment {
    std::size_t begin;
    std::size_t end;
    bool in_transaction;
};

/// Cuts the statements of one direction where the server, or the use of a new label, needs a commit. Most are not cut.
[[nodiscard]] inline std::vector<segment> segments_of(std::span<migrate::statement_view const> statements) {
    std::vector<segment> made;
    bool open = false;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        bool const in_transaction = statements[i].cost.needs_transaction;
        bool const alone = !in_transaction || is_committed_first(statements, i);
        if (open && !alone)
            made.back().end = i + 1;
        else
            made.push_back({i, i + 1, in_transaction});
        open = !alone;
    }
    if (made.empty()) made.push_back({0, 0, true});
    return made;
}

}  // namespace sark::migrate::detail
