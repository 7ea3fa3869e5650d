// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/jsonb.hpp>
#include <sark/models.hpp>

#include "../support/registration.hpp"
#include "operation.hpp"

namespace openapi {

/// Is what a document says, as rows. docs/openapi.md has the rules as a table.
struct registration : support::registration {
    std::string openapi_url;           ///< where the document is published, or the file's name
    std::vector<std::string> outside;  ///< references that lead out of the document
};

namespace detail {

[[nodiscard]] inline std::string file_name(std::string const& path) {
    return path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
}

/// Puts the defaults of its variables into the URL of a server.
[[nodiscard]] inline std::string server_url(value server) {
    value const url = required_member(server, "url", kind::string);
    std::string const text = url.text();
    auto const variables = member(server, "variables", kind::object);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::size_t const end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        if (end == std::string::npos) {
            out += text[i];
            continue;
        }
        std::string const name = text.substr(i + 1, end - i - 1);
        auto const variable = variables ? member(*variables, name, kind::object) : std::nullopt;
        if (!variable) url.fail("the server's variable \"" + printable(name) + "\" is not declared.");
        out += required_member(*variable, "default", kind::string).text();
        i = end;
    }
    return out;
}

[[nodiscard]] inline std::vector<std::string> servers_of(value root) {
    std::vector<std::string> urls;
    if (auto const servers = member(root, "servers", kind::array))
        for (value const server : *servers) urls.push_back(server_url(expect(server, kind::object)));
    if (urls.empty()) urls.emplace_back("/");  // what OpenAPI says a document without servers means
    return urls;
}

/// Lists all operations, path by path in the order of the document.
[[nodiscard]] inline std::vector<operation> operations_of(document const& d, schema_refs& refs) {
    std::vector<operation> found;
    value const paths = *d.root().find("paths");
    for (value const entry : paths) {
        std::string const path = entry.key();
        if (path.starts_with("x-")) continue;
        if (!path.starts_with('/')) entry.fail("a path begins with a slash.");
        std::vector<value> items{expect(entry, kind::object)};
        if (auto const target = refs.follow(entry); target && !(*target == entry))
            items.push_back(expect(*target, kind::object));
        for (std::string_view const method : methods) {
            operation op{std::string{method}, path, entry, items, items.size() > 1};
            for (char& c : op.method) c = static_cast<char>(c - 'a' + 'A');
            auto const self = op.inherited(method);
            if (!self) continue;
            op.self = expect(*self, kind::object);
            found.push_back(std::move(op));
        }
    }
    return found;
}

/// Gives the security requirements that hold for an operation: its own, else the document's.
[[nodiscard]] inline std::optional<value> security_of(value root, std::optional<value> op) {
    auto const own = op ? member(*op, "security", kind::array) : std::nullopt;
    return own ? own : member(root, "security", kind::array);
}

[[nodiscard]] inline std::string scheme_word(value scheme) {
    std::string const type = required_member(scheme, "type", kind::string).text();
    if (type == "http") return lower(required_member(scheme, "scheme", kind::string).text());
    static std::map<std::string, std::string> const words{
        {"apiKey", "api_key"}, {"oauth2", "oauth2"}, {"openIdConnect", "openid"}, {"mutualTLS", "mutual_tls"}};
    auto const word = words.find(type);
    if (word == words.end())
        scheme.find("type")->fail("a security scheme is http, apiKey, oauth2, openIdConnect or mutualTLS.");
    return word->second;
}

/// Gives the scheme of the first requirement that is not empty: the document's, else that of its first operation.
[[nodiscard]] inline std::string auth_method_of(value root, std::vector<operation> const& operations,
                                                schema_refs& refs) {
    std::vector<std::optional<value>> lists{security_of(root, std::nullopt)};
    for (operation const& op : operations) lists.push_back(member(op.self, "security", kind::array));
    for (auto const& list : lists) {
        if (!list) continue;
        for (value const requirement : *list) {
            expect(requirement, kind::object);
            if (requirement.is_empty()) continue;
            value const wanted = *requirement.begin();
            auto const components = member(root, "components", kind::object);
            auto const schemes = components ? member(*components, "securitySchemes", kind::object) : std::nullopt;
            auto const declared = schemes ? schemes->find(wanted.key()) : std::nullopt;
            if (!declared)
                wanted.fail("the security scheme \"" + printable(wanted.key()) +
                            "\" is not declared in the components.");
            auto const scheme = refs.follow(*declared);
            return scheme ? scheme_word(expect(*scheme, kind::object)) : "unknown";
        }
    }
    return "none";
}

/// Reads the extension by which a document says itself how sensitive something is.
[[nodiscard]] inline std::optional<sark::Sensitivity> declared_sensitivity(std::optional<value> object) {
    auto const declared = object ? object->find("x-sensitivity") : std::nullopt;
    if (!declared) return std::nullopt;
    std::string const text = declared->is(kind::string) ? declared->text() : "";
    using enum sark::Sensitivity;
    for (auto const& [name, level] :
         {std::pair{"low", low}, {"medium", medium}, {"high", high}, {"critical", critical}})
        if (text == name) return level;
    declared->fail("x-sensitivity is low, medium, high or critical.");
}

[[nodiscard]] inline sark::Sensitivity sensitivity_of(value root, operation const& op) {
    if (auto const own = declared_sensitivity(op.self)) return *own;
    for (value const item : op.items)
        if (auto const inherited = declared_sensitivity(item)) return *inherited;
    if (auto const general = declared_sensitivity(root)) return *general;
    if (auto const security = security_of(root, op.self))
        for (value const requirement : *security)
            for (value const scopes : expect(requirement, kind::object))
                for (value const scope : expect(scopes, kind::array))
                    if (lower(expect(scope, kind::string).text()).find("admin") != std::string::npos)
                        return sark::Sensitivity::critical;
    if (op.method == "DELETE") return sark::Sensitivity::high;
    return op.method == "POST" || op.method == "PUT" || op.method == "PATCH" ? sark::Sensitivity::medium
                                                                             : sark::Sensitivity::low;
}

[[nodiscard]] inline sark::json operation_metadata(operation const& op) {
    sark::HttpOperation metadata{.method = op.method, .path = op.path};
    if (auto const deprecated = member(op.self, "deprecated", kind::boolean))
        metadata.deprecated = deprecated->is_true();
    if (auto const tags = member(op.self, "tags", kind::array)) {
        metadata.tags.emplace();
        for (value const tag : *tags) metadata.tags->push_back(expect(tag, kind::string).text());
    }
    return sark::to_json(metadata);
}

[[nodiscard]] inline sark::Capability capability_of(value root, std::string const& resource_id, operation const& op,
                                                    operation_schemas& schemas) {
    auto const operation_id = text_member(op.self, "operationId");
    std::string const name = operation_id && !operation_id->empty() ? *operation_id : op.method + ' ' + op.path;
    auto description = text_member(op.self, "description");
    if (!description || description->empty()) description = text_member(op.self, "summary");
    return {.id = fitted(resource_id + '/' + name),
            .resource_id = resource_id,
            .name = fitted(name),
            .description = std::move(description),
            .input_schema = sark::json{schemas.input_schema(op)},
            .output_schema = sark::json{schemas.output_schema(op)},
            .sensitivity_level = sensitivity_of(root, op),
            .metadata_ = operation_metadata(op)};
}

[[nodiscard]] inline std::size_t size_of(sark::Capability const& c) {
    return c.id.size() + c.name.size() + c.description.value_or("").size() + c.input_schema.text().size() +
           c.output_schema.text().size() + c.metadata_.text().size();
}

}  // namespace detail

