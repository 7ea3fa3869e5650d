// SPDX-License-Identifier: MIT
#pragma once

// What the fuzz target and the replay of its seeds share: one decoder per first byte, text in its low half.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/codec.hpp>
#include <sark/jsonb/document.hpp>

namespace sark::fuzz {

enum class Label { low, medium_, high };

/// Decodes the bytes as a T; what cannot be one has to be refused by an error of ours. What is one must survive the way
/// back: its text is read as the same text again.
template <class T>
bool decode_as(std::string_view bytes, bool binary) {
    std::string const text{bytes};  // zero-terminated, and with a red zone behind it
    field const given{.data = text.c_str(), .size = text.size(), .is_null = false, .is_binary = binary};
    try {
        T const value = codec<T>::decode(given, {"t", "c"});
        parameters sent;
        codec<T>::encode(sent, value);
        if (sent.values()[0] == nullptr) return true;
        std::string const first = sent.values()[0];
        T const again = codec<T>::decode({first.c_str(), first.size(), false}, {"t", "c"});
        parameters second;
        codec<T>::encode(second, again);
        if (second.values()[0] != first) __builtin_trap();
        return true;
    } catch (error const&) { return false; }
}

/// Parses the bytes as a document; a tree that was let in is written as a text that is let in, and is the same again.
inline bool parse_document(std::string_view bytes, bool as_sent) {
    json_limits const limits = as_sent ? sending_limits : json_limits{};
    try {
        std::string const first = parse_json(bytes, limits).to_string();
        if (parse_json(first, {.bytes = 8 * limits.bytes}).to_string() != first) __builtin_trap();
        return true;
    } catch (error const&) { return false; }
}

struct fuzzed_part {
    std::optional<std::int64_t> n{};
    json raw{};
};
/// Has a member of each form that a document can be read into.
struct fuzzed_struct {
    std::optional<bool> a{};
    std::optional<std::string> b{};
    std::optional<std::vector<std::optional<double>>> list{};
    std::optional<std::map<std::string, fuzzed_part>> map{};
    std::optional<fuzzed_part> part{};
    other_members rest{};
};

/// Reads the bytes as a struct; what it holds is written as a document that is read as the same again.
inline bool read_struct(std::string_view bytes, bool) {
    try {
        json const first = to_json(from_json<fuzzed_struct>(json{bytes}));
        if (to_json(from_json<fuzzed_struct>(first, {.bytes = 128 << 20U})).text() != first.text()) __builtin_trap();
        return true;
    } catch (error const&) { return false; }
}

using decoder = bool (*)(std::string_view, bool);

inline constexpr decoder decoders[] = {
    &decode_as<bool>,
    &decode_as<std::int16_t>,
    &decode_as<std::int32_t>,
    &decode_as<std::int64_t>,
    &decode_as<float>,
    &decode_as<double>,
    &decode_as<numeric<10, 4>>,
    &decode_as<numeric<38, 8>>,
    &decode_as<std::string>,
    &decode_as<varchar<8>>,
    &decode_as<json>,
    &decode_as<uuid>,
    &decode_as<Label>,
    &decode_as<timestamp>,
    &decode_as<date>,
    &decode_as<std::vector<std::byte>>,
    &decode_as<std::vector<std::int64_t>>,
    &decode_as<std::vector<std::optional<std::string>>>,
    &decode_as<std::vector<numeric<10, 4>>>,
    &decode_as<std::vector<timestamp>>,
    &parse_document,
    &read_struct,
};
inline constexpr std::size_t decoder_count = sizeof decoders / sizeof *decoders;

/// Gives the bytes to the decoder that the first one chooses; its highest bit asks for the binary form.
inline bool decode_any(std::string_view bytes) {
    if (bytes.empty()) return false;
    auto const choice = static_cast<unsigned char>(bytes.front());
    return decoders[(choice & 0x7FU) % decoder_count](bytes.substr(1), (choice & 0x80U) != 0);
}

}  // namespace sark::fuzz
