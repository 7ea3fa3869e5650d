// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <sark/codec/field.hpp>
#include <sark/codec/parameters.hpp>
#include <sark/types/timestamp.hpp>

namespace sark {

namespace detail {

/// The calendar here is 64 bits wide: std::chrono's year ends at 32767, PostgreSQL's at 294276.
struct civil_day {
    std::int64_t year;  ///< astronomical: 0 is 1 BC
    unsigned month;
    unsigned day;
};

inline constexpr std::int64_t days_per_era = 146'097;  // 400 years

/// Counts days from 1970-01-01 in the proleptic Gregorian calendar, with years that begin in March.
[[nodiscard]] constexpr std::int64_t days_of(civil_day d) {
    std::int64_t const year = d.month <= 2 ? d.year - 1 : d.year;
    std::int64_t const era = (year >= 0 ? year : year - 399) / 400;
    std::int64_t const year_of_era = year - era * 400;
    std::int64_t const month = d.month > 2 ? d.month - 3 : d.month + 9;
    std::int64_t const day_of_year = (153 * month + 2) / 5 + d.day - 1;
    return era * days_per_era + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

[[nodiscard]] constexpr civil_day civil_of(std::int64_t days) {
    days += 719'468;
    std::int64_t const era = (days >= 0 ? days : days - (days_per_era - 1)) / days_per_era;
    std::int64_t const day_of_era = days - era * days_per_era;
    std::int64_t const year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) /
                                     365;
    std::int64_t const day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    std::int64_t const month = (5 * day_of_year + 2) / 153;
    auto const day = static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1);
    auto const civil_month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9);
    return {year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0), civil_month, day};
}

static_assert(days_of({1970, 1, 1}) == 0 && days_of({2000, 3, 1}) == 11'017 && days_of({0, 2, 29}) == -719'469);
static_assert(civil_of(11'016).day == 29 && civil_of(-719'469).year == 0);

/// Reads the ISO text of dates and timestamps piece by piece; `ok` stays false after the first piece that is not there.
class iso_reader {
public:
    explicit iso_reader(std::string_view text) : text_{text} {
        if (text_.ends_with(" BC")) {
            before_christ_ = true;
            text_.remove_suffix(3);
        }
    }

    std::int64_t number() {
        std::int64_t value = 0;
        bool any = false;
        while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9' && value < 100'000'000) {
            value = value * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
            any = true;
        }
        ok = ok && any;
        return value;
    }

    bool take(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    void need(char c) { ok = take(c) && ok; }

    std::int64_t day() {
        std::int64_t const year = number();
        need('-');
        std::int64_t const month = number();
        need('-');
        std::int64_t const day_of_month = number();
        ok = ok && month >= 1 && month <= 12 && day_of_month >= 1 && day_of_month <= 31;
        std::int64_t const days = days_of(
            {before_christ_ ? 1 - year : year, static_cast<unsigned>(month), static_cast<unsigned>(day_of_month)});
        // The count goes on after the end of a month; the calendar does not.
        ok = ok && (day_of_month <= 28 || civil_of(days).day == day_of_month);
        return days;
    }

    std::int64_t micros_of_day() {
        std::int64_t const hours = number();
        need(':');
        std::int64_t const minutes = number();
        need(':');
        std::int64_t const seconds = number();
        ok = ok && hours < 24 && minutes < 60 && seconds < 60;
        std::int64_t micros = ((hours * 60 + minutes) * 60 + seconds) * 1'000'000;
        if (take('.')) {
            std::size_t const before = text_.size();
            std::int64_t fraction = number();
            std::size_t digits = before - text_.size();
            ok = ok && digits <= 6;
            for (; digits < 6; ++digits) fraction *= 10;
            micros += fraction;
        }
        return micros;
    }

    std::int64_t offset_micros() {
        bool const west = take('-');
        if (!west) need('+');
        std::int64_t const hours = number();
        std::int64_t const minutes = take(':') ? number() : 0;
        std::int64_t seconds = take(':') ? number() : 0;
        // Source: MAX_TZDISP_HOUR in the server's datatype/timestamp.h.
        ok = ok && hours < 16 && minutes < 60 && seconds < 60;
        seconds += (hours * 60 + minutes) * 60;
        return (west ? -seconds : seconds) * 1'000'000;
    }

    [[nodiscard]] bool finished() const { return ok && text_.empty(); }

    bool ok = true;

private:
    std::string_view text_;
    bool before_christ_ = false;
};

