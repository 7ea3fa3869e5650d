// SPDX-License-Identifier: MIT
#include "wire_proxy.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <libpq-fe.h>
#include <memory>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <sark/testing.hpp>

namespace sark::test {
namespace {

/// Says where a server listens, and gives the same address with another folder.
struct place {
    std::string host;  ///< a folder, or a name of the network
    std::string port;
    std::string elsewhere;
};

place place_of(std::string const& url, std::string const& folder) {
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const options{PQconninfoParse(url.c_str(), nullptr),
                                                                               &PQconninfoFree};
    if (!options) throw std::runtime_error{"cannot read the address of the test server"};
    place found{.host = "/var/run/postgresql", .port = "5432", .elsewhere = {}};
    std::string rest;
    for (PQconninfoOption const* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr) continue;
        std::string_view const name = option->keyword;
        if (name == "host" || name == "hostaddr")
            found.host = option->val;
        else if (name == "port")
            found.port = option->val;
        else
            rest += "&" + std::string{name} + "=" + sark::testing::detail::escaped(option->val, "/");
    }
    found.elsewhere = "postgresql:///?host=" + sark::testing::detail::escaped(folder, "/") + "&port=1" + rest;
    return found;
}

std::string fresh_folder() {
    std::string folder = "/tmp/sark_wire_XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error{"cannot make a folder for a proxy"};
    return folder;
}

sockaddr_un address_of(std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error{"the path of a socket is too long"};
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

int listen_at(std::string const& path) {
    int const socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un const address = address_of(path);
    if (::bind(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 || ::listen(socket, 64) != 0)
        throw std::runtime_error{"cannot listen at " + path};
    return socket;
}

int connected(int family, sockaddr const* address, socklen_t size) {
    int const socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, address, size) == 0) return socket;
    ::close(socket);
    return -1;
}

int connect_to(place const& server) {
    if (server.host.starts_with('/')) {
        sockaddr_un const address = address_of(server.host + "/.s.PGSQL." + server.port);
        return connected(AF_UNIX, reinterpret_cast<sockaddr const*>(&address), sizeof address);
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(server.host.c_str(), server.port.c_str(), &hints, &found) != 0) return -1;
    int socket = -1;
    for (addrinfo const* each = found; each != nullptr && socket < 0; each = each->ai_next)
        socket = connected(each->ai_family, each->ai_addr, each->ai_addrlen);
    ::freeaddrinfo(found);
    return socket;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t const n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool receive(int from, std::string& into) {
    char buffer[16384];
    ssize_t const n = ::recv(from, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    into.append(buffer, static_cast<std::size_t>(n));
    return true;
}

std::size_t number_at(std::string const& bytes, std::size_t at) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < 4; ++i) n = (n << 8U) | static_cast<unsigned char>(bytes[at + i]);
    return n;
}

/// Gives the size of the first message of a buffer once it is all there; the first of a client has no letter.
std::optional<std::size_t> message_size(std::string const& bytes, bool is_first) {
    std::size_t const letter = is_first ? 0 : 1;
    if (bytes.size() < letter + 4) return std::nullopt;
    std::size_t const size = letter + number_at(bytes, letter);
    if (bytes.size() < size) return std::nullopt;
    return size;
}

// ---- the proxy

struct stream {
    int client;
    int server;
    bool is_counted;
    bool is_open = true;
    bool starts = true;  // the client's next message is its first one
    std::string from_client{};
    std::string from_server{};

    void close_both() {
        // Shut down first: closing alone says nothing to the other end while somebody reads.
        for (int const each : {client, server}) {
            ::shutdown(each, SHUT_RDWR);
            ::close(each);
        }
        is_open = false;
    }
};

class proxy_process {
public:
    proxy_process(int listener, int report, place server, wire_cut const& cut)
        : listener_{listener}, report_{report}, server_{std::move(server)}, cut_{cut} {}

