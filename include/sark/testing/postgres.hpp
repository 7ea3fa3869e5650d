// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <locale.h>
#include <memory>
#include <pwd.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <sark/testing/detail/address.hpp>
#include <sark/testing/detail/binaries.hpp>
#include <sark/testing/detail/guardian.hpp>
#include <sark/testing/detail/run_program.hpp>

namespace sark::testing {

/// Says how a private server is to be; the defaults suit almost every test.
struct postgres_options {
    /// Folder of initdb and postgres. Empty: SARK_PG_BINDIR, then PATH, then the usual places.
    std::filesystem::path bindir{};

    /// Name of the superuser inside the server.
    std::string superuser = "postgres";

    /// Asked for on every connection (scram-sha-256) when not empty. Empty: everyone who reaches the socket is let in,
    /// and only this account reaches it.
    std::string password{};

    /// Listens on a free port of 127.0.0.1 too, for clients that cannot use a Unix socket. Any account of the machine
    /// can connect there: set a password as well when that matters.
    bool tcp = false;

    /// Further settings of the server, as in postgresql.conf: {{"max_connections", "20"}}.
    std::vector<std::pair<std::string, std::string>> settings{};

    /// Account that runs the server when the program runs as root, which PostgreSQL refuses.
    /// Empty: postgres, or nobody when there is no such account.
    std::string account{};

    /// Where the folder of the server is made. Empty: SARK_PG_PARENT, then TMPDIR, or /tmp when that is unset or too
    /// long for a socket. In memory (/dev/shm) everything is twice as fast, and takes memory.
    std::filesystem::path parent{};

    /// How long the server may take to accept connections.
    std::chrono::milliseconds start_timeout{60'000};
};

/// Runs a PostgreSQL server of its own, in a temporary folder, for as long as the object lives.
///
///     sark::testing::postgres server;
///     sark::connection db{server.url()};
///
/// The server listens on a Unix socket in that folder, does not wait for the disk, and is gone together with its
/// folder when the object is destroyed, and also when the program exits, is interrupted, crashes or is killed.
class postgres {
public:
    explicit postgres(postgres_options options = {}) : options_{std::move(options)} {
        bindir_ = detail::find_binaries(options_.bindir);
        if (options_.tcp) port_ = detail::free_port();
        owner_ = ::getpid();
        try {
            detail::signals_held_back const held_back;
            guardian_ = std::make_unique<detail::guardian_link>(prepare());
        } catch (...) {
            std::error_code ignored;
            if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
            throw;
        }
        try {
            if (int const state = guardian_->ask(detail::command::initialise); state != 0)
                fail("initdb ended with " + std::to_string(state));
            std::error_code ignored;
            std::filesystem::remove(folder_ / "password", ignored);
            start_on_free_port();
        } catch (...) {
            end();
            throw;
        }
    }

    postgres(postgres&& other) noexcept = default;
    postgres& operator=(postgres&& other) noexcept {
        if (this != &other) {
            end();
            std::destroy_at(this);
            std::construct_at(this, std::move(other));
        }
        return *this;
    }
    postgres(postgres const&) = delete;
    postgres& operator=(postgres const&) = delete;
    ~postgres() { end(); }

    /// Gives the address of a database, over the Unix socket, as libpq and everything built on it takes it.
    [[nodiscard]] std::string url(std::string_view database = "postgres") const {
        std::string text = "postgresql:///" + detail::escaped(database) +
                           "?host=" + detail::escaped(folder_.native(), "/") + "&port=" + std::to_string(port_) +
                           "&user=" + detail::escaped(options_.superuser);
        if (!options_.password.empty()) text += "&password=" + detail::escaped(options_.password);
        return text;
    }

    /// Gives the address of a database over TCP; the server must have been started with `tcp`.
    [[nodiscard]] std::string tcp_url(std::string_view database = "postgres") const {
        if (!options_.tcp) throw std::logic_error{"sark: this server has no TCP port. Set postgres_options::tcp."};
        std::string user = detail::escaped(options_.superuser);
        if (!options_.password.empty()) user += ":" + detail::escaped(options_.password);
        return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/" + detail::escaped(database);
    }

