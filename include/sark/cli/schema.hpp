// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/cli/options.hpp>
#include <sark/cli/output.hpp>
#include <sark/cli/program.hpp>
#include <sark/schema/create.hpp>
#include <sark/schema/diagram.hpp>
#include <sark/schema/markdown.hpp>
#include <sark/sql/text.hpp>

namespace sark::cli::detail {

struct schema_arguments {
    common_options common;
    std::string at = "head";
    std::string profile = "plain";
    std::string kind = "mermaid";
};

/// Folds the chain up to where the arguments say.
/// @throws failure for a revision that the chain does not have
[[nodiscard]] inline schema::definition folded(program const& p, schema_arguments const& a) {
    if (a.at == "base") return {};
    migrate::profile const server = a.profile == "timescaledb" ? migrate::profile::timescaledb
                                    : a.profile == "citus"     ? migrate::profile::citus
                                                               : migrate::profile::plain;
    if (a.at == "head") return p.fold(server, {});
    for (migrate::migration_view const& m : p.chain)
        if (m.id == a.at) return p.fold(server, m.id);
    throw bad_usage("--at " + a.at + ": the chain has no such revision. Name one of its revisions, head or base.");
}

/// Adds one of the commands that write the schema at a revision; all of them work without a server.
template <class Render>
void add_schema_command(CLI::App& group, program const& p, command_slot& slot, std::string const& name,
                        std::string const& what, Render render) {
    auto const a = std::make_shared<schema_arguments>();
    CLI::App* command = group.add_subcommand(name, what);
    command->add_option("--at", a->at, "a revision, head or base")->capture_default_str();
    command->add_option("--profile", a->profile, "the kind of server: plain, timescaledb or citus")
        ->check(CLI::IsMember({"plain", "timescaledb", "citus"}))
        ->capture_default_str();
    if (name == "erd")
        command->add_option("--kind", a->kind, "mermaid or graphviz")
            ->check(CLI::IsMember({"mermaid", "graphviz"}))
            ->capture_default_str();
    add_common(*command, a->common, text_only);
    command->footer("Example:\n  " + p.name + " schema " + name + " --at 007_federation");
    slot.on(*command, [a, &p, render](context const& c) {
        deliver_text(render(folded(p, *a), *a), a->common, c);
        return report::exit_clean;
    });
}

/// Writes the statements that create a schema from nothing.
[[nodiscard]] inline std::string ddl_of(schema::definition const& d) {
    std::string out;
    schema::each_create_statement(d, [&](auto const& write) {
        out += sql::render([&](sql::writer& w) { write(w); });
        out += ";\n";
    });
    return out;
}

}  // namespace sark::cli::detail

namespace sark::cli {

/// Adds `schema ddl`, `schema erd` and `schema markdown`.
inline void add_schema(CLI::App& app, program const& p, command_slot& slot) {
    CLI::App* group = app.add_subcommand("schema", "write the schema that the chain builds; needs no server");
    group->require_subcommand(1);
    detail::add_schema_command(*group, p, slot, "ddl", "the statements that create it",
                               [](schema::definition const& d, auto const&) { return detail::ddl_of(d); });
    detail::add_schema_command(*group, p, slot, "erd", "a diagram of tables and foreign keys",
                               [](schema::definition const& d, detail::schema_arguments const& a) {
                                   return a.kind == "graphviz" ? schema::graphviz(d) : schema::mermaid(d);
                               });
    detail::add_schema_command(*group, p, slot, "markdown", "a description, a section per table",
                               [](schema::definition const& d, auto const&) { return schema::markdown(d); });
}

}  // namespace sark::cli