/// Turns a document into rows; asks no server.
///
/// `url` is where the document is published; without one its file name stands for it.
/// @throws bad_input with file, line, JSON pointer and reason
[[nodiscard]] inline registration map_document(document const& d, std::optional<std::string> const& url = {}) {
    value const root = d.root();
    value const info = *root.find("info");
    std::string const title = info.find("title")->text();
    std::string const id = "openapi:" + slug(title);

    schema_refs refs{d, id};
    operation_schemas schemas{refs};
    std::vector<operation> const operations = detail::operations_of(d, refs);
    refs.share_among(2 * operations.size());

    registration made;
    made.source = d.text->name();
    made.openapi_url = url.value_or(detail::file_name(d.text->name()));
    std::size_t bytes = 0;
    auto most = operations.empty() ? sark::Sensitivity::medium : sark::Sensitivity::low;
    for (operation const& op : operations) {
        sark::Capability const& c = made.capabilities.emplace_back(detail::capability_of(root, id, op, schemas));
        most = std::max(most, c.sensitivity_level);
        bytes += detail::size_of(c);
        if (bytes > 16'777'216 + 8 * d.text->size())
            op.self.fail("from here on the rows would take more than eight times the document. Something large is "
                         "referred to by very many operations: make it a schema of the components.");
    }
    support::refuse_same_ids(made.capabilities, [&](std::size_t first, std::size_t second) {
        operation const& before = operations[first];
        operations[second].self.fail("the operationId \"" + printable(made.capabilities[second].name) +
                                     "\" belongs to " + before.method + ' ' + printable(before.path) +
                                     " already. OpenAPI wants it to be unique.");
    });

    std::vector<std::string> servers = detail::servers_of(root);
    if (servers.front().size() > 1000)
        root.find("servers")->fail("the URL of the first server is longer than 1000 bytes. Shorten it.");
    sark::HttpMetadata const metadata{.auth_method = detail::auth_method_of(root, operations, refs),
                                      .openapi_url = made.openapi_url,
                                      .openapi_version = d.version,
                                      .api_version = info.find("version")->text(),
                                      .description = text_member(info, "description"),
                                      .servers = servers};
    std::string document = sark::to_json(metadata).text();
    if (std::string const shared = refs.shared_definitions(); !shared.empty()) {
        document.pop_back();
        document += ',' + shared + '}';
    }
    made.resource = {.id = id,
                     .name = fitted(title),
                     .protocol = std::string{sark::protocol_of<sark::HttpMetadata>},
                     .endpoint = servers.front(),
                     .sensitivity_level = detail::declared_sensitivity(root).value_or(most),
                     .metadata_ = sark::json{std::move(document)}};
    made.outside.assign(refs.outside().begin(), refs.outside().end());
    return made;
}

}  // namespace openapi
