// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/codec/binary.hpp>
#include <sark/codec/field.hpp>
#include <sark/db/detail/driver.hpp>

namespace sark::detail {

/// Starts every binary COPY: a signature, no flags, no extension; source: the COPY page of PostgreSQL's manual.
inline constexpr std::string_view copy_header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};

/// Ends what a COPY still has to say and gives the last answer.
inline result_owner last_answer(PGconn* on) {
    result_owner last;
    while (result_owner next{PQgetResult(on)}) last = std::move(next);
    return last;
}

/// Asks the server for the types of a statement's columns, without running it.
[[nodiscard]] inline std::vector<std::uint32_t> column_types(driver& on, char const* sql) {
    on.checked(result_owner{PQprepare(on.raw(), "", sql, 0, nullptr)});
    result const described = on.checked(result_owner{PQdescribePrepared(on.raw(), "")});
    std::vector<std::uint32_t> types(described.columns());
    for (std::size_t c = 0; c < types.size(); ++c) types[c] = described.type(c);
    return types;
}

/// Sends rows to the server; what was sent is undone unless `finish` is reached.
class copy_in_stream {
public:
    copy_in_stream(driver& on, std::string sql, bool binary) : on_{on}, sql_{std::move(sql)}, is_binary_{binary} {
        result_owner const begun{PQexec(on_.raw(), sql_.c_str())};
        if (PQresultStatus(begun.get()) != PGRES_COPY_IN) throw statement_error(begun.get(), on_.raw());
        is_open_ = true;
        buffer_.reserve(2 * flush_at);
        if (is_binary_) buffer_ += copy_header;
    }
    copy_in_stream(copy_in_stream const&) = delete;
    copy_in_stream& operator=(copy_in_stream const&) = delete;
    ~copy_in_stream() {
        if (!is_open_ || !on_.is_open()) return;
        PQputCopyEnd(on_.raw(), "the program gave up");
        last_answer(on_.raw());
    }

    /// Is where rows are appended.
    [[nodiscard]] std::string& buffer() noexcept { return buffer_; }

    /// Counts the bytes so far.
    [[nodiscard]] std::size_t bytes() const noexcept { return sent_ + buffer_.size(); }

    void flush_when_full() {
        if (buffer_.size() >= flush_at) flush();
    }

    /// Ends the COPY; returns how many rows the server took.
    std::size_t finish() {
        if (is_binary_) append_network(buffer_, std::int16_t{-1});
        flush();
        is_open_ = false;
        return on_
            .watched(sql_, sql_,
                     [&] {
                         PQputCopyEnd(on_.raw(), nullptr);
                         return on_.checked(last_answer(on_.raw()));
                     })
            .affected();
    }

private:
    static constexpr std::size_t flush_at = 1U << 16U;

    void flush() {
        if (PQputCopyData(on_.raw(), buffer_.data(), static_cast<int>(buffer_.size())) != 1) {
            is_open_ = false;
            throw statement_error(nullptr, on_.raw());
        }
        sent_ += buffer_.size();
        buffer_.clear();
    }

    driver& on_;
    std::string sql_;
    std::string buffer_;
    std::size_t sent_ = 0;
    bool is_binary_;
    bool is_open_ = false;
};

/// Receives the rows of a binary COPY, one at a time; keeps others off the connection until the last one.
class copy_out_stream {
public:
    copy_out_stream(driver& on, char const* sql) : on_{on}, sql_{sql} {
        result_owner const begun{PQexec(on_.raw(), sql)};
        if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) throw statement_error(begun.get(), on_.raw());
        turn_ = std::exchange(on_.active, this);
    }
    copy_out_stream(copy_out_stream const&) = delete;
    copy_out_stream& operator=(copy_out_stream const&) = delete;
    ~copy_out_stream() {
        on_.active = turn_;
        PQfreemem(message_);
        if (is_over_ || !on_.is_open()) return;
        // Inside of a transaction a cancelled statement would undo it all, so there the rest is read instead.
        if (!is_in_transaction_)
            if (PGcancel* const cancel = PQgetCancel(on_.raw())) {
                char words[256];
                PQcancel(cancel, words, sizeof words);
                PQfreeCancel(cancel);
            }
        char* rest = nullptr;
        while (PQgetCopyData(on_.raw(), &rest, 0) > 0) PQfreemem(rest);
        last_answer(on_.raw());
    }

    /// Gives the fields of the next row, valid until the next call; null after the last one.
    [[nodiscard]] field const* next_row(std::size_t columns) {
        PQfreemem(std::exchange(message_, nullptr));
        int const size = PQgetCopyData(on_.raw(), &message_, 0);
        if (size < 0) return finish();
        std::string_view rest{message_, static_cast<std::size_t>(size)};
        if (std::exchange(is_first_, false)) take(rest, copy_header.size());
        if (rest.empty()) return next_row(columns);
        auto const count = read_network<std::int16_t>(take(rest, 2));
        if (count == -1) return finish();
        if (static_cast<std::size_t>(count) != columns) refuse();
        fields_.resize(columns);
        for (field& f : fields_) {
            auto const length = read_network<std::int32_t>(take(rest, 4));
            f = {};
            f.is_binary = true;
            f.is_null = length < 0;
            if (f.is_null) continue;
            f.size = static_cast<std::size_t>(length);
            f.data = take(rest, f.size);
        }
        return fields_.data();
    }

private:
    [[noreturn]] static void refuse() {
        throw error{"sark: the server sent a COPY that cannot be read. Use stream(...)."};
    }
    static char const* take(std::string_view& from, std::size_t bytes) {
        if (bytes > from.size()) refuse();
        char const* const at = from.data();
        from.remove_prefix(bytes);
        return at;
    }

    field const* finish() {
        char* rest = nullptr;
        while (PQgetCopyData(on_.raw(), &rest, 0) > 0) PQfreemem(rest);
        is_over_ = true;
        on_.watched(sql_, sql_, [&] { return on_.checked(last_answer(on_.raw())); });
        return nullptr;
    }

    driver& on_;
    std::string_view sql_;
    bool is_in_transaction_ = PQtransactionStatus(on_.raw()) != PQTRANS_IDLE;
    void const* turn_ = nullptr;
    char* message_ = nullptr;
    std::vector<field> fields_;
    bool is_first_ = true;
    bool is_over_ = false;
};

}  // namespace sark::detail