    /// Creates an empty database, by the program createdb, and gives its address.
    std::string create_database(std::string const& name) const {
        auto const program = detail::is_executable(bindir_ / "createdb")
                                 ? bindir_ / "createdb"
                                 : detail::find_program("createdb").value_or("");
        if (program.empty())
            throw std::runtime_error{"sark: no program createdb in " + bindir_.string() +
                                     " or on PATH. Install PostgreSQL's client programs."};
        detail::text_list const arguments{{program.string(), "--no-password", "--host=" + folder_.string(),
                                           "--port=" + std::to_string(port_), "--username=" + options_.superuser,
                                           "--maintenance-db=postgres", "--template=template0", "--", name}};
        auto const result = detail::run_program(arguments, environment(options_.password));
        if (result.exit_state != 0)
            throw std::runtime_error{"sark: cannot create database " + name + ": " + result.output};
        return url(name);
    }

    /// Stops the server but keeps its data; `restart` brings it back. Open connections are cut.
    void stop() {
        if (guardian_) guardian_->ask(detail::command::stop_fast);
        pid_ = -1;
    }

    /// Stops the server as a crash would, without a checkpoint; `restart` then recovers.
    void crash() {
        if (guardian_) guardian_->ask(detail::command::stop_now);
        pid_ = -1;
    }

    /// Stops the server if it runs, and starts it again on the same data and address.
    void restart() {
        stop();
        start();
    }

    /// Gives the process id of the server's first process, or -1 while it is stopped.
    [[nodiscard]] pid_t pid() const noexcept { return guardian_ ? pid_ : -1; }

    /// Gives all that initdb and the server have written so far.
    [[nodiscard]] std::string log() const { return read(folder_ / "log"); }

    /// Gives the folder that holds the data, the log and the socket.
    [[nodiscard]] std::filesystem::path const& folder() const noexcept { return folder_; }

    /// Gives the folder the server's programs were found in; psql and pg_dump usually lie there too.
    [[nodiscard]] std::filesystem::path const& bindir() const noexcept { return bindir_; }

private:
    static constexpr std::size_t longest_socket_folder =
        80;  // sun_path holds 104 bytes or more, the file name takes 20

    [[noreturn]] void fail(std::string const& what) const {
        throw std::runtime_error{"sark: the private PostgreSQL server of " + bindir_.string() +
                                 " did not start: " + what + ". Its log:\n" + log()};
    }

