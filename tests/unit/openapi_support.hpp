// SPDX-License-Identifier: MIT
#pragma once

// What the tests of examples/openapi share: small documents, and a judge of references that shares no code with it.

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb.hpp>

#include "openapi/mapping.hpp"
#include "support/test_size.hpp"

namespace openapi_test {

/// Makes a document of 3.0.3 around paths and components.
inline std::string document_of(std::string const& paths, std::string const& more = "",
                               std::string const& version = "3.0.3", std::string const& title = "Test") {
    return R"({"openapi":")" + version + R"(","info":{"title":")" + title + R"(","version":"1"},"paths":{)" + paths +
           "}" + (more.empty() ? "" : "," + more) + "}";
}

inline openapi::registration mapped(std::string const& text) {
    return openapi::map_document(openapi::check_document("test.json", text));
}

/// Gives the sentence that a text is refused with, "" when it is accepted.
inline std::string refusal(std::string const& text) {
    try {
        static_cast<void>(mapped(text));
    } catch (openapi::bad_input const& e) { return e.what(); }
    return {};
}

inline sark::Capability const& named(openapi::registration const& r, std::string_view name) {
    for (sark::Capability const& c : r.capabilities)
        if (c.name == name) return c;
    throw std::runtime_error{"there is no capability " + std::string{name}};
}

/// Follows a pointer in the fragment of a reference; null when it leads to nothing.
inline sark::json_tree const* followed(sark::json_tree const& root, std::string_view fragment) {
    std::string pointer;
    for (std::size_t i = 0; i < fragment.size(); ++i) {
        if (fragment[i] == '%') {
            pointer += static_cast<char>(std::stoi(std::string{fragment.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            pointer += fragment[i];
        }
    }
    sark::json_tree const* at = &root;
    for (std::size_t start = 0; at != nullptr && start < pointer.size();) {
        std::size_t const end = std::min(pointer.find('/', start + 1), pointer.size());
        std::string key = pointer.substr(start + 1, end - start - 1);
        for (auto const& [from, to] : {std::pair{"~1", "/"}, {"~0", "~"}})
            for (std::size_t i = key.find(from); i != std::string::npos; i = key.find(from, i + 1))
                key.replace(i, 2, to);
        at = at->find(key);
        start = end;
    }
    return at;
}

/// Lists the references of a document that lead nowhere; those that begin with `far` are looked up in `shared`.
inline void collect_dangling(std::vector<std::string>& out, sark::json_tree const& at, sark::json_tree const& outer,
                             std::string const& far, sark::json_tree const& shared) {
    sark::json_tree const& root = at.find("$id") == nullptr ? outer : at;
    for (auto const& [key, value] : at.members()) {
        if (key == "$ref" && value.is(sark::json_kind::string)) {
            std::string const& ref = value.text();
            bool const is_far = ref.starts_with(far + "#");
            if (!is_far && !ref.starts_with('#')) continue;
            if (followed(is_far ? shared : root, std::string_view{ref}.substr(ref.find('#') + 1)) == nullptr)
                out.push_back(ref);
        }
        collect_dangling(out, value, root, far, shared);
    }
    for (sark::json_tree const& item : at.items()) collect_dangling(out, item, root, far, shared);
}

inline std::vector<std::string> dangling(openapi::registration const& r) {
    std::vector<std::string> out;
    sark::json_tree const shared = sark::parse_json(r.resource.metadata_.text());
    std::string const far = "urn:sark:" + r.resource.id;
    collect_dangling(out, shared, shared, far, shared);
    for (sark::Capability const& c : r.capabilities)
        for (sark::json const* schema : {&c.input_schema, &c.output_schema}) {
            sark::json_tree const tree = sark::parse_json(schema->text());
            collect_dangling(out, tree, tree, far, shared);
        }
    return out;
}

inline std::size_t bytes_of(openapi::registration const& r) {
    std::size_t bytes = r.resource.metadata_.text().size();
    for (sark::Capability const& c : r.capabilities)
        bytes += c.input_schema.text().size() + c.output_schema.text().size();
    return bytes;
}

/// Gives the fields per schema that make a document of ten megabytes in CI, and of two in a run that somebody waits for.
inline std::size_t fields_of_large_document() { return sark::test::sized<std::size_t>(18, 90); }

/// Makes a document of 1,000 operations and as many definitions of `fields` fields, each of which needs two others, so
/// that every operation needs all of them.
inline std::string large_document(std::size_t fields) {
    std::string paths;
    std::string schemas;
    for (std::size_t i = 0; i < 1000; ++i) {
        auto const ref = [](std::size_t n) {
            return R"({"$ref":"#/components/schemas/S)" + std::to_string(n % 1000) + "\"}";
        };
        std::string const n = std::to_string(i);
        paths += (i == 0 ? "" : ",") + ("\"/things/" + n) + R"(/{id}":{"post":{"operationId":"op)" + n +
                 R"(","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],)" +
                 R"("requestBody":{"content":{"application/json":{"schema":)" + ref(i) +
                 R"(}}},"responses":{"200":{"description":"ok","content":{"application/json":{"schema":)" + ref(3 * i) +
                 "}}}}}}";
        schemas += (i == 0 ? "" : ",") + ("\"S" + n) + R"(":{"type":"object","properties":{"a":)" + ref(7 * i + 1) +
                   R"(,"b":)" + ref(i + 1);
        for (std::size_t f = 0; f < fields; ++f)
            schemas += ",\"field_" + n + "_" + std::to_string(f) +
                       R"(":{"type":"string","description":"A sentence about the field, of the usual length of one."})";
        schemas += "}}";
    }
    return document_of(paths, R"("components":{"schemas":{)" + schemas + "}}", "3.0.3", "Large");
}

}  // namespace openapi_test
