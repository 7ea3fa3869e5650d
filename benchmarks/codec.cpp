// SPDX-License-Identifier: MIT
//
// What a value costs on its way: each type to and from the server's text and binary forms, documents to and from structs,
// and the same by the standard library or nlohmann/json where there is such a thing. Each line is 64 values.
//
//   benchmarks/run --codec [arguments of Catch2, such as "[document]" or --benchmark-samples 20]

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>
#else
#define CATCH_CONFIG_ENABLE_BENCHMARKING
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <sark/codec.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models/mcp_metadata.hpp>
#include <sark/models/sensitivity.hpp>
#include <sark/types.hpp>

namespace {

constexpr std::size_t count = 64;
constexpr sark::field_place place{"costs", "value"};

/// Makes 64 values, each from its number and a scattered one.
template <class Make>
auto values(Make make) {
    std::vector<decltype(make(std::size_t{}, std::uint64_t{}))> all;
    std::uint64_t scattered = 0x9E3779B97F4A7C15U;
    for (std::size_t i = 0; i < count; ++i) {
        scattered ^= scattered << 13U;
        scattered ^= scattered >> 7U;
        scattered ^= scattered << 17U;
        all.push_back(make(i, scattered));
    }
    return all;
}

std::string words(std::size_t bytes, std::uint64_t seed) {
    std::string text;
    while (text.size() < bytes) text += "resource " + std::to_string(seed % 9973) + ' ';
    text.resize(bytes);
    return text;
}

template <class T>
std::string text_of(T const& value) {
    sark::parameters out;
    sark::codec<T>::encode(out, value);
    return out.values()[0];
}

template <class T>
T decoded(std::string const& form, bool is_binary) {
    return sark::codec<T>::decode({.data = form.c_str(), .size = form.size(), .is_null = false, .is_binary = is_binary},
                                  place);
}

/// Measures one type both ways, after a look that each value comes back.
template <class T>
void both_ways(std::string const& name, std::vector<T> const& all) {
    std::vector<std::string> texts;
    std::vector<std::string> binaries;
    for (T const& value : all) {
        texts.push_back(text_of(value));
        sark::detail::binary_form<T>::write(binaries.emplace_back(), value);
        REQUIRE(decoded<T>(texts.back(), false) == value);
        REQUIRE(decoded<T>(binaries.back(), true) == value);
    }
    BENCHMARK(name + " to text") {
        sark::parameters out;
        for (T const& value : all) sark::codec<T>::encode(out, value);
        return out.size();
    };
    std::string bytes;
    BENCHMARK(name + " to binary") {
        bytes.clear();
        for (T const& value : all) sark::detail::binary_form<T>::write(bytes, value);
        return bytes.size();
    };
    std::vector<T> back(all.size());
    BENCHMARK(name + " from text") {
        for (std::size_t i = 0; i < all.size(); ++i) back[i] = decoded<T>(texts[i], false);
        return back.back() == all.back();
    };
    BENCHMARK(name + " from binary") {
        for (std::size_t i = 0; i < all.size(); ++i) back[i] = decoded<T>(binaries[i], true);
        return back.back() == all.back();
    };
}

sark::McpMetadata server(std::size_t i, std::uint64_t seed) {
    sark::McpMetadata made;
    made.transport = i % 2 == 0 ? "stdio" : "http";
    made.command = "npx -y server-" + std::to_string(seed % 1000);
    made.mcp_version = "2025-06-18";
    made.capabilities = std::vector<std::string>{"tools", "resources", "prompts"};
    made.tags = std::vector<std::string>{"team-" + std::to_string(i), "production"};
    made.description = words(120, seed);
    return made;
}

/// Reads what `server` filled in, by hand.
sark::McpMetadata by_hand(std::string const& text) {
    auto const tree = nlohmann::json::parse(text);
    auto const get = [&](char const* name, auto& to) {
        using value = typename std::remove_reference_t<decltype(to)>::value_type;
        if (auto const found = tree.find(name); found != tree.end() && !found->is_null())
            to = found->template get<value>();
    };
    sark::McpMetadata made;
    made.transport = tree.at("transport").get<std::string>();
    get("command", made.command);
    get("mcp_version", made.mcp_version);
    get("capabilities", made.capabilities);
    get("tags", made.tags);
    get("description", made.description);
    return made;
}

}  // namespace

