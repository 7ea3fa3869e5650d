// SPDX-License-Identifier: MIT
#pragma once

// The only file that knows libpqxx and its versions. libpqxx owns the connection; statements go to libpq through the
// pointer beneath, because no version of libpqxx offers what they need (docs/decisions/0005-one-door-to-libpqxx.md).

#include <memory>
#include <utility>

#include <libpq-fe.h>

#include <pqxx/pqxx>

namespace sark::detail {

#if PQXX_VERSION_MAJOR < 7

/// Hands a finished connection of libpq to libpqxx 6, which takes it through a policy.
class adopting_policy : public pqxx::connectionpolicy {
public:
    explicit adopting_policy(PGconn* adopted) : pqxx::connectionpolicy{std::string{}}, adopted_{adopted} {}

    handle do_startconnect(handle existing) override {
        return existing != nullptr ? existing : std::exchange(adopted_, nullptr);
    }

private:
    PGconn* adopted_;
};

class adopted_connection : public pqxx::connection_base {
public:
    explicit adopted_connection(PGconn* adopted) : pqxx::connection_base{policy_}, policy_{adopted} { init(); }
    ~adopted_connection() noexcept { close(); }

private:
    adopting_policy policy_;
};

using native_connection = pqxx::connection_base;

[[nodiscard]] inline std::unique_ptr<adopted_connection> adopt(PGconn* connection) {
    return std::make_unique<adopted_connection>(connection);
}

#else

using native_connection = pqxx::connection;

/// Hands a finished connection of libpq to libpqxx; 7.0 to 7.7.3 cannot take one, and then libpq keeps it.
template <class Connection = pqxx::connection>
[[nodiscard]] std::unique_ptr<Connection> adopt(PGconn* connection) {
    if constexpr (requires { Connection::seize_raw_connection(connection); })
        return std::make_unique<Connection>(Connection::seize_raw_connection(connection));
    else
        return nullptr;
}

#endif

/// Is any kind of transaction of libpqxx, also the one that is none (`pqxx::nontransaction`).
using native_transaction = pqxx::transaction_base;

/// Owns a connection: through libpqxx where it takes one, through libpq otherwise.
class connection_owner {
public:
    explicit connection_owner(PGconn* raw) : raw_{raw}, adopted_{adopt(raw)} {}
    connection_owner(connection_owner const&) = delete;
    connection_owner& operator=(connection_owner const&) = delete;
    ~connection_owner() {
        if (adopted_ == nullptr) PQfinish(raw_);
    }

    [[nodiscard]] PGconn* raw() const noexcept { return raw_; }
    /// Gives libpqxx's view of the connection, null where it could not take it.
    [[nodiscard]] native_connection* native() const noexcept { return adopted_.get(); }

private:
    PGconn* raw_;
    decltype(adopt(static_cast<PGconn*>(nullptr))) adopted_;
};

struct result_clearer {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using result_owner = std::unique_ptr<PGresult, result_clearer>;

}  // namespace sark::detail
