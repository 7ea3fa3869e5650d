// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sark/jsonb.hpp>

#include "process.hpp"

namespace mcp {

/// Speaks JSON-RPC 2.0 with a server, one message a line: asks, and answers what the server asks meanwhile.
class session {
public:
    session(process& with, limits const& bounds) : process_{with}, limits_{bounds} {}

    /// Asks, and gives the result, an object. `params` is JSON.
    /// @throws support::not_ready for no answer, support::bad_input for a wrong one; both begin with "it"
    [[nodiscard]] sark::json_tree ask(std::string_view method, std::string const& params) {
        std::string const id = std::to_string(++last_id_);
        asked_ = method;
        process_.send(R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + std::string{method} + R"(","params":)" +
                      params + '}');
        auto const until = clock::now() + limits_.answer;
        for (;;) {
            std::optional<std::string> const line = next_line(until);
            if (line->find_first_not_of(" \t\r") == std::string::npos) continue;
            sark::json_tree message = parsed(*line);
            if (!message.is(sark::json_kind::array)) {
                if (auto result = take(message, id)) return std::move(*result);
                continue;
            }
            // Revision 2025-03-26 had batches. Requests beside the answer are answered, too.
            if (message.items().empty()) refuse("an empty batch");
            std::optional<sark::json_tree> answer;
            for (sark::json_tree& part : message.items())
                if (auto result = take(part, id)) answer = std::move(result);
            if (answer) return std::move(*answer);
        }
    }

    /// Tells the server something that has no answer.
    void tell(std::string_view method) {
        process_.send(R"({"jsonrpc":"2.0","method":")" + std::string{method} + "\"}");
    }

    /// Refuses an answer that is no protocol of ours.
    [[noreturn]] void refuse(std::string const& what) const {
        throw support::bad_input{"it answered " + asked_ + " with " + what};
    }

private:
    std::optional<std::string> next_line(clock::time_point until) {
        std::optional<std::string> line;
        try {
            line = process_.read_line(until);
        } catch (support::not_ready const& e) {
            // Whole seconds as such: `--timeout 60` and not 60000 ms.
            auto const ms = limits_.answer.count();
            std::string const time = ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
            throw support::not_ready{std::string{e.what()} + " (" + asked_ + ", " + time + ")"};
        }
        if (!line) throw support::not_ready{"it " + process_.how_it_ended() + " before it answered " + asked_};
        return line;
    }

    [[nodiscard]] sark::json_tree parsed(std::string const& line) const {
        try {
            sark::json_tree message = sark::parse_json(line, {.bytes = limits_.line_bytes});
            if (message.is(sark::json_kind::object) || message.is(sark::json_kind::array)) return message;
        } catch (sark::error const& e) {
            // Something that wants to be a message says more by what is wrong with it.
            if (line.starts_with('{')) {
                std::string why = std::string{e.what()}.substr(std::string_view{"sark: "}.size());
                why = why.substr(0, why.find(". "));
                throw support::bad_input{"it sent a message that cannot be used: " + support::printable(why)};
            }
        }
        throw support::bad_input{
            "it writes to its standard output what is no message of the protocol; logs belong to standard error"};
    }

    /// Takes one message: gives the result when it is the answer, and sees to everything else.
    [[nodiscard]] std::optional<sark::json_tree> take(sark::json_tree& message, std::string const& id) {
        using kind = sark::json_kind;
        sark::json_tree const* const version = message.find("jsonrpc");
        if (version == nullptr || !version->is(kind::string) || version->text() != "2.0")
            throw support::bad_input{"it sent a message that is not JSON-RPC 2.0"};
        sark::json_tree const* const theirs = message.find("id");
        if (sark::json_tree const* const method = message.find("method")) {
            if (!method->is(kind::string)) throw support::bad_input{"it sent a method that has no name"};
            // Without an id it is a notification: logs, progress, lists that changed. Nobody here waits for them.
            if (theirs != nullptr && (theirs->is(kind::string) || theirs->is(kind::number)))
                reply(method->text(), theirs->to_string());
            return std::nullopt;
        }
        bool const is_ours = theirs != nullptr && theirs->is(kind::number) &&
                             sark::json_tree::canonical_number(theirs->text()) == sark::json_tree::canonical_number(id);
        bool const is_about_nothing = theirs == nullptr || theirs->is(kind::null);
        if (sark::json_tree const* const error = message.find("error");
            error != nullptr && (is_ours || is_about_nothing))
            fail(*error);
        if (!is_ours) throw support::bad_input{"it answered something else than " + asked_ + ", which it was asked"};
        for (auto& [name, value] : message.members())
            if (name == "result") {
                if (!value.is(kind::object)) refuse("a result that is no object");
                return std::move(value);
            }
        refuse("neither a result nor an error");
    }

    [[noreturn]] void fail(sark::json_tree const& error) const {
        sark::json_tree const* const text = error.find("message");
        sark::json_tree const* const code = error.find("code");
        std::string said = text != nullptr && text->is(sark::json_kind::string) ? text->text() : "no reason";
        if (code != nullptr && code->is(sark::json_kind::number)) said += " (" + code->text() + ")";
        refuse("an error: " + said);
    }

    /// Answers a ping; all else (roots, sampling, elicitation) we have not said that we can.
    void reply(std::string_view method, std::string const& id) {
        process_.send(
            R"({"jsonrpc":"2.0","id":)" + id +
            (method == "ping" ? R"(,"result":{}})" : R"(,"error":{"code":-32601,"message":"Method not found"}})"));
    }

    process& process_;
    limits limits_;
    std::int64_t last_id_ = 0;
    std::string asked_;
};

}  // namespace mcp
