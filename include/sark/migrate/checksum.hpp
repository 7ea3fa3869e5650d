// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <sark/meta/message.hpp>
#include <sark/migrate/chain.hpp>
#include <sark/sql/text.hpp>

namespace sark::migrate {

/// Holds a checksum as 16 hexadecimal digits, at compile time too; converts to the texts it is compared with.
struct checksum_text {
    std::array<char, 16> digits{};

    [[nodiscard]] constexpr std::string_view view() const { return {digits.data(), digits.size()}; }
    operator std::string() const { return std::string{view()}; }  // NOLINT(google-explicit-constructor): it is a text
    friend constexpr bool operator==(checksum_text const& a, checksum_text const& b) { return a.view() == b.view(); }
    friend constexpr bool operator==(checksum_text const& a, std::string_view b) { return a.view() == b; }
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Sorts the characters of a statement by what they can begin; everything else speaks for itself.
enum class role : unsigned char { plain, word, space, quote, dollar, dash, slash };

/// Is a plain array, because each call costs a compiler more than the look-up.
struct role_table {
    role of[256]{};
    constexpr role_table() {
        for (int c = 0; c < 256; ++c)
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 128)
                of[c] = role::word;
        for (char c : {' ', '\t', '\n', '\r', '\f', '\v'}) of[static_cast<unsigned char>(c)] = role::space;
        of[+'\''] = of[+'"'] = role::quote;
        of[+'$'] = role::dollar;
        of[+'-'] = role::dash;
        of[+'/'] = role::slash;
    }
};
inline constexpr role_table roles;

[[nodiscard]] constexpr role role_of(char c) { return roles.of[static_cast<unsigned char>(c)]; }

/// Hashes statements as the server reads them: white space between words counts as one blank, comments as white space,
/// and what stands in quotes counts byte by byte. 64-bit FNV-1a.
class statement_hash {
public:
    constexpr void add(std::string_view text) {
        for (char c : text) take(c);
        close();
    }

    constexpr void add_statement(std::string_view sql) {
        // Pointers and no calls in the loop that reads every byte of a chain: a compiler takes microseconds for each.
        char const* at = sql.data();
        char const* const end = at + sql.size();
        std::uint64_t state = state_;
        bool first = true;
        while (at != end) {
            char const* const begin = skip_blanks(at, end);
            if (begin == end) break;
            if (begin != at && !first) state = (state ^ static_cast<unsigned char>(' ')) * prime;
            first = false;
            at = begin;
            if (role_of(*at) == role::quote) {
                // A doubled mark ends one text and begins the next one, which comes to the same.
                char const mark = *at;
                bool const escapes = is_escaped(sql.data(), at);
                do {
                    if (escapes && *at == '\\' && end - at > 1)
                        state = (state ^ static_cast<unsigned char>(*at++)) * prime;
                    state = (state ^ static_cast<unsigned char>(*at++)) * prime;
                } while (at < end && *at != mark);
            }
            for (char const* const stop = dollar_end(sql.data(), at, end); at < stop; ++at)
                state = (state ^ static_cast<unsigned char>(*at)) * prime;
            while (at != end && roles.of[static_cast<unsigned char>(*at)] <= role::word)
                state = (state ^ static_cast<unsigned char>(*at++)) * prime;
        }
        state_ = state;
        close();
    }

    /// Keeps "ab" "c" apart from "a" "bc": no UTF-8 text has this byte.
    constexpr void close() { state_ = (state_ ^ 0xFFU) * prime; }

    [[nodiscard]] constexpr migrate::checksum_text text() const {
        migrate::checksum_text made;
        std::uint64_t rest = state_;
        for (std::size_t i = made.digits.size(); i-- > 0; rest >>= 4U) made.digits[i] = "0123456789abcdef"[rest & 0xFU];
        return made;
    }

private:
    constexpr void take(char c) { state_ = (state_ ^ static_cast<unsigned char>(c)) * prime; }

    /// Gives the first place that is neither white space nor comment.
    [[nodiscard]] static constexpr char const* skip_blanks(char const* at, char const* end) {
        while (at != end) {
            role const kind = role_of(*at);
            if (kind == role::space)
                ++at;
            else if (kind == role::dash && end - at > 1 && at[1] == '-')
                while (at != end && *at != '\n' && *at != '\r') ++at;
            else if (kind == role::slash && end - at > 1 && at[1] == '*')
                at = comment_end(at, end);
            else
                break;
        }
        return at;
    }

    /// Gives the place behind a comment that begins with a slash; comments of this kind nest.
    [[nodiscard]] static constexpr char const* comment_end(char const* at, char const* end) {
        std::size_t depth = 0;
        while (end - at > 1) {
            if (at[0] == '/' && at[1] == '*') {
                ++depth;
                at += 2;
            } else if (at[0] == '*' && at[1] == '/') {
                at += 2;
                if (--depth == 0) return at;
            } else {
                ++at;
            }
        }
        return end;
    }

