// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema_refs.hpp"

namespace openapi {

inline constexpr std::array<std::string_view, 8> methods{"get",     "put",  "post",  "delete",
                                                         "options", "head", "patch", "trace"};

/// Is one operation: its place, its own object, and the path items it inherits from (its own, then the referred one).
struct operation {
    std::string method;  ///< in capitals
    std::string path;
    value self;
    std::vector<value> items;
    bool is_common = false;  ///< it was reached by a reference, so another path may have it too

    [[nodiscard]] std::optional<value> inherited(std::string_view name) const {
        for (value const item : items)
            if (auto const found = item.find(name)) return found;
        return std::nullopt;
    }
};

/// Is one thing that a call takes.
struct input {
    std::string name;
    std::string in;  ///< path, query, header, cookie or body
    bool is_required;
    std::optional<value> schema;
    std::optional<std::string> description;
    std::string media_type{};
    bool is_common = false;  ///< other operations may refer to it too
};

/// Writes what goes into an operation and what comes out as one JSON schema each.
class operation_schemas {
public:
    explicit operation_schemas(schema_refs& refs) : refs_{refs} {}

    /// Writes an object schema with one property per parameter, and `body` for the request body.
    [[nodiscard]] std::string input_schema(operation const& op) {
        unresolved_.clear();
        std::vector<input> inputs = inputs_of(op);
        std::vector<std::string> const keys = keys_of(op, inputs);
        return refs_.complete([&](fragment& out) {
            out.text += R"({"type":"object","properties":{)";
            std::string required;
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                if (i > 0) out.text += ',';
                out.text += json_string(keys[i]) + ':';
                write_input(out, inputs[i], keys[i]);
                if (inputs[i].is_required) required += (required.empty() ? "" : ",") + json_string(keys[i]);
            }
            out.text += '}';
            if (!required.empty()) out.text += ",\"required\":[" + required + ']';
            put_unresolved(out.text, true);
            out.text += '}';
        });
    }

    /// Writes the schema of the success response: the lowest 2xx, else 2XX, else default; `{}` when it says none.
    [[nodiscard]] std::string output_schema(operation const& op) {
        unresolved_.clear();
        std::optional<value> const schema = output_of(op);
        return refs_.complete([&](fragment& out) {
            if (!schema) {
                out.text += '{';
                put_unresolved(out.text, false);
                out.text += '}';
            } else if (schema->find("$defs")) {
                out.text += R"({"allOf":[)";
                refs_.write(out, *schema);
                out.text += "]}";
            } else if (is_common_) {
                refs_.write_common(out, *schema, {});
            } else {
                refs_.write(out, *schema);
            }
        });
    }

private:
    [[nodiscard]] std::optional<value> followed(value v) {
        auto const found = refs_.follow(v);
        if (found) return expect(*found, kind::object);
        value at = v;
        unresolved_.push_back(at.find("$ref")->text());
        return std::nullopt;
    }

    void put_unresolved(std::string& out, bool comma) const {
        if (unresolved_.empty()) return;
        out += comma ? ",\"x-unresolved\":[" : "\"x-unresolved\":[";
        for (std::string const& ref : unresolved_) out += (out.back() == '[' ? "" : ",") + json_string(ref);
        out += ']';
    }

    /// Collects parameters of the path item, overridden by the operation's of the same name and place, and the body.
    std::vector<input> inputs_of(operation const& op) {
        std::vector<input> inputs;
        if (auto const shared = op.inherited("parameters")) add_parameters(inputs, *shared, true);
        std::vector<input> own;
        if (auto const list = op.self.find("parameters")) add_parameters(own, *list, op.is_common);
        std::map<std::pair<std::string, std::string>, std::size_t> places;
        for (std::size_t i = 0; i < inputs.size(); ++i) places.emplace(std::pair{inputs[i].name, inputs[i].in}, i);
        for (input& p : own) {
            auto const same = places.find({p.name, p.in});
            if (same == places.end())
                inputs.push_back(std::move(p));
            else
                inputs[same->second] = std::move(p);
        }
        if (auto const body = op.self.find("requestBody"))
            if (auto const found = followed(*body)) {
                inputs.push_back(body_of(*found));
                inputs.back().is_common = op.is_common || !(*found == *body);
            }
        return inputs;
    }

