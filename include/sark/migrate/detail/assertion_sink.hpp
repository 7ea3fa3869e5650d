// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <sark/migrate/assertion.hpp>
#include <sark/sql/literal.hpp>
#include <sark/sql/writer.hpp>

namespace sark::migrate::detail {

/// Is where an assertion stands in the characters of its migration.
struct placed_assertion {
    struct place {
        std::size_t begin = 0;
        std::size_t size = 0;
        [[nodiscard]] constexpr std::string_view of(char const* chars) const {
            return size == 0 ? std::string_view{} : std::string_view{chars + begin, size};
        }
    };
    place sql{};
    place says{};
    place guard{};
    migrate::severity severity{};
    std::string_view step = {};
    std::string_view subject = {};
    std::string_view other = {};

    [[nodiscard]] constexpr migrate::assertion_view view(char const* chars) const {
        return {sql.of(chars), says.of(chars), severity, step, guard.of(chars), subject, other};
    }
};

using phrase = std::initializer_list<std::string_view>;

constexpr void put_words(sql::writer& w, phrase const& parts) {
    for (std::string_view part : parts) w.put(part);
}

/// Names what an assertion is about.
struct about {
    std::string_view subject;
    std::string_view other = {};
};

/// Takes assertions one by one: without room it counts them and their characters, with room it stores them.
class assertion_sink {
public:
    constexpr assertion_sink() = default;
    constexpr assertion_sink(char* chars, placed_assertion* out) : text_{chars}, out_{out} {}

    bool muted = false;  ///< an operation is followed for its effect only
    std::string_view step = {};

    /// Has assertions asked only where an extension is installed (empty: none needs to be) and none of some others is.
    constexpr void ask_where(std::string_view required, std::vector<std::string_view> const& lacking) {
        required_ = required;
        lacking_ = lacking;
    }
    constexpr void ask_always() { ask_where({}, {}); }

    template <class PutSql>
    constexpr void add(migrate::severity level, about what, PutSql const& put_sql, phrase const& says) {
        if (muted) return;
        placed_assertion made{.severity = level, .step = step, .subject = what.subject, .other = what.other};
        made.sql = put([&] { put_sql(text_); });
        made.says = put([&] { put_words(text_, says); });
        if (!required_.empty() || !lacking_.empty()) made.guard = put([&] { put_guard(); });
        if (out_ != nullptr) out_[count_] = made;
        ++count_;
    }

    [[nodiscard]] constexpr std::size_t count() const { return count_; }
    [[nodiscard]] constexpr std::size_t chars() const { return text_.size(); }

private:
    template <class Put>
    constexpr placed_assertion::place put(Put const& put_text) {
        std::size_t const begin = text_.size();
        put_text();
        placed_assertion::place const made{begin, text_.size() - begin};
        text_.put('\0');
        return made;
    }
    constexpr void put_guard() {
        constexpr std::string_view exists = "EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname IN (";
        text_.put("SELECT ");
        if (!required_.empty()) {
            text_.put(exists);
            sql::put_literal(text_, required_);
            text_.put("))");
        }
        if (lacking_.empty()) return;
        text_.put(required_.empty() ? "NOT " : " AND NOT ");
        text_.put(exists);
        bool first = true;
        for (std::string_view name : lacking_) {
            text_.put_separator(first, ", ");
            sql::put_literal(text_, name);
        }
        text_.put("))");
    }

    sql::writer text_{};
    placed_assertion* out_ = nullptr;
    std::size_t count_ = 0;
    std::string_view required_ = {};
    std::vector<std::string_view> lacking_{};
};

}  // namespace sark::migrate::detail
