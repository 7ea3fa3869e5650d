// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace sark::test {

/// Says where a proxy cuts: at the message with this number, from 1, of one direction.
struct wire_cut {
    bool to_server = true;
    std::size_t message = 0;  ///< 0: nowhere
    bool delivered = true;    ///< the message arrives before the cut, or is lost with it
};

/// Counts what went through a proxy.
struct wire_counts {
    std::size_t to_server = 0;
    std::size_t to_client = 0;
    bool cut = false;
    /// Where the client asked for a commit: number of that message to the server, number of the last one to the client.
    std::vector<std::pair<std::size_t, std::size_t>> commits;
};

/// Stands between libpq and a server, as a process of its own, and knows where messages begin: the connection that
/// comes first can be cut at any of them; later ones pass.
///
///     sark::test::wire_proxy proxy{database.url(), {.message = 17}};
///     try { sark::connection db{proxy.url()}; … } catch (sark::error const&) {}
///     auto counts = proxy.end();
class wire_proxy {
public:
    wire_proxy(std::string const& server, wire_cut const& cut);
    wire_proxy(wire_proxy const&) = delete;
    wire_proxy& operator=(wire_proxy const&) = delete;
    ~wire_proxy();

    [[nodiscard]] std::string const& url() const noexcept { return url_; }

    /// Ends the proxy, and with it all connections; gives what it counted.
    wire_counts end();

private:
    std::string folder_;
    std::string url_;
    pid_t child_ = -1;
    int report_ = -1;
};

/// Is a pooler that gives every transaction whichever of `backends` sessions is free, like PgBouncer's
/// pool_mode = transaction, and as much of the protocol as that takes.
class pooler {
public:
    pooler(std::string const& server, std::size_t backends);
    pooler(pooler const&) = delete;
    pooler& operator=(pooler const&) = delete;
    ~pooler();

    [[nodiscard]] std::string const& url() const noexcept { return url_; }

private:
    std::string folder_;
    std::string url_;
    pid_t child_ = -1;
};

}  // namespace sark::test
