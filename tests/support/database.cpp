// SPDX-License-Identifier: MIT
#include "database.hpp"

#include <cstdlib>
#include <iostream>
#include <libpq-fe.h>
#include <memory>
#include <random>
#include <stdexcept>
#include <unistd.h>
#include <utility>

#include <sark/testing.hpp>

namespace sark::test {
namespace {

using connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

connection connect(std::string const& url) {
    connection opened{PQconnectdb(url.c_str()), &PQfinish};
    if (PQstatus(opened.get()) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(opened.get())};
    PQsetNoticeProcessor(
        opened.get(), [](void*, char const*) {}, nullptr);
    return opened;
}

result run(PGconn* opened, std::string const& sql) {
    result got{PQexec(opened, sql.c_str()), &PQclear};
    ExecStatusType const status = PQresultStatus(got.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error{std::string{PQerrorMessage(opened)} + "in: " + sql};
    return got;
}

/// Gives the same address with another database: every setting becomes a parameter, which libpq allows.
std::string with_database(std::string const& url, std::string const& name) {
    char* message = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{PQconninfoParse(url.c_str(), &message),
                                                                               &PQconninfoFree};
    if (!options) {
        std::string const text = message == nullptr ? "cannot read the address of the test server" : message;
        PQfreemem(message);
        throw std::runtime_error{text};
    }
    std::string out = "postgresql:///" + name;
    char separator = '?';
    for (PQconninfoOption const* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr || std::string_view{option->keyword} == "dbname") continue;
        out += separator + std::string{option->keyword} + "=" + sark::testing::detail::escaped(option->val, "/");
        separator = '&';
    }
    return out;
}

/// Process, counter and chance: test programs of several runs may share a server.
std::string fresh_name() {
    static unsigned counter = 0;
    static unsigned const chance = std::random_device{}();
    return "sark_test_" + std::to_string(::getpid()) + "_" + std::to_string(chance) + "_" + std::to_string(++counter);
}

}  // namespace

std::string const& server_url() {
    static std::string const given = [] {
        char const* value = std::getenv("SARK_TEST_DATABASE_URL");
        return std::string{value == nullptr ? "" : value};
    }();
    if (!given.empty()) return given;
    static sark::testing::postgres const server;
    static std::string const own = server.url();
    return own;
}

database::database() : database(server_url()) {}

database::database(std::string on) : server_{std::move(on)}, name_{fresh_name()}, url_{with_database(server_, name_)} {
    auto const server = connect(server_);
    // Copying the template's files takes half the time of copying its pages through the log, the default since 15.
    bool const has_strategies = PQserverVersion(server.get()) >= 150000;
    run(server.get(),
        "CREATE DATABASE " + name_ + " TEMPLATE template0" + (has_strategies ? " STRATEGY file_copy" : ""));
}

database::~database() {
    try {
        run(connect(server_).get(), "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (std::exception const& error) {
        std::cerr << "database " << name_ << " was left behind: " << error.what() << '\n';
    }
}

void database::execute(std::string const& sql) const { run(connect(url_).get(), sql); }

std::string database::ask(std::string const& sql) const {
    connection const opened = connect(url_);
    result const got = run(opened.get(), sql);
    return PQntuples(got.get()) == 0 ? std::string{} : PQgetvalue(got.get(), 0, 0);
}

}  // namespace sark::test
