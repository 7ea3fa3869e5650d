// SPDX-License-Identifier: MIT
//
// Registers gRPC services from descriptor sets: one resource per service, one capability per method.

#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/sark.hpp>

#include "../support/main.hpp"
#include "register.hpp"

namespace {

constexpr std::string_view usage =
    R"(usage: grpc [OPTION...] FILE...

Registers the gRPC services of descriptor sets, as protoc writes them with
--include_imports --include_source_info --descriptor_set_out=FILE: one resource
per service, one capability per method, all in one transaction. What is
registered already and has not changed is not written again; methods that a
service no longer has are removed.

  --migrate            bring the database's schema up to date first
  --only NAME          register the services of that package, or that service,
                       only; may be repeated
  --endpoint ADDRESS   where the services are served; a stored one stays
                       otherwise
  --show               then show what is registered, the most sensitive methods
                       first
  --help               show this

The database is the one in DATABASE_URL (postgresql://user@host:port/database).

Exit code: 0 done, 1 a file is wrong and nothing was changed, 2 the database
cannot be used, 3 wrong arguments.
)";

struct arguments {
    bool migrate = false;
    bool show = false;
    bool help = false;
    std::vector<std::string> only{};
    std::optional<std::string> endpoint{};
    std::vector<std::string> files{};
};

arguments parse(int count, char** values) {
    arguments given;
    bool only_files = false;
    int i = 1;
    auto const value_of = [&](std::string const& argument, std::string const& name) -> std::optional<std::string> {
        std::optional<std::string> found;
        if (argument.starts_with(name + '=')) {
            found = argument.substr(name.size() + 1);
        } else if (argument == name) {
            if (++i == count) throw support::usage_error{name + " needs a value. Try --help."};
            found = values[i];
        }
        if (found && found->empty()) throw support::usage_error{name + " needs a value. Try --help."};
        return found;
    };
    for (; i < count; ++i) {
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
        } else if (auto const name = value_of(argument, "--only")) {
            given.only.push_back(*name);
        } else if (auto const address = value_of(argument, "--endpoint")) {
            given.endpoint = address;
        } else {
            throw support::usage_error{"there is no option " + support::printable(argument) + ". Try --help."};
        }
    }
    if (given.help) return given;
    if (given.files.empty()) throw support::usage_error{"name one descriptor set or more. Try --help."};
    if (given.endpoint && given.endpoint->size() > 1000)
        throw support::usage_error{"the endpoint is longer than 1000 bytes. Shorten it."};
    return given;
}

/// The polymorphic side: grpc resources with their metadata as a struct, their methods with theirs.
void show(sark::connection& db, std::vector<grpc::registration> const& services) {
    using sark::Capability, sark::GrpcMetadata, sark::Resource, sark::col, support::printable;
    std::vector<std::string> ids;
    for (grpc::registration const& r : services) ids.push_back(r.resource.id);
    auto const registered = db.all(sark::from<sark::typed<GrpcMetadata>>()
                                       .where(col<&Resource::id>.in(ids))
                                       .order_by(col<&Resource::id>)
                                       .with<Capability>());
    for (auto const& resource : registered) {
        std::cout << '\n'
                  << printable(resource.metadata.service) << " of "
                  << printable(resource.metadata.proto_package.value_or("no package")) << " at "
                  << printable(resource.endpoint) << ", from " << printable(resource.metadata.proto_file.value_or("?"))
                  << '\n';
        auto methods = resource.children<Capability>();
        support::sort_by_sensitivity(methods);
        for (Capability const& c : methods) {
            std::string how;
            // Capabilities that others gave to the resource may say anything in their metadata.
            try {
                auto const method = sark::from_json<grpc::method_metadata>(c.metadata_);
                how = method.input_type + " -> " + method.output_type;
                if (method.streaming != "none") how += ", streams: " + method.streaming;
                if (method.deprecated == true) how += ", deprecated";
            } catch (sark::error const&) { how.clear(); }
            std::cout << "  " << support::level_column(c.sensitivity_level) << printable(c.name, 60) << "  "
                      << printable(how, 160) << '\n';
        }
    }
}

void run(arguments const& given) {
    std::vector<grpc::registration> services;
    for (std::string const& file : given.files) {
        auto found = grpc::map_services(grpc::read_descriptors(file), given.only, given.endpoint);
        services.insert(services.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    services = grpc::without_repetitions(std::move(services));
    if (services.empty()) throw support::bad_input{"none of the services is one of those named by --only."};

    sark::connection db{support::database_url()};
    support::prepare(db, given.migrate);
    std::vector<grpc::outcome> const done = grpc::register_all(db, services);
    for (std::size_t i = 0; i < services.size(); ++i) std::cout << grpc::line_of(services[i], done[i]) << '\n';
    if (given.show) show(db, services);
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
