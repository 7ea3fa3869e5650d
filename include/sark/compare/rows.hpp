// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sark/compare/detail/texts.hpp>
#include <sark/compare/sides.hpp>
#include <sark/db/connection.hpp>

namespace sark::compare {

struct options {
    std::size_t range = 1'000'000;  ///< rows looked at by one statement; one that differs is asked for its rows
    std::size_t most = 10'000;      ///< fields that are named; all are counted
    bool with_values = false;       ///< also reads both values: they may be secret
    std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

/// Names one field that is not what it ought to be, or a row that is not there (then `field` is empty).
struct difference {
    std::string table;
    std::string key;
    std::string field;                    ///< `name`; inside of JSON objects with the key: `metadata.command`
    std::optional<std::string> expected;  ///< only with `with_values`
    std::optional<std::string> actual;
    bool operator==(difference const&) const = default;
};

/// Is what a comparison found.
struct result {
    std::int64_t rows = 0;                ///< expected rows
    std::int64_t missing = 0;             ///< of these, not there
    std::int64_t different = 0;           ///< of these, there with another value
    std::int64_t ranges = 0;              ///< looked at
    std::int64_t ranges_different = 0;    ///< of these, looked into
    std::vector<difference> differences;  ///< in the order of the key, at most `options::most`
    std::chrono::duration<double> took{};

    [[nodiscard]] bool equal() const noexcept { return missing == 0 && different == 0; }
};

}  // namespace sark::compare

namespace sark::compare::detail {

/// Fixes what texts and plans of a comparison depend on, until the end of the transaction.
inline constexpr std::string_view fixed_session =
    "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true), "
    "set_config('IntervalStyle', 'iso_8601', true), set_config('extra_float_digits', '1', true), "
    "set_config('bytea_output', 'hex', true), set_config('jit', 'off', true), set_config('work_mem', '128MB', true)";

[[nodiscard]] inline std::int64_t number(std::optional<std::string> const& text) {
    return text ? std::stoll(*text) : 0;
}

/// Compares in one snapshot; `keys` narrows it down to some rows, for looking at them again.
class walk {
public:
    walk(session& db, sides const& of, options const& how) : db_{db}, sides_{of}, how_{how} {}

    result run() {
        auto const started = std::chrono::steady_clock::now();
        std::int64_t const total = number(db_.query_text(count_text(sides_)).at(0).at(0));
        auto const size = static_cast<std::int64_t>(
            std::clamp<std::uint64_t>(how_.range, 1, std::numeric_limits<std::int64_t>::max() / 2));
        std::string const bound = bound_text(sides_);
        std::string const range = range_text(sides_);
        std::optional<std::string> after;
        for (std::int64_t walked = 0; walked < total; walked += size) {
            std::optional<std::string> upto;  // the last range has no end
            if (total - walked > size)
                upto = db_.query_text(bound, {after, std::nullopt, std::to_string(size - 1)}).at(0).at(0);
            auto const row = db_.query_text(range, {after, upto}).at(0);
            ++found_.ranges;
            found_.rows += number(row.at(0));
            if (row.at(1) != "t") look_into(after, upto);
            after = std::move(upto);
            if (how_.progress) how_.progress(found_.rows, total);
        }
        found_.took = std::chrono::steady_clock::now() - started;
        return std::move(found_);
    }

    /// Looks at some rows again, in the snapshot of now.
    result run(std::vector<std::string> const& keys) {
        fields(keys);
        return std::move(found_);
    }

private:
    void look_into(std::optional<std::string> const& after, std::optional<std::string> const& upto) {
        ++found_.ranges_different;
        std::vector<std::string> keys;
        for (auto& row : db_.query_text(keys_text(sides_), {after, upto})) {
            keys.push_back(std::move(row.at(0)).value_or(""));
            if (keys.size() == 500) fields(std::exchange(keys, {}));
        }
        if (!keys.empty()) fields(keys);
    }

    void fields(std::vector<std::string> const& keys) {
        std::string array = "{";
        for (std::string const& key : keys) array.append(array.size() > 1 ? "," : "").append(key);
        std::string last;
        for (auto& row : db_.query_text(fields_text(sides_, how_.with_values), {array + "}"})) {
            std::string const key = row.at(0).value_or("");
            bool const is_missing = !row.at(1).has_value();
            if (key != last) ++(is_missing ? found_.missing : found_.different);
            last = key;
            if (found_.differences.size() >= how_.most) continue;
            found_.differences.push_back(
                {std::string{sides_.actual}, key, row.at(1).value_or(""), std::move(row.at(2)), std::move(row.at(3))});
        }
    }

    session& db_;
    sides const& sides_;
    options const& how_;
    result found_;
};

}  // namespace sark::compare::detail

namespace sark::compare {

/// Compares what ought to be in a table with what is, by value and by key; rows that nobody expects are no difference.
///
/// Reads in one snapshot and writes nothing. The server compares range by range, by value, JSON as JSON; only of ranges
/// that differ the rows, and of those the fields, are asked for. What differs is looked at once more in a new snapshot, so
/// that a row that was just being written is not reported.
[[nodiscard]] inline result rows(connection& db, sides const& of, options const& how = {}) {
    auto const in_snapshot = [&](auto const& read) {
        return db.transaction([&](transaction& tx) {
            tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            static_cast<void>(tx.query_text(detail::fixed_session));
            return read(tx);
        });
    };
    result found = in_snapshot([&](transaction& tx) { return detail::walk{tx, of, how}.run(); });
    // More than can be named is no coincidence of two moments.
    if (found.equal() || found.differences.size() >= how.most) return found;
    std::vector<std::string> keys;
    for (difference const& d : found.differences)
        if (keys.empty() || keys.back() != d.key) keys.push_back(d.key);
    result again = in_snapshot([&](transaction& tx) { return detail::walk{tx, of, how}.run(keys); });
    found.missing = again.missing;
    found.different = again.different;
    found.differences = std::move(again.differences);
    return found;
}

}  // namespace sark::compare