    /// Tells whether a backslash keeps the next character from ending the literal that begins at `at`: E'…'.
    [[nodiscard]] static constexpr bool is_escaped(char const* begin, char const* at) {
        return *at == '\'' && at != begin && (at[-1] == 'E' || at[-1] == 'e') &&
               (at - begin == 1 || !continues_word(at[-2]));
    }

    /// Gives the place behind the dollar-quoted text that begins at `at`, or behind one character when none does.
    [[nodiscard]] static constexpr char const* dollar_end(char const* begin, char const* at, char const* end) {
        if (at == end) return end;
        if (*at != '$' || (at != begin && continues_word(at[-1]))) return at + 1;
        char const* tag = at + 1;
        if (tag != end && *tag >= '0' && *tag <= '9') return tag;  // a parameter
        while (tag != end && role_of(*tag) == role::word) ++tag;
        if (tag == end || *tag != '$') return at + 1;
        std::string_view const mark{at, static_cast<std::size_t>(tag + 1 - at)};
        std::string_view const rest{tag + 1, static_cast<std::size_t>(end - tag - 1)};
        std::size_t const close = rest.find(mark);
        return close == std::string_view::npos ? end : tag + 1 + close + mark.size();
    }

    [[nodiscard]] static constexpr bool continues_word(char c) { return role_of(c) == role::word || c == '$'; }

    static constexpr std::uint64_t prime = 1099511628211ULL;
    std::uint64_t state_ = 14695981039346656037ULL;
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Computes what tells an edited migration from the one that was applied: a hash of its id, its parent, every statement
/// of both directions, which of them refuse transactions, and whether there is a way back.
///
/// White space and comments between the words of a statement do not matter. Inside of quotes they do, between dollar
/// marks too: they are part of the function's body. Description, titles of steps, reasons and stated costs do not
/// matter either. It guards against accidents, not against forgery.
[[nodiscard]] constexpr checksum_text checksum(migration_view const& m) {
    detail::statement_hash hash;
    hash.add(m.id);
    hash.add(m.parent);
    auto const add_all = [&](std::span<statement_view const> statements) {
        for (statement_view const& s : statements) {
            hash.add_statement(s.sql);
            if (!s.cost.needs_transaction) hash.add("outside of transactions");
        }
        hash.close();
    };
    add_all(m.up);
    add_all(m.down);
    if (!m.irreversible.empty()) hash.add("irreversible");
    return hash.text();
}

}  // namespace sark::migrate

namespace sark::migrate {

/// Pins what a migration was when it was released.
struct released_revision {
    std::string_view id;
    std::string_view checksum;
};

}  // namespace sark::migrate

namespace sark::migrate::detail {

/// Writes the sentence about the first released migration that a chain no longer has as it was; nothing when there is
/// none. The checksum it has now is named, for the one who pins a revision for the first time.
template <auto const& Chain, auto const& Released>
struct released_change {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// Gives the checksum in the chain, all zeros for a revision that the chain does not have.
    [[nodiscard]] static constexpr checksum_text current(std::string_view id) {
        for (migration_view const& m : Chain.view())
            if (m.id == id) return migrate::checksum(m);
        return {{'0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'}};
    }

    // One constant per revision: Clang limits the steps of each constant expression.
    template <std::size_t I>
    static constexpr checksum_text now = current(std::data(Released)[I].id);

    static constexpr std::size_t first = []<std::size_t... I>(std::index_sequence<I...>) {
        std::size_t found = none;
        static_cast<void>(((now<I> == std::data(Released)[I].checksum || (found = I, false)) && ...));
        return found;
    }(std::make_index_sequence<std::size(Released)>{});

    static constexpr void write(sql::writer& w) {
        if constexpr (first != none) {
            w.put("sark: migration ");
            w.put(std::data(Released)[first].id);
            w.put(" was released with checksum ");
            w.put(std::data(Released)[first].checksum);
            w.put(" and has ");
            w.put(now<first>.view());
            w.put(" now. Restore it and put the change into a new migration. [sark-M11]");
        }
    }
};

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Proves that every released migration is what it was. `Released` is an array of `released_revision`; the chain may
/// have more.
///
/// It is `true`, or the build fails with one sentence that names the migration.
/// @code
/// static_assert(sark::migrate::is_as_released<my_chain, my_released>);
/// @endcode
template <auto const& Chain, auto const& Released>
consteval bool check_released() {
    using found = detail::released_change<Chain, Released>;
    constexpr bool holds = found::first == found::none;
    if constexpr (!holds) {
        using sentence = sentence_t<sql::text<found>>;
        static_assert(sentence::nothing,
                      "sark: a released migration was changed, and says<...> in this message names it. Restore it and "
                      "put the change into a new migration. [sark-M11]");
    }
    return holds;
}

template <auto const& Chain, auto const& Released>
inline constexpr bool is_as_released = check_released<Chain, Released>();

}  // namespace sark::migrate