    void add_parameters(std::vector<input>& out, value list, bool are_common) {
        std::set<std::pair<std::string, std::string>> seen;
        for (value const entry : expect(list, kind::array)) {
            auto const found = followed(entry);
            if (!found) continue;
            value const name = required_member(*found, "name", kind::string);
            value const in = required_member(*found, "in", kind::string);
            input p{name.text(), in.text(), false, found->find("schema"), text_member(*found, "description")};
            p.is_common = are_common || !(*found == entry);
            static constexpr std::array<std::string_view, 4> places{"path", "query", "header", "cookie"};
            if (std::find(places.begin(), places.end(), p.in) == places.end())
                in.fail("a parameter is in path, query, header or cookie, and nowhere else.");
            if (p.in == "header") {  // OpenAPI leaves these three to media types and security
                std::string const header = lower(p.name);
                if (header == "accept" || header == "content-type" || header == "authorization") continue;
            }
            if (!seen.emplace(p.name, p.in).second)
                name.fail("the parameter \"" + printable(p.name) + "\" in " + p.in + " stands here twice.");
            auto const required = member(*found, "required", kind::boolean);
            p.is_required = p.in == "path" || (required && required->is_true());
            if (auto const content = member(*found, "content", kind::object)) choose_media(p, *content);
            out.push_back(std::move(p));
        }
    }

    input body_of(value body) {
        auto const required = member(body, "required", kind::boolean);
        input in{"body", "body", required && required->is_true(), std::nullopt, text_member(body, "description")};
        if (auto const content = member(body, "content", kind::object)) choose_media(in, *content);
        return in;
    }

    /// Chooses application/json, else the first type that ends in +json, else the first one.
    static void choose_media(input& in, value content) {
        std::optional<value> chosen;
        int best = 0;
        for (value const media : content) {
            std::string const type = lower(media.key().substr(0, media.key().find(';')));
            int const rank = type == "application/json" ? 3 : type.ends_with("+json") ? 2 : 1;
            if (rank <= best) continue;
            best = rank;
            chosen = media;
        }
        if (!chosen) return;
        in.media_type = chosen->key();
        in.schema = expect(*chosen, kind::object).find("schema");
    }

    /// Names the properties: by the input's name, with its place in front where several inputs share the name.
    static std::vector<std::string> keys_of(operation const& op, std::vector<input> const& inputs) {
        std::vector<std::string> keys;
        std::map<std::string_view, std::size_t> uses;
        for (input const& i : inputs) ++uses[i.name];
        for (input const& i : inputs)
            keys.push_back(uses[i.name] == 1 || i.in == "body" ? i.name : i.in + '.' + i.name);
        std::vector<std::string> sorted = keys;
        std::sort(sorted.begin(), sorted.end());
        auto const twice = std::adjacent_find(sorted.begin(), sorted.end());
        if (twice != sorted.end())
            op.self.fail("two parameters would both be called \"" + printable(*twice) + "\". Rename one of them.");
        return keys;
    }

    void write_input(fragment& out, input const& i, std::string const& key) {
        more_members more;
        if (i.description && !(i.schema && i.schema->find("description") && !i.schema->find("$ref")))
            more.emplace_back("description", json_string(*i.description));
        more.emplace_back("x-in", json_string(i.in));
        if (key != i.name) more.emplace_back("x-name", json_string(i.name));
        if (!i.media_type.empty()) more.emplace_back("x-media-type", json_string(i.media_type));
        if (i.schema) return i.is_common ? refs_.write_common(out, *i.schema, more) : refs_.write(out, *i.schema, more);
        out.text += '{';
        for (auto const& [name, text] : more)
            out.text += (out.text.back() == '{' ? "" : ",") + json_string(name) + ':' + text;
        out.text += '}';
    }

    std::optional<value> output_of(operation const& op) {
        auto const responses = member(op.self, "responses", kind::object);
        if (!responses) return std::nullopt;
        std::optional<value> chosen;
        std::string best;
        for (value const response : *responses) {
            std::string const status = response.key();
            bool const is_success = status.size() == 3 && status[0] == '2' &&
                                    status.find_first_not_of("0123456789") == std::string::npos;
            // Digits sort before 2XX, and that before default.
            if (!is_success && status != "2XX" && status != "default") continue;
            if (chosen && status > best) continue;
            chosen = response;
            best = status;
        }
        if (!chosen) return std::nullopt;
        auto const found = followed(*chosen);
        if (!found) return std::nullopt;
        is_common_ = op.is_common || !(*found == *chosen);
        input body{"", "", false, std::nullopt, std::nullopt};
        if (auto const content = member(*found, "content", kind::object)) choose_media(body, *content);
        return body.schema;
    }

    schema_refs& refs_;
    std::vector<std::string> unresolved_;
    bool is_common_ = false;
};

}  // namespace openapi