    [[noreturn]] void run() {
        bool has_counted = false;
        while (true) {
            std::vector<pollfd> waits{{listener_, POLLIN, 0}, {report_, POLLIN, 0}};
            for (stream const& each : streams_) {
                waits.push_back({each.is_open ? each.client : -1, POLLIN, 0});
                waits.push_back({each.is_open ? each.server : -1, POLLIN, 0});
            }
            ::poll(waits.data(), waits.size(), -1);
            if (waits[1].revents != 0) leave();
            for (std::size_t i = 0; i < streams_.size(); ++i) {
                stream& each = streams_[i];
                if (waits[2 + 2 * i].revents != 0 && !pass(each, true)) each.close_both();
                if (each.is_open && waits[3 + 2 * i].revents != 0 && !pass(each, false)) each.close_both();
            }
            if (waits[0].revents != 0) {
                int const client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
                int const server = connect_to(server_);
                if (server < 0)
                    ::close(client);
                else
                    streams_.push_back({client, server, !std::exchange(has_counted, true)});
            }
        }
    }

private:
    /// Passes on what one side said, message by message; false ends the connection.
    bool pass(stream& each, bool to_server) {
        std::string& bytes = to_server ? each.from_client : each.from_server;
        if (!receive(to_server ? each.client : each.server, bytes)) return false;
        int const to = to_server ? each.server : each.client;
        if (!each.is_counted) return send_all(to, std::exchange(bytes, {}));
        while (auto const size = message_size(bytes, to_server && each.starts)) {
            std::string const message = bytes.substr(0, *size);
            bytes.erase(0, *size);
            std::size_t const number = to_server ? ++counts_.to_server : ++counts_.to_client;
            if (to_server) {
                if (!each.starts && message[0] == 'P' && message.find("COMMIT") == 6)
                    counts_.commits.emplace_back(number, counts_.to_client);
                each.starts = false;
            }
            bool const cuts = cut_.message == number && cut_.to_server == to_server;
            if ((!cuts || cut_.delivered) && !send_all(to, message)) return false;
            if (cuts) {
                counts_.cut = true;
                return false;
            }
        }
        return true;
    }

    [[noreturn]] void leave() {
        std::vector<std::uint64_t> numbers{counts_.to_server, counts_.to_client, counts_.cut ? 1U : 0U};
        for (auto const& [asked, answered] : counts_.commits) numbers.insert(numbers.end(), {asked, answered});
        std::string const text{reinterpret_cast<char const*>(numbers.data()), numbers.size() * sizeof numbers[0]};
        send_all(report_, text);
        ::_exit(0);
    }

    int listener_;
    int report_;
    place server_;
    wire_cut cut_;
    wire_counts counts_;
    std::deque<stream> streams_;
};

// ---- the pooler

struct backend {
    int socket = -1;
    std::size_t owner = static_cast<std::size_t>(-1);  // a client's place, none when it is free
};

struct customer {
    int socket = -1;
    bool has_started = false;
    std::size_t has = static_cast<std::size_t>(-1);  // a backend's place
    std::string bytes{};
};

class pooler_process {
public:
    pooler_process(int listener, place server, std::size_t backends)
        : listener_{listener}, server_{std::move(server)}, backends_(backends), answers_(backends) {}

    [[noreturn]] void run() {
        while (true) {
            std::vector<pollfd> waits{{listener_, POLLIN, 0}};
            for (backend const& each : backends_) waits.push_back({each.socket, POLLIN, 0});
            for (customer const& each : customers_) waits.push_back({each.socket, POLLIN, 0});
            ::poll(waits.data(), waits.size(), -1);
            for (std::size_t i = 0; i < backends_.size(); ++i)
                if (waits[1 + i].revents != 0) answer(i);
            for (std::size_t i = 0; i < customers_.size() && 1 + backends_.size() + i < waits.size(); ++i)
                if (waits[1 + backends_.size() + i].revents != 0) listen(i);
            serve();
            if (waits[0].revents != 0)
                customers_.push_back({.socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)});
        }
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    void listen(std::size_t i) {
        customer& each = customers_[i];
        if (receive(each.socket, each.bytes)) return;
        ::close(std::exchange(each.socket, -1));
        if (each.has == none) return;
        // Who leaves in the middle of a transaction takes its session along.
        ::close(std::exchange(backends_[each.has].socket, -1));
        backends_[each.has].owner = none;
        each.has = none;
    }

    void serve() {
        for (std::size_t i = 0; i < customers_.size(); ++i) {
            customer& each = customers_[i];
            if (each.socket < 0) continue;
            if (!each.has_started) {
                auto const size = message_size(each.bytes, true);
                if (!size) continue;
                std::string const startup = each.bytes.substr(0, *size);
                each.bytes.erase(0, *size);
                if (number_at(startup, 4) != 196608) {  // a cancellation, or a wish for encryption
                    ::close(std::exchange(each.socket, -1));
                    continue;
                }
                startup_ = startup;
                each.has_started = true;
                welcome(each);
            }
            if (each.bytes.empty()) continue;
            if (each.bytes[0] == 'X') {
                ::close(std::exchange(each.socket, -1));
                continue;
            }
            if (each.has == none) each.has = free_backend(i);
            if (each.has != none) send_all(backends_[each.has].socket, std::exchange(each.bytes, {}));
        }
    }

