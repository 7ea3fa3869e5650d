// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/text.hpp"

namespace mcp {

namespace detail {

inline constexpr std::string_view hidden = "***";

/// Says whether a name is one that secrets have: `--api-key`, `GITHUB_TOKEN`, `Authorization`.
[[nodiscard]] inline bool names_a_secret(std::string_view name) {
    std::string const low = support::lower(name);
    constexpr std::array<std::string_view, 9> words{"token",      "secret", "password", "passwd", "passphrase",
                                                    "credential", "key",    "auth",     "bearer"};
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

/// Says whether a text looks like a secret by itself: long, of letters and digits, and neither a path nor a package.
[[nodiscard]] inline bool looks_random(std::string_view text) {
    constexpr std::array<std::string_view, 7> prefixes{"sk-", "ghp_", "github_pat_", "glpat-", "xox", "AKIA", "eyJ"};
    if (text.size() >= 12)
        for (std::string_view const prefix : prefixes)
            if (text.starts_with(prefix)) return true;
    if (text.size() < 20) return false;
    std::size_t digits = 0;
    std::size_t letters = 0;
    for (char const c : text) {
        bool const digit = c >= '0' && c <= '9';
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!digit && !letter && std::string_view{"_-+=~"}.find(c) == std::string_view::npos) return false;
        digits += digit ? 1 : 0;
        letters += letter ? 1 : 0;
    }
    return digits >= 3 && letters >= 3;
}

/// Finds the password of `scheme://user:password@host`; its place is empty when there is none.
[[nodiscard]] inline std::pair<std::size_t, std::size_t> url_password(std::string_view text) {
    std::size_t const scheme = text.find("://");
    if (scheme == std::string_view::npos) return {};
    std::size_t const begin = scheme + 3;
    std::string_view const authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
    std::size_t const at = authority.rfind('@');
    std::size_t const colon = authority.find(':');
    if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return {};
    return {begin + colon + 1, begin + at};
}

[[nodiscard]] inline std::string quoted(std::string_view text) {
    constexpr std::string_view plain = "-_./:=@,+%~*";
    bool const is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               plain.find(c) != std::string_view::npos;
    });
    if (is_plain) return std::string{text};
    std::string out = "'";
    for (char const c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + '\'';
}

}  // namespace detail

/// Is the command of a server: run as it is, shown and stored without what looks like a secret.
class command {
public:
    /// Takes program and arguments, and the environment whose secrets are never to be shown (`NAME=value`, ended by
    /// null).
    explicit command(std::vector<std::string> arguments, char const* const* environment = nullptr)
        : arguments_{std::move(arguments)} {
        bool next_is_secret = false;
        for (std::size_t i = 0; i < arguments_.size(); ++i) {
            std::string shown = i == 0 ? arguments_[i] : without_secret(arguments_[i], next_is_secret);
            text_ += (i == 0 ? "" : " ") + detail::quoted(shown);
        }
        for (; environment != nullptr && *environment != nullptr; ++environment) {
            std::string_view const entry{*environment};
            std::size_t const is = entry.find('=');
            if (is == std::string_view::npos) continue;
            if (detail::names_a_secret(entry.substr(0, is))) remember(entry.substr(is + 1));
            auto const [begin, end] = detail::url_password(entry.substr(is + 1));
            remember(entry.substr(is + 1).substr(begin, end - begin));
        }
        // The longest first: a secret may be part of another one.
        std::sort(secrets_.begin(), secrets_.end(), [](auto const& a, auto const& b) { return a.size() > b.size(); });
    }

    [[nodiscard]] std::vector<std::string> const& arguments() const noexcept { return arguments_; }

    /// Gives the line as a shell would take it, with `***` for every secret.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    /// Takes the secrets of arguments and environment out of what the server says, for messages.
    [[nodiscard]] std::string without_secrets(std::string said) const {
        for (std::string const& secret : secrets_)
            for (std::size_t at = said.find(secret); at != std::string::npos;
                 at = said.find(secret, at + detail::hidden.size()))
                said.replace(at, secret.size(), detail::hidden);
        return said;
    }

private:
    void remember(std::string_view secret) {
        // Shorter ones would hide ordinary words.
        if (secret.size() >= 6) secrets_.emplace_back(secret);
    }

    [[nodiscard]] std::string without_secret(std::string const& argument, bool& next_is_secret) {
        auto const hide = [&](std::size_t begin, std::size_t end) {
            remember(std::string_view{argument}.substr(begin, end - begin));
            return argument.substr(0, begin) + std::string{detail::hidden} + argument.substr(end);
        };
        if (std::exchange(next_is_secret, false) && !argument.starts_with("--")) return hide(0, argument.size());
        auto const [begin, end] = detail::url_password(argument);
        if (begin < end) return hide(begin, end);
        // --token=..., TOKEN=..., Authorization: ...
        std::size_t const is = argument.find_first_of("=:");
        bool const is_url = argument.find("://") != std::string::npos;
        if (is != std::string::npos && !is_url && detail::names_a_secret(argument.substr(0, is)))
            return hide(is + 1, argument.size());
        if (is != std::string::npos && !is_url && detail::looks_random(std::string_view{argument}.substr(is + 1)))
            return hide(is + 1, argument.size());
        if (argument.starts_with('-')) {
            next_is_secret = is == std::string::npos && detail::names_a_secret(argument);
            return argument;
        }
        return detail::looks_random(argument) ? hide(0, argument.size()) : argument;
    }

    std::vector<std::string> arguments_;
    std::string text_;
    std::vector<std::string> secrets_;
};

}  // namespace mcp
