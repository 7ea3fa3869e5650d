// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb/scalar.hpp>

namespace sark {

enum class json_kind { null, boolean, number, string, array, object };

/// Is a parsed JSON document that keeps its numbers as they were written, so none loses a digit.
///
/// Objects keep the order of their keys; of two equal keys the last one stays, as in jsonb.
class json_tree {
public:
    using member = std::pair<std::string, json_tree>;

    json_tree() = default;

    [[nodiscard]] static json_tree boolean(bool value) { return {json_kind::boolean, value ? "true" : "false"}; }
    [[nodiscard]] static json_tree number(std::string text) { return {json_kind::number, std::move(text)}; }
    [[nodiscard]] static json_tree string(std::string text) { return {json_kind::string, std::move(text)}; }
    [[nodiscard]] static json_tree array() { return {json_kind::array, {}}; }
    [[nodiscard]] static json_tree object() { return {json_kind::object, {}}; }

    [[nodiscard]] json_kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is(json_kind kind) const noexcept { return kind_ == kind; }
    [[nodiscard]] bool is_true() const noexcept { return kind_ == json_kind::boolean && text_ == "true"; }

    /// Gives the text of a string, or a number as it was written.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    [[nodiscard]] std::vector<json_tree> const& items() const noexcept { return items_; }
    [[nodiscard]] std::vector<json_tree>& items() noexcept { return items_; }
    [[nodiscard]] std::vector<member> const& members() const noexcept { return members_; }
    [[nodiscard]] std::vector<member>& members() noexcept { return members_; }

    /// Finds a member of an object; null when it has none of that name, and for everything but an object.
    [[nodiscard]] json_tree const* find(std::string_view name) const noexcept {
        for (member const& m : members_)
            if (m.first == name) return &m.second;
        return nullptr;
    }

    /// Adds a member or replaces the one of that name.
    json_tree& set(std::string name, json_tree value) {
        for (member& m : members_)
            if (m.first == name) {
                m.second = std::move(value);
                return m.second;
            }
        return members_.emplace_back(std::move(name), std::move(value)).second;
    }

    /// Appends the document's text without spaces.
    void append_to(std::string& out) const {
        switch (kind_) {
            case json_kind::null: out += "null"; break;
            case json_kind::boolean:
            case json_kind::number: out += text_; break;
            case json_kind::string: detail::append_json_string(out, text_); break;
            case json_kind::array:
                append_list(out, '[', items_, ']', [&](json_tree const& i) { i.append_to(out); });
                break;
            case json_kind::object:
                append_list(out, '{', members_, '}', [&](member const& m) {
                    detail::append_json_string(out, m.first);
                    out += ':';
                    m.second.append_to(out);
                });
                break;
        }
    }

    [[nodiscard]] std::string to_string() const {
        std::string out;
        append_to(out);
        return out;
    }

    /// Compares as JSON: 1, 1.0 and 1e0 are equal, and the order of keys does not matter.
    [[nodiscard]] friend bool operator==(json_tree const& a, json_tree const& b) {
        if (a.kind_ != b.kind_) return false;
        switch (a.kind_) {
            case json_kind::null: return true;
            case json_kind::boolean:
            case json_kind::string: return a.text_ == b.text_;
            case json_kind::number: return canonical_number(a.text_) == canonical_number(b.text_);
            case json_kind::array: return a.items_ == b.items_;
            case json_kind::object: break;
        }
        if (a.members_.size() != b.members_.size()) return false;
        // Sorted once instead of searched each time: documents with ten thousand keys are compared too.
        std::vector<member const*> const left = sorted_members(a);
        std::vector<member const*> const right = sorted_members(b);
        return std::equal(left.begin(), left.end(), right.begin(),
                          [](member const* x, member const* y) { return *x == *y; });
    }

    /// Gives the one spelling that all spellings of a decimal share: digits without outer zeros, and an exponent.
    [[nodiscard]] static std::string canonical_number(std::string_view text) {
        bool const negative = text.starts_with('-');
        if (negative) text.remove_prefix(1);
        std::string digits;
        long long exponent = 0;
        std::size_t const e = text.find_first_of("eE");
        if (e != std::string_view::npos) exponent = exponent_of(text.substr(e + 1));
        std::string_view const mantissa = text.substr(0, e);
        bool after_point = false;
        for (char c : mantissa) {
            if (c == '.') {
                after_point = true;
                continue;
            }
            digits += c;
            if (after_point) --exponent;
        }
        while (!digits.empty() && digits.back() == '0') {
            digits.pop_back();
            ++exponent;
        }
        digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
        if (digits.empty()) return "0";
        return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
    }

private:
    json_tree(json_kind kind, std::string text) : kind_{kind}, text_{std::move(text)} {}

    template <class List, class Append>
    static void append_list(std::string& out, char open, List const& list, char close, Append append) {
        out += open;
        bool first = true;
        for (auto const& element : list) {
            if (!first) out += ',';
            first = false;
            append(element);
        }
        out += close;
    }

    static std::vector<member const*> sorted_members(json_tree const& tree);

    /// An exponent of more digits than a long long is capped: the document cannot hold so many zeros anyway.
    static long long exponent_of(std::string_view text) {
        bool const negative = text.starts_with('-');
        long long value = 0;
        for (char c : text)
            if (c >= '0' && c <= '9' && value < 1'000'000'000'000LL) value = value * 10 + (c - '0');
        return negative ? -value : value;
    }

    json_kind kind_ = json_kind::null;
    std::string text_;
    std::vector<json_tree> items_;
    std::vector<member> members_;
};

inline std::vector<json_tree::member const*> json_tree::sorted_members(json_tree const& tree) {
    std::vector<member const*> order;
    order.reserve(tree.members_.size());
    for (member const& m : tree.members_) order.push_back(&m);
    std::sort(order.begin(), order.end(), [](member const* x, member const* y) { return x->first < y->first; });
    return order;
}

}  // namespace sark
