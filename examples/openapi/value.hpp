// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sark/jsonb.hpp>

#include "text.hpp"

namespace openapi {

using kind = sark::json_kind;

class json_text;

/// Refers to one value of a document, which must live longer; it knows its key and can say where it stands.
class value {
public:
    value(json_text const& of, sark::json_tree const& node, std::string const* key = nullptr)
        : of_{&of}, node_{&node}, key_{key} {}

    [[nodiscard]] kind what() const { return node_->kind(); }
    [[nodiscard]] bool is(kind k) const { return node_->is(k); }
    [[nodiscard]] bool is_true() const { return node_->is_true(); }

    /// Gives what a string says.
    [[nodiscard]] std::string const& text() const { return node_->text(); }
    /// Gives the key of a member of an object; an empty text elsewhere.
    [[nodiscard]] std::string key() const { return key_ == nullptr ? std::string{} : *key_; }
    [[nodiscard]] bool has_key(std::string_view name) const { return key_ != nullptr && *key_ == name; }
    /// Gives the value as JSON, every number as it was written.
    [[nodiscard]] std::string raw() const { return node_->to_string(); }
    /// Gives the node: two values are the same when their nodes are.
    [[nodiscard]] sark::json_tree const* node() const { return node_; }

    class iterator {
    public:
        iterator(value const& list, std::size_t at) : list_{&list}, at_{at} {}
        value operator*() const { return list_->child(at_); }
        iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator!=(iterator const& other) const { return at_ != other.at_; }

    private:
        value const* list_;
        std::size_t at_;
    };
    /// Iterates over items of an array or members of an object; other values have none.
    [[nodiscard]] iterator begin() const { return {*this, 0}; }
    [[nodiscard]] iterator end() const { return {*this, size()}; }
    [[nodiscard]] bool is_empty() const { return size() == 0; }

    [[nodiscard]] std::optional<value> find(std::string_view name) const {
        for (auto const& [key, found] : node_->members())
            if (key == name) return value{*of_, found, &key};
        return std::nullopt;
    }

    /// Gives the JSON pointer that leads here.
    [[nodiscard]] std::string pointer() const;

    /// Throws `file (/paths): ` and the sentence.
    [[noreturn]] void fail(std::string const& sentence) const;

    friend bool operator==(value const& a, value const& b) { return a.node_ == b.node_; }
    friend bool operator<(value const& a, value const& b) { return std::less<>{}(a.node_, b.node_); }

private:
    [[nodiscard]] std::size_t size() const { return node_->items().size() + node_->members().size(); }
    [[nodiscard]] value child(std::size_t n) const {
        if (is(kind::array)) return {*of_, node_->items()[n]};
        auto const& [key, found] = node_->members()[n];
        return {*of_, found, &key};
    }

    json_text const* of_;
    sark::json_tree const* node_;
    std::string const* key_;
};

/// Holds a parsed file. Neither copied nor moved: its values point to it.
class json_text {
public:
    static constexpr std::size_t max_bytes = 256'000'000;  ///< jsonb holds a little more

    /// Parses a text; `name` is the file's, for the sentences.
    /// @throws bad_input for what is not JSON, for repeated keys, and for what jsonb could not hold
    json_text(std::string name, std::string_view text) : name_{std::move(name)}, size_{text.size()} {
        refuse_other_formats(text);
        try {
            root_ = sark::parse_json(text, {.bytes = max_bytes, .refuse_repeated_keys = true});
        } catch (sark::error const& e) { fail(std::string_view{e.what()}.substr(std::string_view{"sark: "}.size())); }
    }
    json_text(json_text const&) = delete;
    json_text& operator=(json_text const&) = delete;

    [[nodiscard]] value root() const { return {*this, root_}; }
    [[nodiscard]] sark::json_tree const& tree() const { return root_; }
    [[nodiscard]] std::string const& name() const { return name_; }
    /// Gives the size of the file in bytes.
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    [[noreturn]] void fail(std::string_view sentence) const {
        throw bad_input{printable(name_) + ": " + std::string{sentence}};
    }

    /// Names the mistakes that a JSON parser could only call "not JSON".
    void refuse_other_formats(std::string_view text) const {
        if (text.starts_with("\xEF\xBB\xBF"))
            fail("the file starts with a byte order mark, which JSON does not have. Save it as UTF-8 without one.");
        if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) fail("the file is UTF-16. Save it as UTF-8.");
        std::size_t const first = text.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) fail("the file is empty. Give an OpenAPI document as JSON.");
        for (std::string_view key : {"openapi:", "swagger:", "---", "%YAML", "#"})
            if (text.substr(first).starts_with(key)) fail("this is YAML. Convert the document to JSON.");
    }

    std::string name_;
    std::size_t size_;
    sark::json_tree root_;
};

/// Finds the way from a node to one below it; false when it is not there.
[[nodiscard]] inline bool append_path(std::string& path, sark::json_tree const& from, sark::json_tree const* wanted) {
    if (&from == wanted) return true;
    std::size_t const before = path.size();
    auto const leads = [&](std::string const& step, sark::json_tree const& child) {
        path += '/' + step;
        if (append_path(path, child, wanted)) return true;
        path.resize(before);
        return false;
    };
    for (std::size_t i = 0; i < from.items().size(); ++i)
        if (leads(std::to_string(i), from.items()[i])) return true;
    for (auto const& [key, child] : from.members())
        if (leads(escaped_token(key), child)) return true;
    return false;
}

inline std::string value::pointer() const {
    std::string path;
    static_cast<void>(append_path(path, of_->tree(), node_));
    return path;
}

inline void value::fail(std::string const& sentence) const {
    std::string const at = pointer();
    throw bad_input{printable(of_->name()) + (at.empty() ? "" : " (" + printable(at, 300) + ")") + ": " + sentence};
}

}  // namespace openapi
