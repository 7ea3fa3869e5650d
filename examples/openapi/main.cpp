// SPDX-License-Identifier: MIT
//
// Registers OpenAPI documents: one resource per document, one capability per operation.

#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "../support/main.hpp"
#include "register.hpp"

namespace {

constexpr std::string_view usage =
    R"(usage: openapi [--migrate] [--url URL] [--show] FILE...

Registers OpenAPI 3.0 and 3.1 documents (JSON): one resource per document, one
capability per operation, all in one transaction. What is registered already and
has not changed is not written again; operations that a document no longer has
are removed.

  --migrate   bring the database's schema up to date first
  --url URL   where the one FILE is published; its name is stored otherwise
  --show      then show what is registered, the most sensitive operations first
  --help      show this

The database is the one in DATABASE_URL (postgresql://user@host:port/database).

Exit code: 0 done, 1 a document is wrong and nothing was changed, 2 the database
cannot be used, 3 wrong arguments.
)";

struct arguments {
    bool migrate = false;
    bool show = false;
    bool help = false;
    std::optional<std::string> url{};
    std::vector<std::string> files{};
};

arguments parse(int count, char** values) {
    arguments given;
    bool only_files = false;
    for (int i = 1; i < count; ++i) {
        std::string const argument = values[i];
        if (only_files || !argument.starts_with('-')) {
            given.files.push_back(argument);
        } else if (argument == "--") {
            only_files = true;
        } else if (argument == "--migrate") {
            given.migrate = true;
        } else if (argument == "--show") {
            given.show = true;
        } else if (argument == "--help" || argument == "-h") {
            given.help = true;
        } else if (argument.starts_with("--url=")) {
            given.url = argument.substr(6);
        } else if (argument == "--url") {
            if (++i == count) throw support::usage_error{"--url needs an address. Try --help."};
            given.url = values[i];
        } else {
            throw support::usage_error{"there is no option " + openapi::printable(argument) + ". Try --help."};
        }
    }
    if (given.help) return given;
    if (given.files.empty()) throw support::usage_error{"name one OpenAPI document or more. Try --help."};
    if (given.url && given.files.size() > 1)
        throw support::usage_error{"--url belongs to one document. Register the others by runs of their own."};
    for (std::string const& text : given.files)
        if (text.empty()) throw support::usage_error{"the name of a document is empty. Try --help."};
    return given;
}

/// Is what the list shows of a capability's metadata; those that others gave to the resource may have neither.
struct call {
    std::optional<std::string> method;
    std::optional<std::string> path;
};

/// The polymorphic side: http resources with their metadata as a struct and their capabilities, by two statements.
void show(sark::connection& db, std::vector<openapi::registration> const& documents) {
    using sark::Capability, sark::HttpMetadata, sark::Resource, sark::col;
    std::vector<std::string> ids;
    for (openapi::registration const& r : documents) ids.push_back(r.resource.id);
    auto const registered = db.all(sark::from<sark::typed<HttpMetadata>>()
                                       .where(col<&Resource::id>.in(ids))
                                       .order_by(col<&Resource::id>)
                                       .with<Capability>());
    for (auto const& resource : registered) {
        std::cout << '\n'
                  << openapi::printable(resource.name) << " "
                  << openapi::printable(resource.metadata.api_version.value_or("?")) << " at "
                  << openapi::printable(resource.endpoint) << ", auth "
                  << openapi::printable(resource.metadata.auth_method.value_or("?")) << ", OpenAPI "
                  << openapi::printable(resource.metadata.openapi_version.value_or("?")) << '\n';
        auto operations = resource.children<Capability>();
        support::sort_by_sensitivity(operations);
        for (Capability const& c : operations) {
            auto const http = sark::from_json<call>(c.metadata_);
            std::cout << "  " << support::level_column(c.sensitivity_level)
                      << openapi::printable(http.method.value_or("?") + ' ' + http.path.value_or("?"), 60) << "  "
                      << openapi::printable(c.name, 60) << '\n';
        }
    }
}

void report_outside(openapi::registration const& r) {
    if (r.outside.empty()) return;
    std::cerr << "note: " << openapi::printable(r.source) << ": " << r.outside.size()
              << (r.outside.size() == 1 ? " reference leads" : " references lead")
              << " out of the document and is kept as it is: " << openapi::printable(r.outside.front());
    if (r.outside.size() > 1) std::cerr << " and others";
    std::cerr << '\n';
}

void run(arguments const& given) {
    std::vector<openapi::registration> documents;
    for (std::string const& file : given.files)
        documents.push_back(openapi::map_document(openapi::read_document(file), given.url));

    sark::connection db{support::database_url()};
    support::prepare(db, given.migrate);
    std::vector<openapi::outcome> const done = openapi::register_all(db, documents);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        report_outside(documents[i]);
        std::cout << openapi::line_of(documents[i], done[i]) << '\n';
    }
    if (given.show) show(db, documents);
}

}  // namespace

int main(int count, char** values) {
    return support::run([&] {
        arguments const given = parse(count, values);
        if (given.help)
            std::cout << usage;
        else
            run(given);
    });
}
