// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace sark {

/// Stands for the JSON value `null`, which is not the same as no value: `patch.owner = sark::json_null`.
struct json_null_t {
    bool operator==(json_null_t const&) const = default;
};
inline constexpr json_null_t json_null{};

/// Is a member of a document in one of three states: absent, null, or a value.
///
/// A `std::optional` reads absent and null alike and is left out when it is empty; this one writes back what it read.
template <class T>
class maybe {
public:
    using value_type = T;

    /// Makes an absent member.
    constexpr maybe() = default;
    constexpr maybe(json_null_t) : is_null_{true} {}  // NOLINT(google-explicit-constructor)
    template <class U = T>
        requires(!std::same_as<std::remove_cvref_t<U>, maybe> && !std::same_as<std::remove_cvref_t<U>, json_null_t> &&
                 std::convertible_to<U, T>)
    constexpr maybe(U&& value) : value_{std::forward<U>(value)} {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] constexpr bool is_absent() const noexcept { return !value_.has_value() && !is_null_; }
    [[nodiscard]] constexpr bool is_null() const noexcept { return is_null_; }
    [[nodiscard]] constexpr bool has_value() const noexcept { return value_.has_value(); }
    constexpr explicit operator bool() const noexcept { return has_value(); }

    /// Gives the value; call it for a member that has one.
    [[nodiscard]] constexpr T const& operator*() const noexcept { return *value_; }
    [[nodiscard]] constexpr T& operator*() noexcept { return *value_; }
    [[nodiscard]] constexpr T const* operator->() const noexcept { return &*value_; }
    [[nodiscard]] constexpr T* operator->() noexcept { return &*value_; }
    [[nodiscard]] constexpr T value_or(T other) const { return value_ ? *value_ : std::move(other); }

    /// Gives the value as an optional, which tells absent and null no more apart.
    [[nodiscard]] constexpr std::optional<T> const& to_optional() const noexcept { return value_; }

    /// Makes the member absent.
    constexpr void reset() noexcept {
        value_.reset();
        is_null_ = false;
    }

    constexpr bool operator==(maybe const&) const = default;

private:
    std::optional<T> value_;
    bool is_null_ = false;
};

static_assert(maybe<int>{}.is_absent() && maybe<int>{json_null}.is_null() && *maybe<int>{3} == 3);
static_assert(maybe<int>{} != maybe<int>{json_null});

}  // namespace sark
