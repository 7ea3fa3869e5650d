// SPDX-License-Identifier: MIT
//
// A small server of the Model Context Protocol, to try the adapter on: notes that are kept as long as it runs.
// Speaks over its standard input and output, one message a line; gives its list of tools in pages of two.

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sark/jsonb.hpp>

namespace {

using sark::json_tree;

constexpr std::string_view tools = R"([
{"name":"list_notes","title":"List notes","description":"Lists the titles of all notes.",
 "inputSchema":{"type":"object","additionalProperties":false},
 "outputSchema":{"type":"object","properties":{"titles":{"type":"array","items":{"type":"string"}}},"required":["titles"]},
 "annotations":{"readOnlyHint":true,"openWorldHint":false}},
{"name":"read_note","title":"Read a note","description":"Gives the text of a note.",
 "inputSchema":{"type":"object","properties":{"title":{"type":"string","maxLength":80}},"required":["title"]},
 "annotations":{"readOnlyHint":true,"openWorldHint":false}},
{"name":"write_note","title":"Write a note","description":"Writes a note, over the one of that title.",
 "inputSchema":{"type":"object","properties":{"title":{"type":"string","maxLength":80},"text":{"type":"string"}},
 "required":["title","text"]},"annotations":{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":true}},
{"name":"delete_note","title":"Delete a note","description":"Deletes a note for good.",
 "inputSchema":{"type":"object","properties":{"title":{"type":"string","maxLength":80}},"required":["title"]},
 "annotations":{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true}},
{"name":"count_notes","description":"Counts the notes.","inputSchema":{"type":"object"}}])";

/// Is what JSON-RPC calls an error.
struct refusal : std::runtime_error {
    refusal(int number, char const* text) : std::runtime_error{text}, code{number} {}
    int code;
};

std::string text_of(json_tree const& object, std::string_view name) {
    json_tree const* const found = object.find(name);
    if (found == nullptr || !found->is(sark::json_kind::string)) throw refusal{-32602, "Invalid params"};
    return found->text();
}

class server {
public:
    json_tree answer(std::string const& method, json_tree const& params) {
        if (method == "initialize")
            return sark::parse_json(
                R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"instructions":"Notes last as long as the )"
                R"(server does.","serverInfo":{"name":"notes","title":"Notes","version":"1.0.0"}})");
        if (method == "ping") return json_tree::object();
        if (method == "tools/list") return page(params);
        if (method == "tools/call") return call(text_of(params, "name"), params);
        throw refusal{-32601, "Method not found"};
    }

private:
    static json_tree page(json_tree const& params) {
        json_tree const all = sark::parse_json(tools);
        std::size_t first = 0;
        if (json_tree const* const cursor = params.find("cursor")) {
            while (first < all.items().size() && all.items()[first].find("name")->text() != cursor->text()) ++first;
            if (first == all.items().size()) throw refusal{-32602, "Unknown cursor"};
        }
        std::size_t const end = std::min(first + 2, all.items().size());
        json_tree said = json_tree::object();
        json_tree& list = said.set("tools", json_tree::array());
        for (std::size_t i = first; i < end; ++i) list.items().push_back(all.items()[i]);
        if (end < all.items().size()) said.set("nextCursor", *all.items()[end].find("name"));
        return said;
    }

    json_tree call(std::string const& tool, json_tree const& params) {
        json_tree const* const given = params.find("arguments");
        json_tree const arguments = given == nullptr ? json_tree::object() : *given;
        if (tool == "list_notes") {
            std::string titles;
            for (auto const& [title, text] : notes_) titles += title + '\n';
            return said(titles);
        }
        if (tool == "count_notes") return said(std::to_string(notes_.size()));
        std::string const title = text_of(arguments, "title");
        if (tool == "write_note") {
            notes_[title] = text_of(arguments, "text");
            return said("written");
        }
        if (tool == "delete_note") return said(notes_.erase(title) > 0 ? "deleted" : "there was none");
        if (tool != "read_note") throw refusal{-32602, "Unknown tool"};
        auto const found = notes_.find(title);
        return found == notes_.end() ? said("there is none", true) : said(found->second);
    }

    static json_tree said(std::string const& text, bool is_error = false) {
        json_tree content = json_tree::object();
        content.set("type", json_tree::string("text"));
        content.set("text", json_tree::string(text));
        json_tree result = json_tree::object();
        result.set("content", json_tree::array()).items().push_back(content);
        if (is_error) result.set("isError", json_tree::boolean(true));
        return result;
    }

    std::map<std::string, std::string> notes_;
};

}  // namespace

int main() {
    server notes;
    for (std::string line; std::getline(std::cin, line);) {
        json_tree reply = json_tree::object();
        reply.set("jsonrpc", json_tree::string("2.0"));
        reply.set("id", json_tree{});
        auto const refuse = [&](int code, char const* text) {
            json_tree error = json_tree::object();
            error.set("code", json_tree::number(std::to_string(code)));
            error.set("message", json_tree::string(text));
            reply.set("error", error);
        };
        try {
            json_tree const message = sark::parse_json(line);
            json_tree const* const id = message.find("id");
            if (id == nullptr) continue;  // a notification
            reply.set("id", *id);
            json_tree const* const params = message.find("params");
            reply.set("result",
                      notes.answer(text_of(message, "method"), params == nullptr ? json_tree::object() : *params));
        } catch (refusal const& e) { refuse(e.code, e.what()); } catch (sark::error const&) {
            refuse(-32700, "Parse error");
        }
        std::cout << reply.to_string() << std::endl;
    }
}
