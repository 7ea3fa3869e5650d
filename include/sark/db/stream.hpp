// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <sark/db/detail/cursor.hpp>
#include <sark/db/statement.hpp>
#include <sark/meta/made_in_place.hpp>

namespace sark {

/// Is the rows of a statement, read while they are asked for: an input range whose memory does not grow with them.
///
///     for (Resource const& r : db.stream(from<Resource>())) use(r);
///
/// It must not outlive its connection or transaction. Leaving the loop early gives the rest up.
template <row_statement S>
class row_stream {
public:
    using row = typename S::row;

    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = row;
        using difference_type = std::ptrdiff_t;

        explicit iterator(row_stream* of) : of_{of} {}

        [[nodiscard]] row& operator*() const { return *of_->row_; }
        [[nodiscard]] row* operator->() const { return &*of_->row_; }
        iterator& operator++() {
            of_->advance();
            return *this;
        }
        void operator++(int) { of_->advance(); }
        [[nodiscard]] bool operator==(std::default_sentinel_t) const { return !of_->row_.has_value(); }

    private:
        row_stream* of_;
    };

    /// Reads the first row. A stream is read once.
    [[nodiscard]] iterator begin() {
        if (!row_) advance();
        return iterator{this};
    }
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
    friend class session;

    row_stream(S statement, std::unique_ptr<detail::cursor> cursor)
        : statement_{std::move(statement)}, cursor_{std::move(cursor)} {}

    void advance() {
        row_.reset();
        if (!batch_ || at_ == batch_->rows()) {
            batch_.reset();
            at_ = 0;
            if (!cursor_->is_open()) return;
            batch_.emplace(cursor_->next(is_binary_));
            if (batch_->rows() == 0) return;
            if (!is_decided_) {
                // The first batch is text and tells the types; a cursor keeps them.
                detail::binary_votes votes;
                row_.emplace(statement_.decode(detail::row_fields{*batch_, at_++, &votes}));
                is_decided_ = true;
                is_binary_ = votes.unanimous(batch_->columns());
                return;
            }
        }
        auto const make = [&] { return statement_.decode(detail::row_fields{*batch_, at_++}); };
        if constexpr (detail::can_be_made_in_place<row>)
            row_.emplace(detail::made_in_place<row, decltype(make)>{make});
        else
            row_.emplace(make());
    }

    S statement_;
    std::unique_ptr<detail::cursor> cursor_;
    std::optional<result> batch_;
    std::size_t at_ = 0;
    std::optional<row> row_;
    bool is_decided_ = false;
    bool is_binary_ = false;
};

}  // namespace sark
