// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "document.hpp"
#include "pointer.hpp"

namespace openapi {

/// Is a piece of a schema being written: its text and the definitions it refers to.
struct fragment {
    std::string text{};
    std::vector<std::size_t> refs{};
    std::string base{};  ///< what stands before `#/$defs/`: nothing, or where the shared definitions are
};

/// Lists members to be written beside those of a schema: key and JSON text.
using more_members = std::vector<std::pair<std::string, std::string>>;

/// Writes schemas of a document so that all their references resolve where the schema is stored.
///
/// A stored schema carries the definitions it needs in its `$defs`, up to a limit. One that needs more refers to the
/// resource's shared definitions instead, so that a document never grows by much more than its own size.
class schema_refs {
public:
    schema_refs(document const& of, std::string const& resource_id)
        : document_{of}, shared_base_{"urn:sark:" + resource_id} {
        auto const components = member(of.root(), "components", kind::object);
        if (auto const named = components ? member(*components, "schemas", kind::object) : std::nullopt)
            for (value const v : *named) named_schemas_.emplace(v.key(), v);
    }

    /// Says how many schemas will be stored: together they carry at most 1 MiB and twice the document.
    void share_among(std::size_t schemas) {
        limit_ = std::bit_floor((1'048'576 + 2 * document_.text->size()) / std::max<std::size_t>(schemas, 1));
    }

    /// Writes one stored schema: `build(fragment&)` writes an object, and is called again when it has to refer to the
    /// shared definitions.
    template <class Build>
    [[nodiscard]] std::string complete(Build const& build) {
        fragment own;
        build(own);
        if (own.refs.empty()) return std::move(own.text);
        auto const needed = reachable(own.refs, limit_);
        if (!needed) {
            fragment far{.base = shared_base_};
            build(far);
            shared_.insert(shared_.end(), far.refs.begin(), far.refs.end());
            return std::move(far.text);
        }
        own.text.pop_back();
        if (own.text.size() > 1) own.text += ',';
        append_definitions(own.text, *needed);
        return std::move(own.text) + '}';
    }

    /// Gives the members `$id` and `$defs` with the definitions that schemas refer to from afar; empty for none.
    [[nodiscard]] std::string shared_definitions() {
        if (shared_.empty()) return {};
        std::string out = "\"$id\":" + json_string(shared_base_) + ',';
        append_definitions(out, *reachable(shared_, std::string::npos));
        return out;
    }

    /// Follows references between parts of the document that are no schemas.
    ///
    /// Gives nothing when they lead outside of it.
    [[nodiscard]] std::optional<value> follow(value v) {
        std::set<value> seen;
        for (;;) {
            auto const ref = v.is(kind::object) ? v.find("$ref") : std::nullopt;
            if (!ref) return v;
            expect(*ref, kind::string);
            std::string const text = ref->text();
            if (!text.starts_with('#')) {
                outside_.insert(text);
                return std::nullopt;
            }
            if (!seen.insert(v).second) ref->fail("these references lead in a circle.");
            v = resolve(*ref, text).node;
        }
    }

    /// Lists references to other files, URLs and names, which are kept as they are.
    [[nodiscard]] std::set<std::string> const& outside() const { return outside_; }

    /// Writes a schema, with references turned to where their definitions are stored.
    void write(fragment& out, value schema, more_members const& more = {}) {
        if (schema.is(kind::boolean)) {
            out.text += schema.is_true() ? "{" : "{\"not\":{}";
            return finish(out, schema.is_true(), more);
        }
        expect(schema, kind::object);
        // A schema with a name of its own is a document of its own: its references mean itself.
        bool const is_own_document = !document_.is_3_0 && schema.find("$id");
        auto const ref = schema.find("$ref");
        // In 3.0 what stands beside a $ref is ignored.
        bool const only_ref = document_.is_3_0 && ref && ref->is(kind::string);
        out.text += '{';
        bool first = true;
        for (value const m : schema) {
            std::string const name = m.key();
            if (only_ref && name != "$ref") continue;
            if (std::any_of(more.begin(), more.end(), [&](auto const& own) { return own.first == name; })) continue;
            if (document_.is_3_0 && write_3_0(out, first, schema, m, name)) continue;
            put_key(out, first, m);
            if (is_own_document)
                out.text += m.raw();
            else
                write_member(out, m, name);
        }
        finish(out, first, more);
    }

    /// Writes a schema that several operations have in common: as a definition, unless it is small.
    void write_common(fragment& out, value schema, more_members const& more) {
        if (schema.raw().size() <= 1024 || schema.find("$ref")) return write(out, schema, more);
        auto const known = by_node_.find(schema.node());
        std::size_t const n = known != by_node_.end() ? known->second : define({schema, schema.pointer()});
        out.text += "{\"$ref\":" + json_string(ref_to(out, n));
        finish(out, false, more);
    }

private:
    struct target {
        value node;
        std::string pointer;
    };

