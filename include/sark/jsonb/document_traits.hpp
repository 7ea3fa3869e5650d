// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/types/json.hpp>

namespace sark {

/// What a struct can say about its documents beyond its members; each is specialised beside the struct.

enum class unknown_members { ignore, reject };

/// Says what reading does with members that T does not have. To keep them, give T a member `sark::other_members`.
/// @code
/// template <> inline constexpr auto sark::unknown_members_of<Settings> = sark::unknown_members::reject;
/// @endcode
template <class T>
inline constexpr unknown_members unknown_members_of = unknown_members::ignore;

/// Names the key that tells the alternatives of a std::variant apart.
template <class Variant>
inline constexpr std::string_view tag_key_of = "type";

/// Gives the text under that key for one alternative.
/// @code
/// template <> inline constexpr std::string_view sark::tag_of<Circle> = "circle";
/// @endcode
template <class Alternative>
inline constexpr std::string_view tag_of = {};

/// Is the alternative of a std::variant, or of a polymorphic row, for what no other one describes: the text is kept.
struct unknown_document {
    json document{};
};

/// Lists the structs that described a document over time, oldest first, and the key of its version number.
///
/// The number of the first is 1, and documents without the key are of that version. For each but the last there is a
/// function `upcast(Old) -> New` beside the struct, constexpr where its members allow it.
template <class... Versions>
struct versions {
    std::string_view key;
};

/// Says of which versions T is the newest: any is read, T is written.
/// @code
/// template <> inline constexpr auto sark::versions_of<Config> = sark::versions<ConfigV1, ConfigV2, Config>{"version"};
/// @endcode
template <class T>
inline constexpr auto versions_of = nullptr;

namespace detail {

template <class T>
inline constexpr bool is_versioned = !std::is_null_pointer_v<std::remove_cv_t<decltype(versions_of<T>)>>;

}  // namespace detail
}  // namespace sark
