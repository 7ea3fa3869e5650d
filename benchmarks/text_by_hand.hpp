// SPDX-License-Identifier: MIT
//
// PostgreSQL's texts of times and levels, read and written by hand: what a careful author has beside libpq or libpqxx.

#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <sark/models.hpp>

namespace bench {

inline sark::Sensitivity level_of(std::string_view text) {
    switch (text.front()) {
        case 'l': return sark::Sensitivity::low;
        case 'm': return sark::Sensitivity::medium;
        case 'h': return sark::Sensitivity::high;
        default: return sark::Sensitivity::critical;
    }
}

/// Reads 2024-01-01 00:05:11.123457+00; the session is in UTC.
inline sark::timestamp time_of(std::string_view text) {
    using namespace std::chrono;
    auto const number = [&](std::size_t at, std::size_t digits) {
        std::int64_t n = 0;
        for (std::size_t i = at; i < at + digits; ++i) n = n * 10 + (text[i] - '0');
        return n;
    };
    auto const day = sys_days{year{static_cast<int>(number(0, 4))} / month{static_cast<unsigned>(number(5, 2))} /
                              std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    std::int64_t const clock = (number(11, 2) * 60 + number(14, 2)) * 60 + number(17, 2);
    std::int64_t fraction = 0;
    if (text.size() > 19 && text[19] == '.') {
        std::size_t at = 20;
        int digits = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
            fraction = fraction * 10 + (text[at] - '0');
        for (; digits < 6; ++digits) fraction *= 10;
    }
    return sark::timestamp::from_unix_micros(
        (std::int64_t{day.time_since_epoch().count()} * 86'400 + clock) * 1'000'000 + fraction);
}

inline std::string text_of(sark::timestamp t) {
    using namespace std::chrono;
    sys_time<microseconds> const at{microseconds{t.unix_micros()}};
    auto const day = floor<days>(at);
    year_month_day const date{day};
    std::int64_t const micros = (at - day).count();
    char out[48];
    int const size = std::snprintf(out, sizeof out, "%04d-%02u-%02u %02d:%02d:%02d.%06d+00",
                                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                   static_cast<unsigned>(date.day()), static_cast<int>(micros / 3'600'000'000),
                                   static_cast<int>(micros / 60'000'000 % 60),
                                   static_cast<int>(micros / 1'000'000 % 60), static_cast<int>(micros % 1'000'000));
    return {out, static_cast<std::size_t>(size)};
}

}  // namespace bench
