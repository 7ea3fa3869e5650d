// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <sark/cli/command.hpp>
#include <sark/db/connection.hpp>
#include <sark/migrate/engines.hpp>
#include <sark/migrate/fold.hpp>
#include <sark/migrate/lint.hpp>
#include <sark/migrate/live_drift.hpp>
#include <sark/migrate/postcondition.hpp>
#include <sark/migrate/preflight.hpp>
#include <sark/migrate/stamp.hpp>
#include <sark/migrate/take_over.hpp>
#include <sark/validate/run.hpp>
#include <sark/version.hpp>

namespace sark::cli {

/// Is a chain without its type: what the commands ask of it.
struct program {
    std::string name = "sark";
    std::string version = {};
    migrate::chain_view chain = {};
    std::function<std::vector<migrate::finding>(migrate::lint_options const&)> lint = {};
    std::function<std::vector<migrate::assertion_finding>(connection&, std::string_view)> preflight = {};
    std::function<std::vector<migrate::assertion_finding>(connection&)> verify = {};
    std::function<schema::definition(migrate::profile, std::string_view)> fold = {};
    std::function<report::report(connection&, std::string_view, catalog::diff_options const&)> drift = {};
    std::function<std::vector<migrate::engine_finding>(connection&)> engine_drift = {};
    std::function<std::vector<migrate::engine_finding>(connection&, migrate::options const&)> adopt = {};
    std::function<void(connection&, std::string_view)> stamp = {};
    std::span<migrate::alembic_id const> alembic = {};  ///< where there was another tool before; else empty
    std::function<migrate::taken_over(connection&)> take_over = {};
    std::function<std::string(connection&)> hand_back = {};
    std::function<report::report(connection&, validate::options const&)> validate = {};
    std::span<validate::row_check const> checks = {};  ///< of rows, beside those that the schema itself gives
    std::function<std::vector<report::finding>(connection&)> compare = {};  ///< values with another source, or nothing
    /// Adds commands beside ours, such as the product's own.
    std::vector<std::function<void(CLI::App&, program const&, command_slot&)>> more = {};
};

[[nodiscard]] inline std::string library_version() {
    return std::to_string(sark::version.major) + '.' + std::to_string(sark::version.minor) + '.' +
           std::to_string(sark::version.patch);
}

/// Makes the program that migrates with this chain: `program_of(my_chain, "my-service-db")`. `alembic` says which
/// revisions of Alembic are which of the chain, for a product that was migrated by it before.
template <auto const&... Migrations>
[[nodiscard]] program program_of(migrate::chain_t<Migrations...> const& chain, std::string name = "sark",
                                 std::span<migrate::alembic_id const> alembic = {}) {
    return {.name = std::move(name),
            .version = library_version(),
            .chain = chain,
            .lint = [](migrate::lint_options const& o) { return migrate::lint(migrate::chain<Migrations...>, o); },
            .preflight = [](connection& db,
                            std::string_view to) { return migrate::preflight(db, migrate::chain<Migrations...>, to); },
            .verify = [](connection& db) { return migrate::verify_applied(db, migrate::chain<Migrations...>); },
            .fold = [](migrate::profile server,
                       std::string_view to) { return migrate::fold(migrate::chain<Migrations...>, server, to); },
            .drift =
                [](connection& db, std::string_view at, catalog::diff_options const& how) {
                    return migrate::drift(db, migrate::chain<Migrations...>, at, how);
                },
            .engine_drift = [](connection& db) { return migrate::engine_drift(db, migrate::chain<Migrations...>); },
            .adopt = [](connection& db,
                        migrate::options const& how) { return migrate::adopt(db, migrate::chain<Migrations...>, how); },
            .stamp = [](connection& db, std::string_view at) { migrate::stamp(db, migrate::chain<Migrations...>, at); },
            .alembic = alembic,
            .take_over =
                [alembic](connection& db) { return migrate::take_over(db, migrate::chain<Migrations...>, alembic); },
            .hand_back =
                [alembic](connection& db) { return migrate::hand_back(db, migrate::chain<Migrations...>, alembic); },
            .validate =
                [](connection& db, validate::options const& how) {
                    return validate::run(db, migrate::chain<Migrations...>, {}, how);
                }};
}

}  // namespace sark::cli
