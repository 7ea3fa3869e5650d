// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <sark/codec/parameters.hpp>
#include <sark/codec/row.hpp>
#include <sark/query/row.hpp>
#include <sark/query/select.hpp>
#include <sark/query/sub_query.hpp>
#include <sark/reflect/fields.hpp>

namespace sark {

namespace detail {

/// Decodes a row by its type alone, whatever query it comes from.
template <class Row>
struct row_shape {
    static constexpr bool is_value = mapped<Row>;

    static constexpr std::size_t width() {
        if constexpr (is_value)
            return 1;
        else
            return []<std::size_t... I>(std::index_sequence<I...>) {
                return (std::size_t{0} + ... + row_shape<field_type<Row, I>>::width());
            }(std::make_index_sequence<field_count<Row>>{});
    }

    template <class Fields>
    static Row decode(Fields const& fields, std::size_t first) {
        if constexpr (is_value) {
            return decode_value<Row>(fields(first), selected);
        } else {
            std::size_t at = first;
            auto const next = [&]<class T>(std::type_identity<T>) {
                std::size_t const begin = std::exchange(at, at + row_shape<T>::width());
                return row_shape<T>::decode(fields, begin);
            };
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                return Row{next(std::type_identity<field_type<Row, I>>{})...};
            }(std::make_index_sequence<field_count<Row>>{});
        }
    }
};
/// An optional struct is missing where all of its fields are NULL.
template <class Row>
    requires(!mapped<Row>)
struct row_shape<std::optional<Row>> {
    static constexpr std::size_t width() { return row_shape<Row>::width(); }

    template <class Fields>
    static std::optional<Row> decode(Fields const& fields, std::size_t first) {
        bool there = false;
        for (std::size_t i = 0; i < width(); ++i) there = there || !fields(first + i).is_null;
        if (!there) return std::nullopt;
        return row_shape<Row>::decode(fields, first);
    }
};
template <class... Ts>
struct row_shape<std::tuple<Ts...>> {
    static constexpr std::size_t width() { return (std::size_t{0} + ... + row_shape<Ts>::width()); }

    template <class Fields>
    static std::tuple<Ts...> decode(Fields const& fields, std::size_t first) {
        std::size_t at = first;
        // Braces evaluate from left to right.
        return std::tuple<Ts...>{row_shape<Ts>::decode(fields, std::exchange(at, at + row_shape<Ts>::width()))...};
    }
};

}  // namespace detail

namespace rules {

template <class Query, class Row>
struct erased_query_has_the_row {
    static constexpr bool holds = std::is_same_v<typename Query::row, Row>;
};

}  // namespace rules

/// Is any query with rows of one type: what a function returns, or a member stores, that builds queries by choice.
///
/// It keeps the query by value, in place where it has at most 1000 bytes, and runs like one: `db.all(query)`.
template <class Row>
class any_query {
public:
    using row = Row;

    template <class Query>
        requires(!std::is_same_v<Query, any_query> && detail::sub_query_like<Query>)
    any_query(Query query)  // NOLINT(google-explicit-constructor): a query is what is stored
        : any_query{std::move(query), std::in_place} {}

    any_query(any_query const& other) : use_{other.use_} { adopt(use_->copy(other.query_, place())); }
    any_query(any_query&& other) noexcept : use_{other.use_} { take(other); }
    any_query& operator=(any_query other) noexcept {
        drop();
        use_ = other.use_;
        take(other);
        return *this;
    }
    ~any_query() { drop(); }

    /// Holds the statement's text: the query's constant, or the one that was put together in it.
    std::string_view sql;

    /// Adds the parameters in the order of the text's placeholders.
    void bind(parameters& out) const { use_->bind(query_, out); }

    template <class Fields>
    [[nodiscard]] static Row decode(Fields const& fields) {
        // A row that is more than a struct, typed or with children, knows itself how it is read.
        if constexpr (!std::is_same_v<typename row_traits<Row>::table, Row>)
            return row_traits<Row>::decode(fields);
        else
            return detail::row_shape<Row>::decode(fields, 0);
    }

private:
    static constexpr std::size_t room = 1000;

    /// Is what can be done with a query of a type that is no longer known.
    struct uses {
        void* (*copy)(void const*, void*);
        void* (*move)(void*, void*) noexcept;  // null for a query on the heap, whose owner changes instead
        void (*destroy)(void*) noexcept;
        std::string_view (*text)(void const*);
        void (*bind)(void const*, parameters&);
    };

    template <class Query>
    static constexpr bool fits_in_place = sizeof(Query) <= room && alignof(Query) <= alignof(std::max_align_t) &&
                                          std::is_nothrow_move_constructible_v<Query>;

    template <class Query>
    static constexpr auto in_place_move() -> void* (*)(void*, void*) noexcept {
        if constexpr (fits_in_place<Query>)
            return [](void* from, void* place) noexcept -> void* {
                return ::new (place) Query(std::move(*static_cast<Query*>(from)));
            };
        else
            return nullptr;
    }

    template <class Query>
    static constexpr uses uses_of{
        .copy = [](void const* from, [[maybe_unused]] void* place) -> void* {
            auto const& query = *static_cast<Query const*>(from);
            if constexpr (fits_in_place<Query>)
                return ::new (place) Query(query);
            else
                return new Query(query);
        },
        .move = in_place_move<Query>(),
        .destroy =
            [](void* query) noexcept {
                if constexpr (fits_in_place<Query>)
                    static_cast<Query*>(query)->~Query();
                else
                    delete static_cast<Query*>(query);
            },
        .text = [](void const* query) -> std::string_view { return static_cast<Query const*>(query)->sql; },
        .bind = [](void const* query, parameters& out) { static_cast<Query const*>(query)->bind(out); },
    };

    template <class Query>
    any_query(Query query, std::in_place_t) : use_{&uses_of<Query>} {
        using same = rules::erased_query_has_the_row<Query, Row>;
        static_assert(same::holds,
                      "sark: a query of other rows is stored in an any_query. Select its row type: select<S>(...). "
                      "[sark-Q96]");
        if constexpr (fits_in_place<Query>)
            adopt(::new (place()) Query(std::move(query)));
        else
            adopt(new Query(std::move(query)));
    }

    [[nodiscard]] void* place() noexcept { return static_cast<std::byte*>(storage_); }
    void take(any_query& other) noexcept {
        adopt(use_->move != nullptr ? use_->move(other.query_, place()) : std::exchange(other.query_, nullptr));
    }
    void drop() noexcept {
        if (query_ != nullptr) use_->destroy(query_);
    }
    void adopt(void* query) {
        query_ = query;
        sql = use_->text(query_);
    }

    uses const* use_;
    void* query_ = nullptr;
    alignas(std::max_align_t) std::byte storage_[room];
};

}  // namespace sark