/// Writes the ISO text of dates and timestamps; years before 1 get their BC.
class iso_writer {
public:
    /// Writes a number that is not negative, with zeros before it up to a width of 2, 4 or 6.
    void number(std::int64_t value, unsigned width) {
        auto rest = static_cast<std::uint64_t>(value);
        unsigned length = width;
        for (std::uint64_t limit = width == 2 ? 100 : width == 4 ? 10'000 : 1'000'000; rest >= limit; limit *= 10)
            ++length;
        size_ += length;
        for (unsigned i = 1; i <= length; ++i, rest /= 10) chars_[size_ - i] = static_cast<char>('0' + rest % 10);
    }
    void put(char c) { chars_[size_++] = c; }

    void day(std::int64_t days) {
        civil_day const d = civil_of(days);
        before_christ_ = d.year <= 0;
        number(before_christ_ ? 1 - d.year : d.year, 4);
        put('-');
        number(d.month, 2);
        put('-');
        number(d.day, 2);
    }

    [[nodiscard]] std::string_view finish() {
        if (before_christ_)
            for (char c : std::string_view{" BC"}) put(c);
        return {chars_.data(), size_};
    }

private:
    std::array<char, 64> chars_;
    std::size_t size_ = 0;
    bool before_christ_ = false;
};

inline constexpr std::int64_t micros_per_day = 86'400'000'000;

}  // namespace detail

/// Timestamps travel as UTC text: connections of the library pin TimeZone to UTC and DateStyle to ISO.
template <>
struct codec<timestamp> {
    static void encode(parameters& out, timestamp value) {
        if (!value.is_set()) return out.add_null();
        if (value.is_infinity()) return out.add_trusted("infinity");
        if (value.is_minus_infinity()) return out.add_trusted("-infinity");
        std::int64_t const micros = value.unix_micros();
        std::int64_t days = micros / detail::micros_per_day;
        std::int64_t rest = micros % detail::micros_per_day;
        if (rest < 0) {
            rest += detail::micros_per_day;
            --days;
        }
        detail::iso_writer w;
        w.day(days);
        w.put(' ');
        w.number(rest / 3'600'000'000, 2);
        w.put(':');
        w.number(rest / 60'000'000 % 60, 2);
        w.put(':');
        w.number(rest / 1'000'000 % 60, 2);
        w.put('.');
        w.number(rest % 1'000'000, 6);
        for (char c : std::string_view{"+00"}) w.put(c);
        out.add_trusted(w.finish());
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::timestamptz; }

    static timestamp decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            if (f.size != 8) detail::refuse_binary(place);
            auto const micros = detail::read_network<std::int64_t>(f.data);
            if (micros == std::numeric_limits<std::int64_t>::max()) return timestamp::infinity();
            if (micros == std::numeric_limits<std::int64_t>::min()) return timestamp::minus_infinity();
            return finite(micros, detail::server_epoch_micros, place);
        }
        if (f.text() == "infinity") return timestamp::infinity();
        if (f.text() == "-infinity") return timestamp::minus_infinity();
        detail::iso_reader in{f.text()};
        std::int64_t const days = in.day();
        in.need(' ');
        std::int64_t const micros = in.micros_of_day();
        std::int64_t const offset = in.offset_micros();
        if (!in.finished())
            detail::refuse_field(place, "holds no timestamp with time zone in ISO form",
                                 "Map timestamptz only, and leave DateStyle at ISO in the session.");
        // The server counts from 2000 and ends thirty years later than a count from 1970 can.
        std::int64_t at = 0;
        if (__builtin_mul_overflow(days, detail::micros_per_day, &at)) refuse_late(place);
        return finite(at, micros - offset, place);
    }

private:
    [[noreturn]] static void refuse_late(field_place const& place) {
        detail::refuse_field(place, "holds a timestamp after the year 294246, which its member does not hold",
                             "Correct the row, or store infinity.");
    }

    static timestamp finite(std::int64_t micros, std::int64_t more, field_place const& place) {
        if (__builtin_add_overflow(micros, more, &micros) || !timestamp::from_unix_micros(micros).is_finite())
            refuse_late(place);
        return timestamp::from_unix_micros(micros);
    }
};

template <>
struct codec<date> {
    static void encode(parameters& out, date value) {
        if (!value.is_set()) return out.add_null();
        if (value.is_infinity()) return out.add_trusted("infinity");
        if (value.is_minus_infinity()) return out.add_trusted("-infinity");
        detail::iso_writer w;
        w.day(value.to_sys().time_since_epoch().count());
        out.add_trusted(w.finish());
    }

    static constexpr bool reads_binary(std::uint32_t type) { return type == detail::oid::date; }

    static date decode(field const& f, field_place const& place) {
        if (f.is_binary) {
            if (f.size != 4) detail::refuse_binary(place);
            auto days = detail::read_network<std::int32_t>(f.data);
            if (days == std::numeric_limits<std::int32_t>::max()) return date::infinity();
            if (days == std::numeric_limits<std::int32_t>::min()) return date::minus_infinity();
            if (__builtin_add_overflow(days, detail::server_epoch_days, &days) ||
                !date{std::chrono::sys_days{std::chrono::days{days}}}.is_finite())
                detail::refuse_binary(place);
            return date{std::chrono::sys_days{std::chrono::days{days}}};
        }
        if (f.text() == "infinity") return date::infinity();
        if (f.text() == "-infinity") return date::minus_infinity();
        detail::iso_reader in{f.text()};
        std::int64_t const days = in.day();
        if (!in.finished() || !std::in_range<std::int32_t>(days))
            detail::refuse_field(place, "holds no date in ISO form", "Leave DateStyle at ISO in the session.");
        return date{std::chrono::sys_days{std::chrono::days{days}}};
    }
};

}  // namespace sark
