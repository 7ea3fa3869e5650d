// SPDX-License-Identifier: MIT
//
// What the headers cost a compiler: lines after the preprocessor, user time, and what one more query or model adds.

#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "process.hpp"

namespace bench {

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    std::size_t const half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// A folder of ours, gone with the object.
class scratch {
public:
    scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "sark-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot make a folder for temporary files"};
        path_ = name;
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A program with as many different queries: no two have the same columns in WHERE and ORDER BY.
inline std::string program_of_queries(int count) {
    char const* const texts[] = {"id", "name", "protocol", "endpoint"};
    char const* const all[] = {"id", "name", "protocol", "endpoint", "sensitivity_level", "created_at", "updated_at"};
    std::string out = "#include <sark/db.hpp>\n#include <sark/models.hpp>\n#include <sark/query.hpp>\n"
                      "using sark::Resource, sark::col, sark::from;\nint main() {\n  sark::connection db{\"\"};\n"
                      "  std::size_t n = 0;\n";
    for (int i = 0; i < count; ++i)
        out += std::string{"  n += db.all(from<Resource>().where(col<&Resource::"} + texts[i % 4] +
               "> == \"x\").order_by(col<&Resource::" + all[i / 4] + ">).limit(10)).size();\n";
    return out + "  return n == 1;\n}\n";
}

/// A program with as many tables of eight columns, a key and an index, and their DDL.
inline std::string program_of_models(int count) {
    std::string out = "#include <sark/core.hpp>\n";
    for (int i = 0; i < count; ++i) {
        std::string const m = "model_" + std::to_string(i);
        out += "struct " + m +
               " { std::string id{}, name{}; std::optional<std::string> note{}; std::int64_t size = 0; bool active = "
               "false; sark::json metadata_{}; sark::timestamp created_at{}, updated_at{}; };\n"
               "template <> inline constexpr auto sark::table_of<" +
               m + "> = sark::table(\"" + m + "s\", sark::primary_key<&" + m + "::id>{}, sark::index<&" + m +
               "::name>{\"ix_" + m + "\"});\n";
    }
    out += "int main() {\n  std::size_t n = 0;\n";
    for (int i = 0; i < count; ++i)
        out += "  for (auto text : sark::create_statements<model_" + std::to_string(i) + ">) n += text.size();\n";
    return out + "  return n == 1;\n}\n";
}

inline nlohmann::ordered_json compile_times(words const& compiler, int rounds) {
    constexpr int further = 16;
    struct unit {
        std::string name;
        std::string source;
        std::vector<double> seconds{};
    };
    std::vector<unit> units;
    for (char const* header : {"models", "query", "db", "sark"})
        units.push_back(
            {std::string{"<sark/"} + header + ".hpp>", std::string{"#include <sark/"} + header + ".hpp>\n"});
    units.push_back({"one query", program_of_queries(1)});
    units.push_back({"many queries", program_of_queries(1 + further)});
    units.push_back({"one model", program_of_models(1)});
    units.push_back({"many models", program_of_models(1 + further)});

    scratch const folder;
    auto const source = [&](std::size_t i) {
        return (folder.path() / ("unit_" + std::to_string(i) + ".cpp")).string();
    };
    std::string const object = (folder.path() / "unit.o").string();
    std::string const text = (folder.path() / "unit.ii").string();
    for (std::size_t i = 0; i < units.size(); ++i) std::ofstream{source(i)} << units[i].source;
    auto const with = [&](words const& more) {
        words command = compiler;
        command.insert(command.end(), more.begin(), more.end());
        return command;
    };
    for (int round = 0; round < rounds; ++round)  // in turns, so that a busy moment meets all of them
        for (std::size_t i = 0; i < units.size(); ++i)
            units[i].seconds.push_back(user_seconds(with({"-O0", "-c", source(i), "-o", object}), "/dev/null"));

    nlohmann::ordered_json out;
    for (std::size_t i = 0; i < 4; ++i) {
        user_seconds(with({"-E", "-P", source(i)}), text);
        std::ifstream in{text};
        std::size_t lines = 0;
        for (std::string line; std::getline(in, line);)
            lines += std::any_of(line.begin(), line.end(), [](unsigned char c) { return std::isspace(c) == 0; });
        out["headers"].push_back({{"header", units[i].name}, {"lines", lines}, {"seconds", median(units[i].seconds)}});
    }
    auto const slope = [&](std::size_t one, std::size_t many) {
        return std::max(0.0, (median(units[many].seconds) - median(units[one].seconds)) * 1e3 / further);
    };
    out["further_query_ms"] = slope(4, 5);
    out["further_model_ms"] = slope(6, 7);
    out["rounds"] = rounds;
    return out;
}

}  // namespace bench
