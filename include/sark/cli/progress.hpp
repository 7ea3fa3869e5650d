// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include <sark/cli/context.hpp>

namespace sark::cli {

/// Gives a duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
[[nodiscard]] inline std::string duration_text(double seconds) {
    char text[32];
    if (seconds < 10) {
        static_cast<void>(std::snprintf(text, sizeof text, "%.1f s", seconds < 0 ? 0 : seconds));
        return text;
    }
    auto const whole = static_cast<long long>(seconds);
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600)
        static_cast<void>(std::snprintf(text, sizeof text, "%lld min %02lld s", whole / 60, whole % 60));
    else
        static_cast<void>(std::snprintf(text, sizeof text, "%lld h %02lld min", whole / 3600, whole / 60 % 60));
    return text;
}

/// Gives a number with its thousands apart: `1,234,567`.
[[nodiscard]] inline std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

/// Gives the line about work under way: `resources 1,200 of 100,000 (1 %), 5,400/s, 18 s left`; pure.
[[nodiscard]] inline std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total,
                                               double seconds) {
    std::string line{what};
    line += ' ' + grouped(done);
    if (total > 0) line += " of " + grouped(total) + " (" + std::to_string(done * 100 / total) + " %)";
    if (seconds > 0 && done > 0) {
        double const rate = static_cast<double>(done) / seconds;
        line += ", " + grouped(static_cast<std::uint64_t>(rate)) + "/s";
        if (total > done) line += ", " + duration_text(static_cast<double>(total - done) / rate) + " left";
    }
    return line;
}

/// Shows how far work is: on a terminal one line that changes, elsewhere a line every few seconds. Ends its line when it
/// goes away.
class progress_display {
public:
    using clock = std::chrono::steady_clock;

    /// `rates` says that the things counted are alike, so that a rate and the time left mean something.
    progress_display(context const& c, bool quiet, bool rates = true) : context_{c}, quiet_{quiet}, rates_{rates} {}
    progress_display(progress_display const&) = delete;
    progress_display& operator=(progress_display const&) = delete;
    ~progress_display() { end(); }

    void show(std::string_view what, std::uint64_t done, std::uint64_t total) {
        if (quiet_) return;
        auto const now = clock::now();
        if (now - last_ < (context_.err_is_terminal ? std::chrono::milliseconds{100} : std::chrono::milliseconds{5000}))
            return;
        last_ = now;
        double const seconds = std::chrono::duration<double>(now - begin_).count();
        std::string const line = progress_line(what, done, total, rates_ ? seconds : 0);
        if (context_.err_is_terminal)
            *context_.err << "\r\x1b[K" << line << std::flush;
        else
            *context_.err << line << '\n' << std::flush;
        open_ = context_.err_is_terminal;
    }

    /// Writes a whole line above the changing one.
    void say(std::string_view line) {
        if (quiet_) return;
        end();
        *context_.err << line << '\n' << std::flush;
    }

    void end() {
        if (open_) *context_.err << '\n' << std::flush;
        open_ = false;
    }

private:
    context const& context_;
    bool quiet_;
    bool rates_;
    bool open_ = false;
    clock::time_point begin_ = clock::now();
    clock::time_point last_ = begin_;
};

}  // namespace sark::cli