    static std::string read(std::filesystem::path const& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    static void write(std::filesystem::path const& file, std::string_view text) {
        std::ofstream out{file, std::ios::binary};
        out << text;
        if (!out.flush()) throw std::runtime_error{"sark: cannot write " + file.string() + "."};
    }

    /// Gives the environment of all programs: nothing of PG*, messages in English.
    static detail::text_list environment(std::string const& password = {}) {
        std::vector<std::string> variables{"LC_ALL=C", "PATH=" + detail::environment("PATH").value_or("/usr/bin:/bin")};
        for (char const* name : {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"})
            if (auto const value = detail::environment(name)) variables.push_back(std::string{name} + "=" + *value);
        if (!password.empty()) variables.push_back("PGPASSWORD=" + password);
        return detail::text_list{std::move(variables)};
    }

    /// Makes the folder and writes down what the guardian will need.
    detail::orders prepare() {
        bool const root = ::geteuid() == 0;
        passwd const* account = nullptr;
        if (root) {
            if (!options_.account.empty()) {
                account = ::getpwnam(options_.account.c_str());
            } else {
                account = ::getpwnam("postgres");
                if (account == nullptr) account = ::getpwnam("nobody");
            }
            if (account == nullptr)
                throw std::runtime_error{
                    "sark: PostgreSQL refuses to run as root, and there is no account " +
                    (options_.account.empty() ? std::string{"postgres or nobody"} : options_.account) +
                    ". Name one in postgres_options::account."};
        }
        make_folder(root);

        std::string const folder = folder_.string();
        bool const utf8 = [] {
            locale_t const locale = ::newlocale(LC_ALL_MASK, "C.UTF-8", locale_t{});
            if (locale == locale_t{}) return false;
            ::freelocale(locale);
            return true;
        }();
        std::vector<std::string> initdb{(bindir_ / "initdb").string(),
                                        "--pgdata=" + folder + "/data",
                                        "--username=" + options_.superuser,
                                        "--encoding=UTF8",
                                        utf8 ? "--locale=C.UTF-8" : "--locale=C",
                                        "--no-sync",
                                        "--no-instructions",
                                        options_.password.empty() ? "--auth=trust" : "--auth=scram-sha-256"};
        if (!options_.password.empty()) {
            write(folder_ / "password", options_.password + "\n");
            initdb.push_back("--pwfile=" + folder + "/password");
        }
        std::vector<std::string> server{(bindir_ / "postgres").string(), "-D", folder + "/data"};
        auto const set = [&server](std::string const& name, std::string const& value) {
            server.insert(server.end(), {"-c", name + "=" + value});
        };
        set("listen_addresses", options_.tcp ? "127.0.0.1" : "");
        set("unix_socket_directories", folder);
        set("fsync", "off");
        set("full_page_writes", "off");
        set("timezone", "UTC");
        set("log_timezone", "UTC");
        for (auto const& [name, value] : options_.settings) set(name, value);

        write(folder_ / "log", "");
        if (root) {
            for (char const* name : {"", "log", "password"}) {
                auto const file = *name == '\0' ? folder_ : folder_ / name;
                if (::lchown(file.c_str(), account->pw_uid, account->pw_gid) != 0 && errno != ENOENT)
                    throw std::system_error{errno, std::generic_category(), "sark: chown " + file.string()};
            }
        }
        return detail::orders{
            .folder = folder,
            .log = folder + "/log",
            .initdb = detail::text_list{std::move(initdb)},
            .server = detail::text_list{std::move(server)},
            .remover = detail::text_list{{detail::find_program("rm").value_or("/bin/rm").string(), "-rf", "--",
                                          folder}},
            .environment = environment(),
            .switch_user = root,
            .uid = root ? account->pw_uid : ::getuid(),
            .gid = root ? account->pw_gid : ::getgid(),
        };
    }

    void make_folder(bool root) {
        std::filesystem::path parent = options_.parent;
        if (parent.empty()) parent = detail::environment("SARK_PG_PARENT").value_or("");
        if (parent.empty()) {
            // Another account must be able to pass through: not certain of root's own TMPDIR.
            parent = root ? "/tmp" : detail::environment("TMPDIR").value_or("/tmp");
            if (parent.native().size() + sizeof "/sark-XXXXXX" > longest_socket_folder) parent = "/tmp";
        }
        std::string pattern = (std::filesystem::absolute(parent) / "sark-XXXXXX").lexically_normal().string();
        if (pattern.size() > longest_socket_folder)
            throw std::runtime_error{"sark: " + pattern +
                                     " is too long a path for a Unix socket. Choose a shorter "
                                     "postgres_options::parent or SARK_PG_PARENT."};
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::system_error{errno, std::generic_category(), "sark: cannot make the folder " + pattern};
        folder_ = pattern;
    }

    /// Somebody may take the port between the question and the server's start: then the next one.
    void start_on_free_port() {
        for (int attempt = 1;; ++attempt) {
            std::ofstream{folder_ / "data" / "postgresql.conf", std::ios::app} << "port = " << port_ << '\n';
            try {
                return start();
            } catch (std::runtime_error const&) {
                if (!options_.tcp || attempt == 5) throw;
                port_ = detail::free_port();
            }
        }
    }

    /// Starts the server and waits until it says, in its lock file, that it accepts connections.
    void start() {
        if (!guardian_) throw std::logic_error{"sark: this server was moved from."};
        pid_ = guardian_->ask(detail::command::start);
        if (pid_ <= 0) fail("fork failed");
        auto const deadline = std::chrono::steady_clock::now() + options_.start_timeout;
        while (!ready()) {
            if (int const state = guardian_->ask(detail::command::poll); state != detail::still_running) {
                pid_ = -1;
                fail("postgres ended with " + std::to_string(state));
            }
            if (std::chrono::steady_clock::now() > deadline) {
                crash();
                fail("not ready in time (postgres_options::start_timeout)");
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{3});
        }
    }

    /// The lock file's first line is the process id, its eighth the state.
    [[nodiscard]] bool ready() const {
        std::ifstream in{folder_ / "data" / "postmaster.pid"};
        std::string line;
        for (int number = 1; std::getline(in, line); ++number) {
            if (number == 1 && line != std::to_string(pid_)) return false;
            if (number == 8) return line.starts_with("ready");
        }
        return false;
    }

    /// A process forked off the owner has a copy of this object, and must leave the server alone.
    void end() noexcept {
        if (guardian_ && owner_ == ::getpid()) guardian_->quit();
        guardian_.reset();
        pid_ = -1;
    }

    postgres_options options_;
    std::filesystem::path bindir_;
    std::filesystem::path folder_;
    int port_ = 5432;
    pid_t owner_ = -1;
    pid_t pid_ = -1;
    std::unique_ptr<detail::guardian_link> guardian_;
};

}  // namespace sark::testing
