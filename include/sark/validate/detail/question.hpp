// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/validate/check.hpp>

namespace sark::validate::detail {

/// Is a check of rows as it is asked, with texts of its own.
struct question {
    validate::check check = {};
    std::string table;
    std::string subject;
    std::string what;   ///< phrase about the table, as in `check`
    std::string query;  ///< SELECT of the keys of what is wrong
    std::vector<std::string> repair;
    std::vector<std::string> reads;  ///< the tables and views that have to be there
};

[[nodiscard]] inline question question_of(row_check const& c) {
    question made{.check = c.check,
                  .table = std::string{c.table},
                  .subject = std::string{c.table},
                  .what = std::string{c.check.what},
                  .query = std::string{c.query},
                  .repair = {std::string{c.check.repair}},
                  .reads = {std::string{c.table}}};
    if (!c.column.empty()) made.subject.append(".").append(c.column);
    for (std::string_view const name : {c.also, c.third})
        if (!name.empty()) made.reads.emplace_back(name);
    return made;
}

}  // namespace sark::validate::detail