    /// Greets as a server does, with a process id of its own making.
    static void welcome(customer const& each) {
        std::string hello{"R\0\0\0\x08\0\0\0\0", 9};
        for (auto const& [name, value] : {std::pair<std::string, std::string>{"client_encoding", "UTF8"},
                                          {"server_version", "15.0"},
                                          {"standard_conforming_strings", "on"},
                                          {"integer_datetimes", "on"}}) {
            hello += 'S';
            std::size_t const size = 4 + name.size() + value.size() + 2;
            hello += {'\0', '\0', '\0', static_cast<char>(size)};
            hello += name + '\0' + value + '\0';
        }
        hello += std::string{"K\0\0\0\x0c\x7a\x01\x02\x03\0\0\0\x01", 13} + std::string{"Z\0\0\0\x05I", 6};
        send_all(each.socket, hello);
    }

    std::size_t free_backend(std::size_t customer_place) {
        for (std::size_t i = 0; i < backends_.size(); ++i) {
            if (backends_[i].owner != none) continue;
            if (backends_[i].socket < 0 && !open(backends_[i])) continue;
            backends_[i].owner = customer_place;
            return i;
        }
        return none;
    }

    bool open(backend& each) const {
        each.socket = connect_to(server_);
        if (each.socket < 0 || !send_all(each.socket, startup_)) return false;
        std::string bytes;
        while (receive(each.socket, bytes))
            while (auto const size = message_size(bytes, false)) {
                if (bytes[0] == 'Z') return true;
                bytes.erase(0, *size);
            }
        ::close(std::exchange(each.socket, -1));
        return false;
    }

    void answer(std::size_t i) {
        backend& each = backends_[i];
        std::string& bytes = answers_[i];
        if (!receive(each.socket, bytes)) {
            ::close(std::exchange(each.socket, -1));
            if (each.owner != none) ::shutdown(customers_[each.owner].socket, SHUT_RDWR);
            bytes.clear();
            return;
        }
        while (auto const size = message_size(bytes, false)) {
            if (each.owner != none) send_all(customers_[each.owner].socket, bytes.substr(0, *size));
            if (bytes[0] == 'Z' && bytes[5] == 'I' && each.owner != none) {
                customers_[each.owner].has = none;
                each.owner = none;
            }
            bytes.erase(0, *size);
        }
    }

    int listener_;
    place server_;
    std::string startup_;
    std::vector<backend> backends_;
    std::vector<std::string> answers_;
    std::deque<customer> customers_;
};

/// Starts a process that runs `body`, and gives it nothing of ours but what it needs.
template <class Body>
pid_t start(Body const& body) {
    pid_t const child = ::fork();
    if (child < 0) throw std::runtime_error{"cannot start a process"};
    if (child == 0) {
        try {
            body();
        } catch (...) {  // NOLINT(bugprone-empty-catch): who waits for it sees that it is gone
        }
        ::_exit(1);
    }
    return child;
}

}  // namespace

wire_proxy::wire_proxy(std::string const& server, wire_cut const& cut) : folder_{fresh_folder()} {
    place const where = place_of(server, folder_);
    url_ = where.elsewhere;
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error{"cannot make a pair of sockets"};
    int const listener = listen_at(folder_ + "/.s.PGSQL.1");
    child_ = start([&] {
        ::close(ends[0]);
        proxy_process{listener, ends[1], where, cut}.run();
    });
    ::close(ends[1]);
    ::close(listener);
    report_ = ends[0];
}

wire_counts wire_proxy::end() {
    wire_counts counts;
    if (child_ < 0) return counts;
    ::shutdown(report_, SHUT_WR);
    std::string text;
    while (receive(report_, text)) {}
    ::close(report_);
    ::waitpid(std::exchange(child_, -1), nullptr, 0);
    ::unlink((folder_ + "/.s.PGSQL.1").c_str());
    ::rmdir(folder_.c_str());
    std::vector<std::uint64_t> numbers(text.size() / sizeof(std::uint64_t));
    if (numbers.size() < 3) throw std::runtime_error{"the proxy died"};
    std::memcpy(numbers.data(), text.data(), numbers.size() * sizeof numbers[0]);
    counts.to_server = numbers[0];
    counts.to_client = numbers[1];
    counts.cut = numbers[2] != 0;
    for (std::size_t i = 3; i + 1 < numbers.size(); i += 2) counts.commits.emplace_back(numbers[i], numbers[i + 1]);
    return counts;
}

wire_proxy::~wire_proxy() {
    try {
        end();
    } catch (std::exception const&) {  // NOLINT(bugprone-empty-catch): the test has failed for a better reason
    }
}

pooler::pooler(std::string const& server, std::size_t backends) : folder_{fresh_folder()} {
    place const where = place_of(server, folder_);
    url_ = where.elsewhere;
    int const listener = listen_at(folder_ + "/.s.PGSQL.1");
    child_ = start([&] { pooler_process{listener, where, backends}.run(); });
    ::close(listener);
}

pooler::~pooler() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::unlink((folder_ + "/.s.PGSQL.1").c_str());
    ::rmdir(folder_.c_str());
}

}  // namespace sark::test
