// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace sark {

/// Tells what was sent to the server and what came of it, in the attributes that OpenTelemetry defines for databases.
///
/// The views live as long as the call that hands them out. There is no value of the program in it: parameters travel
/// beside the text, and texts that were not made by the library (`execute`, `query_text`) are left out.
struct statement_event {
    static constexpr std::string_view system = "postgresql";

    std::string_view text = {};        ///< db.query.text: the constant of the statement
    std::string_view operation = {};   ///< db.operation.name: the first word of the text
    std::string_view collection = {};  ///< db.collection.name: the first table of the text
    std::string_view database = {};    ///< db.namespace
    std::string_view server = {};      ///< server.address
    std::string_view port = {};        ///< server.port
    std::string_view sqlstate = {};    ///< db.response.status_code: empty for success
    std::size_t rows = 0;              ///< db.response.returned_rows
    std::chrono::nanoseconds duration{};

    /// Calls `f(name, value)` for each attribute that has a value, both as texts.
    template <class F>
    void each_attribute(F&& f) const {
        f(std::string_view{"db.system.name"}, system);
        for (auto const& [name, value] : {std::pair<std::string_view, std::string_view>{"db.operation.name", operation},
                                          {"db.collection.name", collection},
                                          {"db.query.text", text},
                                          {"db.namespace", database},
                                          {"server.address", server},
                                          {"server.port", port},
                                          {"db.response.status_code", sqlstate}})
            if (!value.empty()) f(name, value);
        std::string const returned = std::to_string(rows);
        if (rows != 0) f(std::string_view{"db.response.returned_rows"}, std::string_view{returned});
    }
};

/// Is told about each statement of the connections that were given it; it must outlive them.
class observer {
public:
    virtual ~observer() = default;
    virtual void statement(statement_event const& event) noexcept = 0;

protected:
    observer() = default;
    observer(observer const&) = default;
    observer& operator=(observer const&) = default;
};

/// Counts statements, for tests that say how many an operation may send.
///
///     sark::statement_counter sent;
///     db.observe(&sent);
///     load(db);
///     assert(sent.count() == 2);
class statement_counter final : public observer {
public:
    void statement(statement_event const&) noexcept override { ++count_; }

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    void reset() noexcept { count_ = 0; }

private:
    std::size_t count_ = 0;
};

namespace detail {

[[nodiscard]] constexpr std::string_view first_word(std::string_view sql) {
    return sql.substr(0, sql.find_first_of(" ;(\n"));
}

/// Finds the table that a text of the library is about: the first name after FROM, INTO, UPDATE or COPY.
[[nodiscard]] constexpr std::string_view first_table(std::string_view sql) {
    constexpr std::string_view before[] = {"FROM \"", "INTO \"", "UPDATE \"", "COPY \""};
    std::size_t begin = std::string_view::npos;
    for (std::string_view const word : before) {
        std::size_t const at = sql.find(word);
        if (at != std::string_view::npos && (begin == std::string_view::npos || at + word.size() < begin))
            begin = at + word.size();
    }
    if (begin == std::string_view::npos) return {};
    return sql.substr(begin, sql.find('"', begin) - begin);
}

static_assert(first_word("SELECT 1") == "SELECT" && first_word("COMMIT") == "COMMIT");
static_assert(first_table(R"(INSERT INTO "a" ("x") SELECT * FROM "b")") == "a" && first_table("BEGIN").empty());

}  // namespace detail
}  // namespace sark
