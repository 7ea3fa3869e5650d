// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace sark::test {

/// Gives the address of the server for live tests: SARK_TEST_DATABASE_URL, or else a private server, started on first
/// use and stopped when the test program ends. Throws when there is neither.
std::string const& server_url();

/// Is a fresh, empty database, dropped at the end whoever is still connected to it.
///
///     sark::test::database db;
///     sark::connection connection{db.url()};
class database {
public:
    database();
    /// Makes it on another server: one that has an extension.
    explicit database(std::string server);
    database(database const&) = delete;
    database& operator=(database const&) = delete;
    ~database();

    [[nodiscard]] std::string const& url() const noexcept { return url_; }
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

    /// Runs SQL by libpq, with no help of the library under test; throws the server's message on an error.
    void execute(std::string const& sql) const;

    /// Gives the first column of the first row as text; empty for NULL and for no row.
    [[nodiscard]] std::string ask(std::string const& sql) const;

private:
    std::string server_;
    std::string name_;
    std::string url_;
};

}  // namespace sark::test
