// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <sark/codec/error.hpp>
#include <sark/jsonb/tree.hpp>

namespace sark {

/// Bounds what a document may ask of the program; the server's own limit of nesting is far above.
struct json_limits {
    std::size_t depth = 128;
    std::size_t bytes = 268'435'455;    ///< the most a jsonb value holds
    bool refuse_repeated_keys = false;  ///< instead of keeping the last one, as jsonb does
};

namespace detail {

/// Builds a tree from the events of nlohmann's parser, which keeps no stack of its own frames: depth is ours to bound.
class tree_builder {
public:
    explicit tree_builder(json_limits const& limits) : limits_{limits} { stack_.push_back({&root_, {}}); }

    bool null() { return add({}); }
    bool boolean(bool value) { return add(json_tree::boolean(value)); }
    bool number_integer(std::int64_t value) { return add(json_tree::number(std::to_string(value))); }
    bool number_unsigned(std::uint64_t value) { return add(json_tree::number(std::to_string(value))); }
    bool number_float(double, std::string const& text) {
        if (decimals_of(text) > max_decimals)
            return refuse_here("has a number with more than " + std::to_string(max_decimals) +
                               " decimals, which jsonb cannot hold");
        return add(json_tree::number(text));
    }
    bool string(std::string& value) {
        if (value.find('\0') != std::string::npos)
            return refuse_here("has the escape \\u0000, which jsonb cannot hold");
        return add(json_tree::string(std::move(value)));
    }
    bool binary(std::vector<std::uint8_t>&) { return false; }

    bool start_object(std::size_t) { return open(json_tree::object()); }
    bool start_array(std::size_t) { return open(json_tree::array()); }
    bool end_object() {
        auto const repeated = drop_repeated_keys(*stack_.back().node);
        if (repeated && limits_.refuse_repeated_keys)
            return refuse("has the key " + path() + '/' + *repeated + " twice");
        return close();
    }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        if (name.find('\0') != std::string::npos) return refuse_here("has the escape \\u0000, which jsonb cannot hold");
        stack_.back().key = std::move(name);
        return true;
    }

    template <class Exception>
    bool parse_error(std::size_t position, std::string const&, Exception const& failed) {
        position_ = position;
        // The parser makes a double of every number with a point or an exponent before it hands out the text.
        constexpr int number_out_of_range = 406;
        if (failed.id == number_out_of_range) return refuse("has a number beyond the range of a double");
        detail_ = expected_of(failed.what());
        return refuse("is not JSON");
    }

    [[nodiscard]] json_tree take() { return std::move(root_); }
    [[nodiscard]] std::string const& problem() const { return problem_; }
    /// Says what the parser met and expected, empty when our own rule refused.
    [[nodiscard]] std::string const& detail() const { return detail_; }
    /// Counts the bytes read when the parser gave up; 0 when our own rule did.
    [[nodiscard]] std::size_t position() const { return position_; }

private:
    struct frame {
        json_tree* node;
        std::string key;
    };

    static constexpr long long max_decimals = 16'383;  // of PostgreSQL's numeric

    [[nodiscard]] static long long decimals_of(std::string_view number) {
        std::string const canonical = json_tree::canonical_number(number);
        std::size_t const e = canonical.find('e');
        return e == std::string::npos ? 0 : -std::strtoll(canonical.c_str() + e + 1, nullptr, 10);
    }

    /// Cuts the parser's message down to its own words: after them it quotes the document.
    [[nodiscard]] static std::string expected_of(std::string_view message) {
        std::size_t const begin = message.find(" - ");
        if (begin == std::string_view::npos) return {};
        message.remove_prefix(begin + 3);
        return std::string{message.substr(0, message.find("; last read: "))};
    }

    bool refuse(std::string why) {
        problem_ = std::move(why);
        return false;
    }

    json_tree* attach(json_tree value) {
        frame& top = stack_.back();
        if (top.node->is(json_kind::array)) return &top.node->items().emplace_back(std::move(value));
        if (top.node->is(json_kind::object))
            return &top.node->members().emplace_back(std::move(top.key), std::move(value)).second;
        root_ = std::move(value);
        return &root_;
    }

    bool add(json_tree value) {
        attach(std::move(value));
        return true;
    }
    bool open(json_tree value) {
        if (stack_.size() > limits_.depth)
            return refuse("is nested more than " + std::to_string(limits_.depth) + " levels deep");
        // The vectors above do not grow while a child is open, so the pointer stays good.
        stack_.push_back({attach(std::move(value)), {}});
        return true;
    }
    bool close() {
        stack_.pop_back();
        return true;
    }

    bool refuse_here(std::string const& why) {
        std::string const at = path();
        return refuse(at.empty() ? why : why + ", in " + at);
    }

    /// Gives the way to the innermost open array or object, as a JSON pointer without its escapes.
    [[nodiscard]] std::string path() const {
        std::string path;
        for (std::size_t i = 1; i + 1 < stack_.size(); ++i)
            path += '/' + (stack_[i].node->is(json_kind::array) ? std::to_string(stack_[i].node->items().size() - 1)
                                                                : stack_[i].node->members().back().first);
        return path;
    }

    /// Keeps the last of equal keys; gives a key that stood twice.
    static std::optional<std::string> drop_repeated_keys(json_tree& object) {
        auto& members = object.members();
        if (members.size() < 2) return std::nullopt;
        std::vector<std::size_t> order(members.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            int const names = members[a].first.compare(members[b].first);
            return names != 0 ? names < 0 : a < b;
        });
        std::vector<bool> dropped(members.size(), false);
        std::optional<std::string> repeated;
        for (std::size_t i = 0; i + 1 < order.size(); ++i)
            if (members[order[i]].first == members[order[i + 1]].first) {
                dropped[order[i]] = true;
                repeated = members[order[i]].first;
            }
        if (!repeated) return repeated;
        std::vector<json_tree::member> kept;
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!dropped[i]) kept.push_back(std::move(members[i]));
        members = std::move(kept);
        return repeated;
    }

    json_limits limits_;
    json_tree root_;
    std::vector<frame> stack_;
    std::string problem_;
    std::string detail_;
    std::size_t position_ = 0;
};

/// Says where a byte is, as an editor counts.
[[nodiscard]] inline std::string line_and_column(std::string_view text, std::size_t position) {
    std::string_view const before = text.substr(0, position == 0 ? 0 : position - 1);
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    std::size_t const start = before.rfind('\n');
    std::size_t const column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

[[nodiscard]] inline json_tree build_tree(std::string_view text, json_limits const& limits) {
    if (text.size() > limits.bytes)
        throw error{"sark: the document has " + std::to_string(text.size()) + " bytes, more than the " +
                    std::to_string(limits.bytes) + " that are allowed. Split it."};
    tree_builder builder{limits};
    if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.take();
    std::string sentence{"sark: the document "};
    sentence.append(builder.problem());
    if (builder.position() != 0) sentence.append(" at ").append(line_and_column(text, builder.position()));
    if (!builder.detail().empty()) sentence.append(": ").append(builder.detail());
    throw error{sentence + ". Correct it."};
}

}  // namespace detail
}  // namespace sark
