// SPDX-License-Identifier: MIT
#pragma once

// What the programs of this folder share: where the database is, and how a failure is said.

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <sark/db.hpp>
#include <sark/migrate/error.hpp>

#include "failure.hpp"

namespace support {

/// Gives the database's address: the last argument where the program takes one, else DATABASE_URL.
inline std::string database_url(char const* argument = nullptr) {
    if (argument != nullptr) return argument;
    char const* const url = std::getenv("DATABASE_URL");
    if (url == nullptr || *url == '\0')
        throw not_ready{"no database: set DATABASE_URL to postgresql://user@host:port/database."};
    return url;
}

/// Makes a schema for what an example creates, so that it can be tried on any database: nothing of it stays.
class scratch_schema {
public:
    explicit scratch_schema(sark::connection& db) : db_{db} {
        name_ = "sark_example_" + db.query_text("SELECT pg_backend_pid()").at(0).at(0).value();
        db_.execute("CREATE SCHEMA " + name_);
        db_.execute("SET search_path = " + name_);
    }
    scratch_schema(scratch_schema const&) = delete;
    scratch_schema& operator=(scratch_schema const&) = delete;
    ~scratch_schema() {
        try {
            db_.execute("SET client_min_messages = warning");
            db_.execute("DROP SCHEMA " + name_ + " CASCADE");
        } catch (std::exception const& e) {
            std::cerr << "error: the schema " << name_ << " is still there: " << e.what() << '\n';
        }
    }

private:
    sark::connection& db_;
    std::string name_;
};

/// Runs a program: a failure becomes one sentence on stderr, which never holds a password, and an exit code.
template <class F>
int run(F&& program) {
    auto const say = [](std::exception const& e, exit_code code) {
        std::cerr << "error: " << e.what() << '\n';
        return static_cast<int>(code);
    };
    try {
        program();
        if (std::cout.flush()) return ok;
        std::cerr << "error: the output could not be written.\n";
        return could_not_check;
    } catch (usage_error const& e) { return say(e, bad_usage); } catch (not_ready const& e) {
        return say(e, could_not_check);
    } catch (sark::migrate::busy const& e) { return say(e, busy); } catch (sark::error const& e) {
        // Class 22 and 23: the server looked at the data and said no.
        bool const data = e.sqlstate().starts_with("22") || e.sqlstate().starts_with("23");
        return say(e, data ? bad_data : could_not_check);
    } catch (std::exception const& e) { return say(e, bad_data); }
}

}  // namespace support
