// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <sark/codec/error.hpp>

namespace sark::migrate {

/// Counts what a migration's way back would lose: rows of a table, or values of one of its columns.
struct lost_rows {
    std::string revision;
    std::string table;
    std::string column;  ///< empty when the whole rows go
    std::uint64_t rows = 0;
};

enum class export_format { csv, json_lines };

/// Takes exported text, a row at a time; an empty one ends it well.
using row_sink = std::function<void(std::string_view)>;

/// Says where rows go before they are dropped. `open` is called for each table, and again when the transaction has to
/// be repeated: what the earlier sink was given did not count. What it throws stops the downgrade.
struct row_export {
    std::function<row_sink(lost_rows const&)> open = {};
    export_format format = export_format::csv;
};

/// Exports into a folder that exists, a file per table or column: `006_protocol_adapters.resources.csv`. Overwrites
/// files.
///
/// Throws `sark::error` when a file cannot be written, before anything is dropped.
[[nodiscard]] inline row_export export_to(std::string const& folder, export_format format = export_format::csv) {
    auto const open = [folder, format](lost_rows const& lost) -> row_sink {
        std::string name = lost.revision + "." + lost.table;
        if (!lost.column.empty()) name += "." + lost.column;
        for (char& c : name)
            if (c == '/' || static_cast<unsigned char>(c) < ' ') c = '_';
        std::string const path = folder + "/" + name + (format == export_format::csv ? ".csv" : ".jsonl");
        auto const file = std::make_shared<std::ofstream>(path, std::ios::binary);
        return [file, path](std::string_view text) {
            if (text.empty())
                file->close();
            else
                *file << text;
            if (!file->good())
                throw sark::error{"sark: cannot write " + path + ". Name a folder that exists and has room."};
        };
    };
    return {open, format};
}

}  // namespace sark::migrate
