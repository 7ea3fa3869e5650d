// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <sark/migrate/frozen.hpp>

namespace sark::migrate::detail {

/// Continues a 64-bit FNV-1a hash; the closing byte keeps "ab" "c" apart from "a" "bc".
constexpr std::uint64_t hash_text(std::uint64_t hash, std::string_view text) {
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return (hash ^ 0xFFU) * 1099511628211ULL;
}

}  // namespace sark::migrate::detail

namespace sark::migrate {

/// Computes what tells an edited migration from the one that was applied: a hash of its id, its parent and every
/// statement of both directions, as 16 hexadecimal digits. It guards against accidents, not against forgery.
[[nodiscard]] inline std::string checksum(migration_view const& m) {
    std::uint64_t hash = 14695981039346656037ULL;
    hash = detail::hash_text(hash, m.id);
    hash = detail::hash_text(hash, m.parent);
    for (statement_view const& s : m.up) hash = detail::hash_text(hash, s.sql);
    hash = detail::hash_text(hash, {});
    for (statement_view const& s : m.down) hash = detail::hash_text(hash, s.sql);
    std::string digits(16, '0');
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, hash >>= 4U) *at = "0123456789abcdef"[hash & 0xFU];
    return digits;
}

}  // namespace sark::migrate
