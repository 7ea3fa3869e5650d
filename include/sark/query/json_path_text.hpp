// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sark/schema/json_service.hpp>

/// Reads SQL/JSON paths as far as an index does: what of them GIN can look up.
namespace sark::detail {

/// Walks a path and steps over its string literals.
class path_scanner {
public:
    constexpr explicit path_scanner(std::string_view text) : text_{text} {}

    [[nodiscard]] constexpr bool done() const { return at_ >= text_.size(); }
    [[nodiscard]] constexpr std::size_t at() const { return at_; }
    [[nodiscard]] constexpr char here(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    /// Goes on by one character, or by one string with its quotes.
    constexpr void step() {
        if (here() != '"') {
            ++at_;
            return;
        }
        ++at_;
        while (!done() && here() != '"') at_ += here() == '\\' ? 2U : 1U;
        closed_ = closed_ && at_ < text_.size();
        ++at_;
    }
    /// Tells whether every string so far had its end.
    [[nodiscard]] constexpr bool closed() const { return closed_; }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool closed_ = true;
};

[[nodiscard]] constexpr bool is_path_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
[[nodiscard]] constexpr std::string_view trimmed_path(std::string_view s) {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\n' || s.front() == '\t')) s.remove_prefix(1);
    while (!s.empty() && (s.back() == ' ' || s.back() == '\n' || s.back() == '\t')) s.remove_suffix(1);
    return s;
}

/// Tells whether brackets and strings of a path close, and whether it begins like one.
[[nodiscard]] constexpr bool is_path_shaped(std::string_view path) {
    path = trimmed_path(path);
    long depth = 0;
    bool root = false;
    path_scanner scan{path};
    for (; !scan.done(); scan.step()) {
        char const c = scan.here();
        if (c == '(' || c == '[' || c == '{') ++depth;
        if ((c == ')' || c == ']' || c == '}') && --depth < 0) return false;
        root = root || c == '$';
    }
    return depth == 0 && scan.closed() && root;
}

/// Finds the bracket that closes the one at `open`.
[[nodiscard]] constexpr std::size_t closing_of(std::string_view s, std::size_t open) {
    long depth = 0;
    path_scanner scan{s.substr(open)};
    for (; !scan.done(); scan.step()) {
        if (scan.here() == '(') ++depth;
        if (scan.here() == ')' && --depth == 0) return open + scan.at();
    }
    return s.size();
}

/// Finds a two-character operator outside of brackets and strings; npos when there is none.
[[nodiscard]] constexpr std::size_t find_outside(std::string_view s, std::string_view wanted) {
    long depth = 0;
    for (path_scanner scan{s}; !scan.done(); scan.step()) {
        char const c = scan.here();
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
        if (depth == 0 && c == wanted[0] && scan.here(1) == wanted[1]) return scan.at();
    }
    return std::string_view::npos;
}

/// Tells whether one side of a comparison is a constant that an index holds.
[[nodiscard]] constexpr bool is_path_constant(std::string_view s) {
    s = trimmed_path(s);
    if (s == "true" || s == "false" || s == "null") return true;
    if (s.size() > 1 && s.front() == '"') {
        path_scanner scan{s};
        scan.step();
        return scan.done();
    }
    if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
    if (s.empty() || s.front() < '0' || s.front() > '9') return false;
    for (char c : s)
        if (!is_path_letter(c) && c != '.' && c != '+' && c != '-') return false;
    return true;
}

/// Tells whether a side of a comparison is a plain path: no method, no arithmetic.
[[nodiscard]] constexpr bool is_plain_path(std::string_view s) {
    s = trimmed_path(s);
    if (s.empty() || (s.front() != '$' && s.front() != '@')) return false;
    for (path_scanner scan{s}; !scan.done(); scan.step()) {
        char const c = scan.here();
        if (c == '(' || c == '+' || c == '-' || c == '/' || c == '%') return false;
    }
    return true;
}

/// Tells whether an index looks up a condition: one comparison with a constant, a conjunction with one, or a
/// disjunction of such.
[[nodiscard]] constexpr bool is_looked_up(std::string_view s) {
    s = trimmed_path(s);
    if (std::size_t const n = find_outside(s, "||"); n != std::string_view::npos)
        return is_looked_up(s.substr(0, n)) && is_looked_up(s.substr(n + 2));
    if (std::size_t const n = find_outside(s, "&&"); n != std::string_view::npos)
        return is_looked_up(s.substr(0, n)) || is_looked_up(s.substr(n + 2));
    if (!s.empty() && s.front() == '(' && closing_of(s, 0) == s.size() - 1)
        return is_looked_up(s.substr(1, s.size() - 2));
    std::size_t const n = find_outside(s, "==");
    if (n == std::string_view::npos) return false;
    std::string_view const left = s.substr(0, n);
    std::string_view const right = s.substr(n + 2);
    return (is_path_constant(left) && is_plain_path(right)) || (is_plain_path(left) && is_path_constant(right));
}

/// Tells whether a path has a filter that an index looks up, and no method that would hide it.
[[nodiscard]] constexpr bool has_looked_up_filter(std::string_view s) {
    bool found = false;
    for (path_scanner scan{s}; !scan.done(); scan.step()) {
        if (scan.here() != '(') continue;
        std::size_t const open = scan.at();
        std::size_t const close = closing_of(s, open);
        std::string_view const before = trimmed_path(s.substr(0, open));
        if (!before.ends_with('?')) return false;
        found = found || is_looked_up(s.substr(open + 1, close - open - 1));
        while (!scan.done() && scan.at() < close) scan.step();
    }
    return found;
}

[[nodiscard]] constexpr bool has_wildcard(std::string_view s) {
    for (path_scanner scan{s}; !scan.done(); scan.step())
        if (scan.here() == '.' && scan.here(1) == '*') return true;
    return false;
}

/// Calls f with the name of each variable of a path.
template <class F>
constexpr void each_path_variable(std::string_view s, F const& f) {
    for (path_scanner scan{s}; !scan.done(); scan.step()) {
        if (scan.here() != '$') continue;
        std::size_t n = 1;
        while (is_path_letter(scan.here(n))) ++n;
        if (n > 1) f(s.substr(scan.at() + 1, n - 1));
    }
}
[[nodiscard]] constexpr std::size_t count_path_variables(std::string_view s) {
    std::size_t n = 0;
    each_path_variable(s, [&](std::string_view) { ++n; });
    return n;
}

/// Says what a path asks of an index; `is_match` for `@@`, which takes a condition, else `@?`, which takes a path.
[[nodiscard]] constexpr json_predicate predicate_of_path(std::string_view path, bool is_match) {
    if (count_path_variables(path) > 0) return json_predicate::path_variables;
    std::string_view s = trimmed_path(path);
    if (s.starts_with("strict ")) s.remove_prefix(7);
    if (s.starts_with("lax ")) s.remove_prefix(4);
    if (!(is_match ? is_looked_up(s) : has_looked_up_filter(s))) return json_predicate::path_tests;
    return has_wildcard(s) ? json_predicate::any_path_equals : json_predicate::path_equals;
}

static_assert(predicate_of_path("$.a ? (@ == 1)", false) == json_predicate::path_equals);
static_assert(predicate_of_path("$.a ? (@ == \"x ) y\" && @.b > 2)", false) == json_predicate::path_equals);
static_assert(predicate_of_path("$.a == 1 || $.b == \"||\"", true) == json_predicate::path_equals);
static_assert(predicate_of_path("$.a == 1 || $.b > 2", true) == json_predicate::path_tests);
static_assert(predicate_of_path("$.a.size() ? (@ == 1)", false) == json_predicate::path_tests);
static_assert(predicate_of_path("$.*.c ? (@ == 1)", false) == json_predicate::any_path_equals);
static_assert(predicate_of_path("$.a ? (@ > $least)", false) == json_predicate::path_variables);
static_assert(predicate_of_path("$.a", false) == json_predicate::path_tests);

}  // namespace sark::detail
