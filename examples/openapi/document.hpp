// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "../support/file.hpp"
#include "value.hpp"

namespace openapi {

/// Is an OpenAPI document that was found to be one: version 3.0 or 3.1, with title, version and paths.
struct document {
    std::unique_ptr<json_text const> text;
    std::string version;
    bool is_3_0 = false;

    [[nodiscard]] value root() const { return text->root(); }
};

/// Gives the kind of value that a sentence calls for.
[[nodiscard]] inline char const* name_of(kind k) {
    constexpr char const* names[] = {"null", "true or false", "a number", "a string", "an array", "an object"};
    return names[static_cast<std::size_t>(k)];
}

/// Returns the value when it is of a kind.
/// @throws bad_input that says where it is not
inline value expect(value v, kind k) {
    if (!v.is(k)) v.fail(std::string{"this is "} + name_of(v.what()) + " and has to be " + name_of(k) + ".");
    return v;
}

/// Finds a member that may be absent, and must be of a kind when it is there.
[[nodiscard]] inline std::optional<value> member(value object, std::string_view name, kind k) {
    std::optional<value> const found = object.find(name);
    if (found) expect(*found, k);
    return found;
}

/// Finds a member that must be there.
[[nodiscard]] inline value required_member(value object, std::string_view name, kind k) {
    std::optional<value> const found = object.find(name);
    if (!found) object.fail("\"" + std::string{name} + "\" is missing. OpenAPI requires it.");
    return expect(*found, k);
}

/// Gives a text that may be absent.
[[nodiscard]] inline std::optional<std::string> text_member(value object, std::string_view name) {
    std::optional<value> const found = member(object, name, kind::string);
    if (!found) return std::nullopt;
    return found->text();
}

/// Checks that a text is an OpenAPI document of a version that is understood.
[[nodiscard]] inline document check_document(std::string name, std::string_view content) {
    auto text = std::make_unique<json_text const>(std::move(name), content);
    value const root = text->root();
    if (!root.is(kind::object)) root.fail("the document has to be an object. Give an OpenAPI document.");
    if (root.find("swagger"))
        root.find("swagger")->fail("this is Swagger 2.0, not OpenAPI 3. Convert it to OpenAPI 3.0 or 3.1.");
    std::optional<value> const declared = root.find("openapi");
    if (!declared) root.fail("this is JSON, but not an OpenAPI document: it has no member \"openapi\".");
    std::string const version = expect(*declared, kind::string).text();
    bool const is_3_0 = version == "3.0" || version.starts_with("3.0.");
    if (!is_3_0 && version != "3.1" && !version.starts_with("3.1."))
        declared->fail("OpenAPI " + printable(version, 40) + " is not understood. Give a document of 3.0 or 3.1.");
    value const info = required_member(root, "info", kind::object);
    value const title = required_member(info, "title", kind::string);
    if (title.text().find_first_not_of(" \t\r\n") == std::string::npos) title.fail("the title is empty.");
    static_cast<void>(required_member(info, "version", kind::string));
    static_cast<void>(required_member(root, "paths", kind::object));
    return {std::move(text), version, is_3_0};
}

/// Reads a file and checks it.
[[nodiscard]] inline document read_document(std::string const& path) {
    return check_document(path, support::read_file(path, json_text::max_bytes));
}

}  // namespace openapi
