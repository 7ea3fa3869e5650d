// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>

namespace sark {

/// Holds an instant in microseconds, as `timestamptz` does: PostgreSQL stores no zone, only the instant.
///
/// It knows two more states than a number: the infinities of PostgreSQL, and *unset*, the state of a
/// default-constructed one. An unset timestamp takes the column's default on insert and is refused where there is
/// none, so a forgotten field never becomes 1970.
class timestamp {
public:
    using duration = std::chrono::microseconds;
    using time_point = std::chrono::sys_time<duration>;

    /// Makes an unset timestamp.
    constexpr timestamp() = default;

    /// Takes any system time that microseconds hold without loss; use `floor` for finer ones.
    template <class D>
        requires std::convertible_to<std::chrono::sys_time<D>, time_point>
    constexpr timestamp(std::chrono::sys_time<D> t)  // NOLINT(google-explicit-constructor): lossless
        : micros_{time_point{t}.time_since_epoch().count()} {}

    /// Cuts a finer system time (`std::chrono::system_clock::now()`) down to the microsecond before it.
    template <class D>
    [[nodiscard]] static constexpr timestamp floor(std::chrono::sys_time<D> t) {
        return timestamp{std::chrono::floor<duration>(t)};
    }

    [[nodiscard]] static timestamp now() { return floor(std::chrono::system_clock::now()); }

    [[nodiscard]] static constexpr timestamp from_unix_micros(std::int64_t micros) {
        timestamp t;
        t.micros_ = micros;
        return t;
    }
    [[nodiscard]] static constexpr timestamp infinity() { return from_unix_micros(after_all); }
    [[nodiscard]] static constexpr timestamp minus_infinity() { return from_unix_micros(before_all); }

    /// Tells whether it is set, to an instant or to an infinity.
    [[nodiscard]] constexpr bool is_set() const { return micros_ != unset; }
    [[nodiscard]] constexpr bool is_finite() const {
        return micros_ != unset && micros_ != after_all && micros_ != before_all;
    }
    [[nodiscard]] constexpr bool is_infinity() const { return micros_ == after_all; }
    [[nodiscard]] constexpr bool is_minus_infinity() const { return micros_ == before_all; }

    /// Gives the instant; call it for finite ones only.
    [[nodiscard]] constexpr time_point to_sys() const { return time_point{duration{micros_}}; }
    [[nodiscard]] constexpr std::int64_t unix_micros() const { return micros_; }

    constexpr auto operator<=>(timestamp const&) const = default;

private:
    // PostgreSQL's own range ends long before these three.
    static constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t unset = before_all + 1;
    static constexpr std::int64_t after_all = std::numeric_limits<std::int64_t>::max();

    std::int64_t micros_ = unset;
};

static_assert(!timestamp{}.is_set() && timestamp::infinity() > timestamp::from_unix_micros(0));

/// Holds a calendar day, as `date` does; infinity is a state of it, and so is unset.
class date {
public:
    constexpr date() = default;
    constexpr date(std::chrono::sys_days d)  // NOLINT(google-explicit-constructor): lossless
        : days_{static_cast<std::int32_t>(d.time_since_epoch().count())} {}
    constexpr date(std::chrono::year_month_day d)  // NOLINT(google-explicit-constructor): lossless
        : date{std::chrono::sys_days{d}} {}

    [[nodiscard]] static constexpr date infinity() { return from_days(after_all); }
    [[nodiscard]] static constexpr date minus_infinity() { return from_days(before_all); }

    [[nodiscard]] constexpr bool is_set() const { return days_ != unset; }
    [[nodiscard]] constexpr bool is_finite() const {
        return days_ != unset && days_ != after_all && days_ != before_all;
    }
    [[nodiscard]] constexpr bool is_infinity() const { return days_ == after_all; }
    [[nodiscard]] constexpr bool is_minus_infinity() const { return days_ == before_all; }

    /// Gives the day; call it for finite ones only.
    [[nodiscard]] constexpr std::chrono::sys_days to_sys() const {
        return std::chrono::sys_days{std::chrono::days{days_}};
    }

    constexpr auto operator<=>(date const&) const = default;

private:
    static constexpr std::int32_t before_all = std::numeric_limits<std::int32_t>::min();
    static constexpr std::int32_t unset = before_all + 1;
    static constexpr std::int32_t after_all = std::numeric_limits<std::int32_t>::max();

    static constexpr date from_days(std::int32_t days) {
        date d;
        d.days_ = days;
        return d;
    }

    std::int32_t days_ = unset;
};

}  // namespace sark