    struct definition {
        std::string key;
        value node;
        std::string text{};
        std::vector<std::size_t> refs{};
        bool is_written = false;
        std::size_t seen = 0;
    };

    static void put_key(fragment& out, bool& first, value m) {
        if (!first) out.text += ',';
        first = false;
        out.text += json_string(m.key());
        out.text += ':';
    }

    static void finish(fragment& out, bool first, more_members const& more) {
        for (auto const& [name, text] : more) {
            if (!first) out.text += ',';
            first = false;
            out.text += json_string(name) + ':' + text;
        }
        out.text += '}';
    }

    template <std::size_t N>
    static bool is_one_of(std::string_view name, std::array<std::string_view, N> const& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    void write_member(fragment& out, value m, std::string_view name) {
        static constexpr std::array<std::string_view, 13> schemas{"items",
                                                                  "additionalProperties",
                                                                  "not",
                                                                  "if",
                                                                  "then",
                                                                  "else",
                                                                  "contains",
                                                                  "propertyNames",
                                                                  "additionalItems",
                                                                  "unevaluatedItems",
                                                                  "unevaluatedProperties",
                                                                  "contentSchema",
                                                                  "prefixItems"};
        static constexpr std::array<std::string_view, 3> lists{"allOf", "anyOf", "oneOf"};
        static constexpr std::array<std::string_view, 5> maps{"properties", "patternProperties", "$defs", "definitions",
                                                              "dependentSchemas"};
        if (name == "$ref" && m.is(kind::string))
            out.text += json_string(stored_ref(out, m, m.text()));
        else if (name == "discriminator" && m.is(kind::object))
            write_discriminator(out, m);
        else if (is_one_of(name, maps) && m.is(kind::object))
            write_map(out, m, [&](value v) { write(out, v); });
        else if ((is_one_of(name, lists) || is_one_of(name, schemas)) && m.is(kind::array))
            write_list(out, m);
        else if (is_one_of(name, schemas))
            write(out, m);
        else
            out.text += m.raw();  // data: example, default, enum, const, extensions, and all the scalar keywords
    }

    template <class Write>
    static void write_map(fragment& out, value map, Write const& write_value) {
        out.text += '{';
        bool first = true;
        for (value const m : map) {
            put_key(out, first, m);
            write_value(m);
        }
        out.text += '}';
    }

    void write_list(fragment& out, value list) {
        out.text += '[';
        bool first = true;
        for (value const item : list) {
            if (!first) out.text += ',';
            first = false;
            write(out, item);
        }
        out.text += ']';
    }

    /// The values of a mapping are references, or names of schemas.
    void write_discriminator(fragment& out, value discriminator) {
        write_map(out, discriminator, [&](value m) {
            if (!m.has_key("mapping") || !m.is(kind::object)) return void(out.text += m.raw());
            write_map(out, m, [&](value name) {
                std::string text = expect(name, kind::string).text();
                if (named_schemas_.contains(text))
                    text = "#/components/schemas/" + percent_encoded(escaped_token(text));
                out.text += json_string(stored_ref(out, name, text));
            });
        });
    }

    /// Says in JSON Schema what OpenAPI 3.0 says in its own words: nullable, and bounds that are exclusive by a flag.
    static bool write_3_0(fragment& out, bool& first, value schema, value m, std::string_view name) {
        auto const flag = [&](std::string_view of) {
            auto const found = schema.find(of);
            return found && found->is(kind::boolean) ? (found->is_true() ? 1 : 0) : -1;
        };
        if (name == "nullable" && m.is(kind::boolean)) return true;
        if (name == "type" && m.is(kind::string) && flag("nullable") == 1) {
            put_key(out, first, m);
            out.text.append("[").append(m.raw()).append(",\"null\"]");
            return true;
        }
        for (auto const& [bound, exclusive] :
             {std::pair{"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}}) {
            if (name == bound && flag(exclusive) == 1) return true;
            if (name != exclusive || !m.is(kind::boolean)) continue;
            auto const limit = schema.find(bound);
            if (limit && m.is_true()) {
                put_key(out, first, m);
                out.text += limit->raw();
            }
            return true;
        }
        return false;
    }

    /// Gives the text of a reference where it is stored, and notes the definition it needs.
    std::string stored_ref(fragment& out, value at, std::string const& text) {
        if (text.starts_with('#') && text != "#" && text[1] != '/' && text[1] != '%') {
            outside_.insert(text);  // an $anchor
            return text;
        }
        if (!text.starts_with('#')) {
            outside_.insert(text);
            return text;
        }
        auto known = by_ref_.find(text);
        if (known == by_ref_.end()) {
            target const& found = resolve(at, text);
            if (!found.node.is(kind::object) && !found.node.is(kind::boolean))
                at.fail("the reference \"" + printable(text) + "\" leads to something that is no schema.");
            known = by_ref_.emplace(text, define(found)).first;
        }
        return ref_to(out, known->second);
    }

    std::string ref_to(fragment& out, std::size_t n) const {
        out.refs.push_back(n);
        return out.base + "#/$defs/" + percent_encoded(escaped_token(definitions_[n].key));
    }

    std::size_t define(target const& at) {
        auto const [known, is_new] = by_node_.emplace(at.node.node(), definitions_.size());
        if (is_new) {
            // Schemas of the components keep their name; what lies elsewhere is named by where it lies.
            constexpr std::string_view home = "/components/schemas/";
            bool const is_named = at.pointer.starts_with(home) &&
                                  at.pointer.find('/', home.size()) == std::string::npos;
            std::string key = is_named ? at.node.key() : at.pointer;
            if (is_named && key.starts_with('/')) key = at.pointer;
            definitions_.push_back({.key = std::move(key), .node = at.node});
        }
        return known->second;
    }

    /// Finds what a reference within the document means.
    target const& resolve(value at, std::string const& text) {
        if (auto const known = resolved_.find(text); known != resolved_.end()) return known->second;
        std::string const pointer = percent_decoded(at, text);
        if (pointer.empty()) at.fail("a reference to the whole document is no schema. Refer to a part of it.");
        if (!pointer.starts_with('/')) at.fail("the reference \"" + printable(text) + "\" is no JSON pointer.");
        target found{document_.root(), {}};
        for (std::size_t start = 1; start <= pointer.size();) {
            std::size_t const end = std::min(pointer.find('/', start), pointer.size());
            std::string const token = unescaped_token(at, text, pointer.substr(start, end - start));
            auto const next = step(found, token);
            if (!next) at.fail("the reference \"" + printable(text) + "\" leads to nothing in this document.");
            found.node = *next;
            found.pointer += '/' + escaped_token(token);
            start = end + 1;
        }
        return resolved_.emplace(text, std::move(found)).first->second;
    }

    [[nodiscard]] std::optional<value> step(target const& from, std::string const& token) const {
        if (from.pointer == "/components/schemas") {
            auto const named = named_schemas_.find(token);
            return named == named_schemas_.end() ? std::nullopt : std::optional{named->second};
        }
        return step(from.node, token);
    }

    static std::optional<value> step(value v, std::string const& token) {
        if (v.is(kind::object)) return v.find(token);
        if (!v.is(kind::array)) return std::nullopt;
        std::size_t place = 0;
        for (value const item : v)
            if (std::to_string(place++) == token) return item;
        return std::nullopt;
    }

    /// Writes a definition once, however many schemas need it.
    definition& written(std::size_t n) {
        definition& d = definitions_[n];
        if (!d.is_written) {
            fragment f;
            write(f, d.node);
            d.text = std::move(f.text);
            d.refs = std::move(f.refs);
            d.is_written = true;
        }
        return d;
    }

    /// Lists the definitions that are needed, directly or not; nothing when they have more than `limit` bytes.
    std::optional<std::vector<std::size_t>> reachable(std::vector<std::size_t> const& from, std::size_t limit) {
        ++round_;
        std::size_t bytes = 0;
        std::vector<std::size_t> found;
        auto const add = [&](std::vector<std::size_t> const& refs) {
            for (std::size_t const n : refs)
                if (std::exchange(definitions_[n].seen, round_) != round_) found.push_back(n);
        };
        add(from);
        for (std::size_t i = 0; i < found.size(); ++i) {
            definition const& d = written(found[i]);
            bytes += d.key.size() + d.text.size() + 4;
            if (bytes > limit) return std::nullopt;
            add(d.refs);
        }
        return found;
    }

    void append_definitions(std::string& out, std::vector<std::size_t> const& which) const {
        out += "\"$defs\":{";
        for (std::size_t const n : which) {
            if (out.back() != '{') out += ',';
            out += json_string(definitions_[n].key) + ':' + definitions_[n].text;
        }
        out += '}';
    }

    document const& document_;
    std::string shared_base_;
    std::size_t limit_ = 0;
    std::unordered_map<std::string, value> named_schemas_;
    std::unordered_map<std::string, target> resolved_;
    std::unordered_map<std::string, std::size_t> by_ref_;
    std::unordered_map<sark::json_tree const*, std::size_t> by_node_;
    std::deque<definition> definitions_;
    std::vector<std::size_t> shared_;
    std::set<std::string> outside_;
    std::size_t round_ = 0;
};

}  // namespace openapi
