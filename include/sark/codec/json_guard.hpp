// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/codec/json_scanner.hpp>
#include <sark/codec/json_text.hpp>
#include <sark/types/json.hpp>

namespace sark {

namespace detail {

/// Says where a byte is, as an editor counts.
[[nodiscard]] inline std::string line_and_column(std::string_view text, std::size_t position) {
    std::string_view const before = text.substr(0, position);
    std::size_t line = 1;
    for (char c : before) line += c == '\n' ? 1U : 0U;
    std::size_t const start = before.rfind('\n');
    std::size_t const column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Puts a complaint into words that never hold a value of the document; begins with a space.
[[nodiscard]] inline std::string words_of(json_complaint const& c, std::string_view text) {
    if (c.what == nullptr) return {};
    std::string words;
    if (c.is_syntax) {
        words += " is not JSON at " + line_and_column(text, c.position) + ": ";
        return words.append(c.what) + ". Correct it.";
    }
    std::string_view const what{c.what};
    std::size_t const number = what.find('#');
    words.append(" ").append(what.substr(0, number));
    if (number != std::string_view::npos) words += std::to_string(c.limit).append(what.substr(number + 1));
    std::string path = json_path_at(text, c.position, c.key.data() != nullptr);
    if (c.key.data() != nullptr) {
        std::string name;
        append_unescaped(name, c.key);
        append_path_step(path, name);
    }
    if (c.position != 0) words += ", at " + path + " (" + line_and_column(text, c.position) + ")";
    return words + (what.ends_with("allowed") || what.ends_with("deep")
                        ? ". Correct it, or allow more with json_limits."
                        : ". Correct it.");
}

/// Says what is wrong with a document that is about to be sent: an empty string when nothing is.
[[nodiscard]] inline std::string complaint_about(json const& document, json_limits const& limits = sending_limits) {
    if (json_access::is_checked(document)) return {};
    return words_of(json_scanner{document.text(), limits}.run(), document.text());
}

inline void check_json(std::string_view text, json_limits const& limits) {
    if (json_complaint const c = json_scanner{text, limits}.run(); c.what != nullptr)
        throw error{"sark: the document" + words_of(c, text)};
}

}  // namespace detail

/// Passes a document through the guard now, with limits of your own; it is not looked at again when it is sent.
///
/// Without this call the guard reads the text when it is bound, with `sending_limits`.
/// @throws error that names the place, never the content
[[nodiscard]] inline json checked(json document, json_limits const& limits = sending_limits) {
    detail::check_json(document.text(), limits);
    return detail::json_access::checked(std::move(document).text());
}

}  // namespace sark
