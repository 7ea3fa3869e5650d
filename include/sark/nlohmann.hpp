// SPDX-License-Identifier: MIT
#pragma once

// For programs that hold values of nlohmann/json: to and from `sark::json`. No other header includes it.

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include <sark/codec/error.hpp>
#include <sark/codec/json_guard.hpp>
#include <sark/codec/json_text.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/jsonb/scalar.hpp>
#include <sark/jsonb/tree.hpp>
#include <sark/types/json.hpp>

namespace sark {

/// Is `nlohmann::json`, `nlohmann::ordered_json`, or another basic_json whose texts are std::string.
template <class B>
concept nlohmann_value = requires {
    typename B::template json_serializer<int, void>;
    typename B::number_float_t;
    typename B::object_t;
} && std::same_as<typename B::string_t, std::string>;

}  // namespace sark

namespace sark::detail {

/// Adds a step to a path for as long as its value is looked at.
class path_step {
public:
    path_step(std::string& path, std::string_view name) : path_{path}, before_{path.size()} {
        append_path_step(path, name);
    }
    path_step(std::string& path, std::size_t index) : path_{path}, before_{path.size()} {
        path += "[" + std::to_string(index) + "]";
    }
    path_step(path_step const&) = delete;
    path_step& operator=(path_step const&) = delete;
    ~path_step() { path_.resize(before_); }

private:
    std::string& path_;
    std::size_t before_;
};

/// Gives a number the type nlohmann/json has for it, as its own parser would, but only where it stays the same number.
template <nlohmann_value B>
B to_nlohmann_number(std::string const& text, std::string const& path) {
    char const* const end = text.data() + text.size();
    auto const fits = [&](auto& number) {
        auto const [stop, problem] = std::from_chars(text.data(), end, number);
        return problem == std::errc{} && stop == end;
    };
    if (typename B::number_unsigned_t number = 0; fits(number)) return B(number);
    if (typename B::number_integer_t number = 0; fits(number)) return B(number);
    if (typename B::number_float_t number = 0; fits(number)) {
        std::string spelled;
        append_json(spelled, number);
        if (json_tree::canonical_number(spelled) == json_tree::canonical_number(text)) return B(number);
    }
    throw error{"sark: nlohmann/json has no exact form for the number at " + path +
                ". Read the document by from_json or parse_json, which lose no digit."};
}

template <nlohmann_value B>
B to_nlohmann_value(json_tree const& from, std::string& path) {
    switch (from.kind()) {
        case json_kind::null: break;
        case json_kind::boolean: return B(from.is_true());
        case json_kind::number: return to_nlohmann_number<B>(from.text(), path);
        case json_kind::string: return B(from.text());
        case json_kind::array: {
            B list = B::array();
            for (json_tree const& item : from.items()) {
                path_step const step{path, list.size()};
                list.push_back(to_nlohmann_value<B>(item, path));
            }
            return list;
        }
        case json_kind::object: {
            B object = B::object();
            for (json_tree::member const& m : from.members()) {
                path_step const step{path, m.first};
                object[m.first] = to_nlohmann_value<B>(m.second, path);
            }
            return object;
        }
    }
    return B(nullptr);
}

/// Writes a value; what JSON has no form for is refused, where `dump` would write null or throw without a place.
template <nlohmann_value B>
void append_nlohmann(std::string& out, B const& from, std::string& path, std::size_t depth) {
    if (from.is_string()) {
        std::string const& text = from.template get_ref<std::string const&>();
        check_text(text, "the text at " + path);
        return append_json_string(out, text);
    }
    if (from.is_boolean()) return append_json(out, from.template get<bool>());
    if (from.is_number_unsigned()) return append_json(out, from.template get<typename B::number_unsigned_t>());
    if (from.is_number_integer()) return append_json(out, from.template get<typename B::number_integer_t>());
    if (from.is_null()) {
        out += "null";
    } else if (from.is_number_float()) {
        auto const number = from.template get<typename B::number_float_t>();
        if (!(number - number == 0))
            throw error{"sark: JSON has no NaN and no infinity, and there is one at " + path +
                        ". Store the number as text."};
        append_json(out, number);
    } else if (from.is_structured()) {
        if (depth == 0)
            throw error{"sark: the document is nested too deep at " + path + ". Allow more with json_limits."};
        bool const is_object = from.is_object();
        out += is_object ? '{' : '[';
        std::size_t index = 0;
        for (auto it = from.begin(); it != from.end(); ++it, ++index) {
            if (index != 0) out += ',';
            if (is_object) {
                check_text(it.key(), "a name in the object at " + path);
                path_step const step{path, it.key()};
                append_json_string(out, it.key());
                out += ':';
                append_nlohmann(out, *it, path, depth - 1);
            } else {
                path_step const step{path, index};
                append_nlohmann(out, *it, path, depth - 1);
            }
        }
        out += is_object ? '}' : ']';
    } else {
        throw error{"sark: JSON has no form for what is at " + path +
                    ": bytes, or a value that could not be parsed. Store bytes as text."};
    }
}

}  // namespace sark::detail

namespace sark {

/// Parses a document into a value of nlohmann/json, after the guard; all that is there is in it, or it throws.
///
/// A number that would not stay the same (more digits than a double keeps, more than 64 bits) is refused; 9.90 becomes
/// 9.9. Of two equal keys the last one counts, as in jsonb. `to_nlohmann<nlohmann::ordered_json>` keeps their order.
/// @throws error with the path of what does not fit, never its content
template <nlohmann_value B = nlohmann::json>
[[nodiscard]] B to_nlohmann(json const& document, json_limits const& limits = {}) {
    std::string path{"$"};
    return detail::to_nlohmann_value<B>(parse_json(document.text(), limits), path);
}

/// Makes a document of a value of nlohmann/json; it has passed the guard and is not looked at again when it is sent.
///
///     Config config = sark::from_json<Config>(sark::from_nlohmann(value));
///
/// @throws error with the path of what JSON or jsonb cannot hold: NaN, infinity, bytes, a text that is not UTF-8 or has
/// a zero, more levels or values than `limits` allow
template <nlohmann_value B>
[[nodiscard]] json from_nlohmann(B const& value, json_limits const& limits = sending_limits) {
    std::string path{"$"};
    std::string text;
    detail::append_nlohmann(text, value, path,
                            limits.depth < detail::json_scanner::hard_depth ? limits.depth
                                                                            : detail::json_scanner::hard_depth);
    return checked(json{std::move(text)}, limits);
}

}  // namespace sark
