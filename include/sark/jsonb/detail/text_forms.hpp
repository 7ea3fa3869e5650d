// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <sark/codec/error.hpp>
#include <sark/codec/time.hpp>
#include <sark/sql/writer.hpp>
#include <sark/types/timestamp.hpp>
#include <sark/types/uuid.hpp>

namespace sark::detail {

/// The values that documents hold as text, both directions, and the pattern that is true for exactly what is read.
///
/// A pattern is for PostgreSQL's regular expressions and those of JavaScript alike: no class of characters that a
/// locale would widen, and leap years counted out.

struct date_pattern_text {
    static constexpr void write_day(sql::writer& w) {
        w.put("(?:(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|"
              "30)");
        w.put("|02-(?:0[1-9]|1[0-9]|2[0-8]))");
        w.put("|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)");
    }
    static constexpr void write(sql::writer& w) {
        w.put("^(?:-?infinity|");
        write_day(w);
        w.put(")$");
    }
};
struct instant_pattern_text {
    static constexpr void write(sql::writer& w) {
        w.put("^(?:-?infinity|");
        date_pattern_text::write_day(w);
        w.put(
            "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9]))$");
    }
};
struct uuid_pattern_text {
    static constexpr void write(sql::writer& w) { w.put("^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$"); }
};

/// Reads digits at fixed places of a text.
class fixed_digits {
public:
    explicit fixed_digits(std::string_view text) : text_{text} {}

    std::int64_t number(std::size_t digits) {
        std::int64_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            char const c = next();
            ok_ = ok_ && c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        return value;
    }
    void need(char c) { ok_ = next() == c && ok_; }
    [[nodiscard]] char next() {
        if (text_.empty()) return ok_ = false, '\0';
        char const c = text_.front();
        text_.remove_prefix(1);
        return c;
    }
    [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }
    void demand(bool condition) { ok_ = ok_ && condition; }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool finished() const { return ok_ && text_.empty(); }

    std::int64_t day() {
        std::int64_t const year = number(4);
        need('-');
        auto const month = static_cast<unsigned>(number(2));
        need('-');
        auto const day = static_cast<unsigned>(number(2));
        demand(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 31);
        if (!ok_) return 0;
        std::int64_t const days = days_of({year, month, day});
        demand(civil_of(days).day == day);
        return days;
    }

private:
    std::string_view text_;
    bool ok_ = true;
};

[[nodiscard]] inline bool read_text_form(std::string_view text, date& value) {
    if (text == "infinity") return value = date::infinity(), true;
    if (text == "-infinity") return value = date::minus_infinity(), true;
    fixed_digits in{text};
    std::int64_t const days = in.day();
    if (!in.finished()) return false;
    value = date{std::chrono::sys_days{std::chrono::days{days}}};
    return true;
}

[[nodiscard]] inline bool read_text_form(std::string_view text, timestamp& value) {
    if (text == "infinity") return value = timestamp::infinity(), true;
    if (text == "-infinity") return value = timestamp::minus_infinity(), true;
    fixed_digits in{text};
    std::int64_t const days = in.day();
    char const between = in.next();
    std::int64_t const hours = in.number(2);
    in.need(':');
    std::int64_t const minutes = in.number(2);
    in.need(':');
    std::int64_t const seconds = in.number(2);
    in.demand((between == 'T' || between == ' ') && hours < 24 && minutes < 60 && seconds < 60);
    std::int64_t micros = ((hours * 60 + minutes) * 60 + seconds) * 1'000'000;
    if (in.peek() == '.') {
        (void)in.next();
        std::int64_t unit = 1'000'000;
        do {
            unit /= 10;
            in.demand(unit != 0);
            micros += in.number(1) * unit;
        } while (in.ok() && in.peek() >= '0' && in.peek() <= '9');
    }
    char const zone = in.next();
    if (zone != 'Z') {
        std::int64_t const zone_hours = in.number(2);
        in.need(':');
        std::int64_t const zone_minutes = in.number(2);
        in.demand((zone == '+' || zone == '-') && zone_hours < 16 && zone_minutes < 60);
        std::int64_t const offset = (zone_hours * 60 + zone_minutes) * 60'000'000;
        micros -= zone == '-' ? -offset : offset;
    }
    if (!in.finished()) return false;
    value = timestamp::from_unix_micros(days * micros_per_day + micros);
    return true;
}

[[nodiscard]] inline bool read_text_form(std::string_view text, uuid& value) {
    auto const parsed = parse_uuid(text);
    // One spelling for one value, so that equality in the server, which compares texts, is equality here.
    if (!parsed || text.find_first_of("ABCDEF") != std::string_view::npos) return false;
    value = *parsed;
    return true;
}

inline void append_digits(std::string& out, std::int64_t value, std::size_t width) {
    std::string const digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

inline void append_day(std::string& out, std::int64_t days) {
    civil_day const d = civil_of(days);
    if (d.year < 1 || d.year > 9999)
        throw error{"sark: a document holds days of the years 1 to 9999. Store others as a number of your own choice."};
    append_digits(out, d.year, 4);
    out += '-';
    append_digits(out, d.month, 2);
    out += '-';
    append_digits(out, d.day, 2);
}

inline void append_text_form(std::string& out, date value) {
    if (!value.is_set())
        throw error{"sark: a date in a document was not set. Set it, or make the member a std::optional."};
    if (value.is_infinity())
        out += "infinity";
    else if (value.is_minus_infinity())
        out += "-infinity";
    else
        append_day(out, value.to_sys().time_since_epoch().count());
}

/// Writes RFC 3339 in UTC with six decimals: one spelling for one instant.
inline void append_text_form(std::string& out, timestamp value) {
    if (!value.is_set())
        throw error{"sark: a timestamp in a document was not set. Set it, or make the member a std::optional."};
    if (!value.is_finite()) {
        out += value.is_infinity() ? "infinity" : "-infinity";
        return;
    }
    std::int64_t days = value.unix_micros() / micros_per_day;
    std::int64_t rest = value.unix_micros() % micros_per_day;
    if (rest < 0) {
        rest += micros_per_day;
        --days;
    }
    append_day(out, days);
    out += 'T';
    append_digits(out, rest / 3'600'000'000, 2);
    out += ':';
    append_digits(out, rest / 60'000'000 % 60, 2);
    out += ':';
    append_digits(out, rest / 1'000'000 % 60, 2);
    out += '.';
    append_digits(out, rest % 1'000'000, 6);
    out += 'Z';
}

}  // namespace sark::detail
