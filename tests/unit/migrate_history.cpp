// SPDX-License-Identifier: MIT
#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sark/migrate/data_operations.hpp>
#include <sark/migrate/detail/statement_kind.hpp>
#include <sark/migrate/history.hpp>

namespace {

namespace m = sark::migrate;
using m::history_state;

inline constexpr auto a = m::migration("a", m::root, m::data("SELECT 'a'", "SELECT '-a'"));
inline constexpr auto b = m::migration("b", m::after{"a"}, m::data("SELECT 'b'", "SELECT '-b'"));
inline constexpr auto c = m::migration("c", m::after{"b"}, m::data("SELECT 'c'", "SELECT '-c'"));
inline constexpr auto abc = m::chain<a, b, c>;

/// Makes the ledger of a word: a letter is a revision, a capital one that was applied with other statements.
std::vector<m::applied_revision> ledger_of(std::string_view word) {
    std::vector<m::applied_revision> rows;
    std::string before;
    for (char letter : word) {
        bool const edited = letter >= 'A' && letter <= 'Z';
        std::string const id(1, edited ? static_cast<char>(letter - 'A' + 'a') : letter);
        std::string sum = "feedfeedfeedfeed";
        for (m::migration_view const& each : abc.view())
            if (each.id == id && !edited) sum = m::checksum(each);
        before = m::chain_hash(before, id, sum);
        rows.push_back({id, sum, before, rows.size()});
    }
    return rows;
}

/// Judges a word in another way than the library does: by what it is made of, not from left to right.
history_state judged(std::string_view word) {
    std::string lower{word};
    for (char& letter : lower)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    for (char letter : lower)
        if (std::count(lower.begin(), lower.end(), letter) > 1) return history_state::damaged;
    bool const has_stranger = lower.find_first_of("xy") != std::string::npos;
    bool const has_edited = word.find_first_of("ABC") != std::string_view::npos;
    bool const whole = lower.starts_with("abc");
    if (has_stranger && !whole) return history_state::forked;
    if (!whole && lower != std::string_view{"abc"}.substr(0, lower.size())) return history_state::out_of_order;
    if (has_edited) return history_state::edited;
    if (has_stranger) return history_state::ahead;
    return whole ? history_state::clean : history_state::behind;
}

}  // namespace

TEST_CASE("every ledger of up to five revisions has the state that it is made of", "[migrate][history]") {
    constexpr std::string_view letters = "abcABCxy";
    std::map<history_state, std::size_t> seen;
    std::string wrong;
    std::size_t asked = 0;
    auto const ask = [&](auto const& self, std::string const& word) -> void {
        auto const rows = ledger_of(word);
        m::history const found = m::compare_history(abc, rows);
        ++asked;
        ++seen[found.state];
        if (found.state != judged(word)) wrong += word + " is " + std::string{m::text_of(found.state)} + "; ";
        bool const has_way = found.state == history_state::clean || found.state == history_state::behind;
        if (has_way != found.sentence.empty()) wrong += word + " has the wrong sentence; ";
        if (has_way && found.applied != word.size()) wrong += word + " counts wrongly; ";
        if (word.size() < 5)
            for (char letter : letters) self(self, word + letter);
    };
    ask(ask, "");
    CHECK(asked == 1 + 8 + 64 + 512 + 4096 + 32768);
    CHECK(wrong == "");
    CHECK(seen.size() == 7);
    CHECK(seen[history_state::clean] == 1);
    CHECK(seen[history_state::behind] == 3);
}

TEST_CASE("a comparison of the newest revisions alone would not do", "[migrate][history]") {
    // The seeded mistake: it takes what ends like the chain for the chain.
    auto const by_newest = [](std::string_view word) {
        return word.ends_with('c') ? history_state::clean : history_state::behind;
    };
    std::size_t missed = 0;
    for (std::string_view word : {"ac", "c", "bac", "Abc", "axc", "xc"})
        if (by_newest(word) != m::compare_history(abc, ledger_of(word)).state) ++missed;
    CHECK(missed == 6);
}

TEST_CASE("a ledger that somebody wrote to is damaged, whatever was changed", "[migrate][history]") {
    auto const state = [](std::vector<m::applied_revision> const& rows) { return m::compare_history(abc, rows).state; };
    auto rows = ledger_of("abc");
    REQUIRE(state(rows) == history_state::clean);
    for (std::size_t i = 0; i < 3; ++i)
        for (int what = 0; what < 5; ++what) {
            rows = ledger_of("abc");
            if (what == 0) rows[i].revision += "'";
            if (what == 1) rows[i].checksum[3] = rows[i].checksum[3] == '0' ? '1' : '0';
            if (what == 2) rows[i].chain_hash[3] = rows[i].chain_hash[3] == '0' ? '1' : '0';
            if (what == 3) rows[i].position += 7;
            if (what == 4) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
            INFO("row " << i << ", change " << what);
            // A missing newest row cannot be told from one that was never written.
            CHECK(state(rows) == (what == 4 && i == 2 ? history_state::behind : history_state::damaged));
        }
    rows = ledger_of("abc");
    rows[1].state = m::row_state::building;
    CHECK(state(rows) == history_state::damaged);
    CHECK_THAT(m::compare_history(abc, rows).sentence,
               ContainsSubstring("revision 'b' is unfinished, and there are newer ones"));
}

TEST_CASE("an unfinished revision is behind, with how far it came", "[migrate][history]") {
    auto rows = ledger_of("ab");
    rows[1].state = m::row_state::building;
    rows[1].progress = 4;
    m::history const found = m::compare_history(abc, rows);
    CHECK(found.state == history_state::behind);
    CHECK(found.revision == "b");
    CHECK(found.applied == 1);
    CHECK(found.unfinished == m::row_state::building);
    CHECK(found.progress == 4);
    CHECK(m::compare_history(abc, ledger_of("ab")).revision == "c");
}

TEST_CASE("a migration is cut where the server needs a commit", "[migrate][history]") {
    static constexpr m::facts alone{.needs_transaction = false};
    auto const shown = [](std::vector<m::statement_view> const& statements) {
        std::string text;
        for (auto const& s : m::detail::segments_of(statements))
            text += std::to_string(s.begin) + "-" + std::to_string(s.end) + (s.in_transaction ? " " : "! ");
        return text;
    };
    CHECK(shown({}) == "0-0 ");
    CHECK(shown({{"a", "", {}}, {"b", "", {}}}) == "0-2 ");
    CHECK(shown({{"a", "", {}}, {"b", "", alone}, {"c", "", alone}, {"d", "", {}}}) == "0-1 1-2! 2-3! 3-4 ");
    // A label is committed first where it is used, and only there.
    CHECK(shown({{"a", "", {}}, {"ALTER TYPE \"t\" ADD VALUE 'x'", "", {}}, {"SET 'x'", "", {}}, {"d", "", {}}}) ==
          "0-1 1-2 2-4 ");
    CHECK(shown({{"a", "", {}}, {"ALTER TYPE \"t\" ADD VALUE 'x'", "", {}}, {"SET 'y'", "", {}}}) == "0-3 ");
}