TEST_CASE("numbers", "[number]") {
    auto const integers = values(
        [](std::size_t i, std::uint64_t seed) { return static_cast<std::int64_t>(seed >> (i % 60)); });
    both_ways("bigint", integers);
    std::vector<std::string> texts;
    for (std::int64_t const value : integers) texts.push_back(std::to_string(value));
    BENCHMARK("bigint from text, std::from_chars") {
        std::int64_t sum = 0;
        for (std::string const& text : texts) {
            std::int64_t value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            sum ^= value;
        }
        return sum;
    };
    both_ways("double precision",
              values([](std::size_t, std::uint64_t seed) { return static_cast<double>(seed) / 1e7; }));
    both_ways("numeric(10,4)", values([](std::size_t, std::uint64_t seed) {
                  return sark::numeric<10, 4>::from_units(static_cast<std::int64_t>(seed % 10'000'000'000U));
              }));
    both_ways("numeric(38,8)", values([](std::size_t, std::uint64_t seed) {
                  return sark::numeric<38, 8>::from_units(static_cast<sark::numeric<38, 8>::units_type>(seed) *
                                                          1'000'003);
              }));
}

TEST_CASE("times and identifiers", "[time]") {
    both_ways("timestamptz", values([](std::size_t, std::uint64_t seed) {
                  return sark::timestamp::from_unix_micros(static_cast<std::int64_t>(seed % 2'000'000'000'000'000U));
              }));
    both_ways("uuid", values([](std::size_t, std::uint64_t seed) {
                  sark::uuid made{};
                  std::memcpy(made.data, &seed, sizeof seed);
                  return made;
              }));
}

TEST_CASE("texts", "[text]") {
    both_ways("text of 12 bytes", values([](std::size_t, std::uint64_t seed) { return words(12, seed); }));
    auto const longer = values([](std::size_t, std::uint64_t seed) { return words(200, seed); });
    both_ways("text of 200 bytes", longer);
    std::vector<std::string> back(longer.size());
    BENCHMARK("text of 200 bytes, copied") {
        back = longer;
        return back.size();
    };
    both_ways("an enum", values([](std::size_t i, std::uint64_t) { return static_cast<sark::Sensitivity>(i % 4); }));
}

TEST_CASE("documents", "[document]") {
    auto const servers = values(server);
    std::vector<std::string> texts;
    for (sark::McpMetadata const& s : servers) {
        texts.push_back(sark::to_json(s).text());
        REQUIRE(sark::to_json(by_hand(texts.back())).text() == texts.back());
        REQUIRE(sark::to_json(sark::from_json<sark::McpMetadata>(sark::json{texts.back()})).text() == texts.back());
    }
    std::vector<sark::json> documents;
    for (std::string const& text : texts) documents.emplace_back(text);
    both_ways("a document as text", documents);
    BENCHMARK("struct to document") {
        std::size_t size = 0;
        for (sark::McpMetadata const& s : servers) size += sark::to_json(s).text().size();
        return size;
    };
    BENCHMARK("struct from document") {
        std::size_t size = 0;
        for (sark::json const& document : documents)
            size += sark::from_json<sark::McpMetadata>(document).description->size();
        return size;
    };
    BENCHMARK("struct from document, a tree of nlohmann/json by hand") {
        std::size_t size = 0;
        for (std::string const& text : texts) size += by_hand(text).description->size();
        return size;
    };
    BENCHMARK("the guard") {
        std::size_t good = 0;
        for (sark::json const& document : documents) good += sark::detail::complaint_about(document).empty() ? 1U : 0U;
        return good;
    };
    BENCHMARK("nlohmann/json, accept") {
        std::size_t good = 0;
        for (std::string const& text : texts) good += nlohmann::json::accept(text) ? 1U : 0U;
        return good;
    };
}
