// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <sark/codec.hpp>
#include <sark/db/detail/bulk_copy.hpp>
#include <sark/db/detail/bulk_insert.hpp>
#include <sark/db/session.hpp>

namespace sark {

namespace detail {

template <class Rows>
using row_of_range = std::ranges::range_value_t<Rows>;

template <class T>
struct single_key {
    static constexpr std::size_t position = [] {
        std::size_t at = 0;
        while (at < field_count<T> && !key_fields<T>[at]) ++at;
        return at;
    }();
    using type = field_type<T, position>;
};

template <class T, bool Many>
struct lookup_text {
    static constexpr void write(sark::sql::writer& w) {
        w.put("SELECT ");
        write_columns<T>(w);
        w.put(" FROM ");
        sark::sql::put_identifier(w, table_name<T>);
        w.put(" WHERE ");
        sark::sql::put_qualified(w, table_name<T>, columns_of<T>[single_key<T>::position].name);
        w.put(Many ? " = ANY(" : " = ");
        w.put_placeholder();
        if constexpr (Many) w.put(')');
    }
};

/// Reads the rows whose key is the one given, or in the array given.
template <class T, class Key, bool Many>
struct lookup {
    using row = T;
    static constexpr std::string_view sql = sark::sql::text<lookup_text<T, Many>>::value;

    Key key;

    void bind(parameters& out) const { encode_value(out, key); }
    template <class Fields>
    static T decode(Fields const& fields) {
        return row_traits<T>::decode(fields);
    }
};
template <class T>
using row_by_key = lookup<T, typename single_key<T>::type, false>;
template <class T>
using rows_by_keys = lookup<T, std::vector<typename single_key<T>::type>, true>;

}  // namespace detail

template <std::ranges::input_range Rows>
std::size_t session::insert_many(Rows&& rows) {
    using T = detail::row_of_range<Rows>;
    constexpr detail::statement_text text{sql::text<detail::bulk_insert_statement<T>>::value, true};
    check_turn();
    std::size_t inserted = 0;
    if constexpr (detail::check_writable<T>() && detail::rows_in_memory<Rows> && detail::copies_in_binary<T>) {
        auto at = std::ranges::begin(rows);
        auto const end = std::ranges::end(rows);
        detail::all_or_nothing whole{*driver_};
        detail::bulk_arrays<T> chunk;
        std::optional<bool> takes_copies;
        for (bool is_first = true; at != end; is_first = false) {
            // The first chunk keeps the table as it is until the transaction ends: so what is asked stays true.
            if (!is_first && takes_copies.value_or(true) && detail::is_worth_copying<T>(at, end)) {
                if (!takes_copies)
                    takes_copies = read_one<bool>(run({sql::text<detail::copy_question<T>>::value, true}, {}));
                if (*takes_copies) {
                    inserted += detail::copy_rows<T>(*driver_, at, end);
                    continue;
                }
            }
            for (; at != end && !chunk.is_full(); ++at) chunk.add(*at);
            if (at != end) whole.open();
            inserted += chunk.run(*driver_, text).affected();
        }
        whole.commit();
    } else {
        detail::send_in_chunks<T>(
            *driver_, rows, [](T const&) { return std::uint64_t{0}; }, [&](std::uint64_t) { return text; },
            [&](result const& done, std::size_t) { inserted += done.affected(); });
    }
    return inserted;
}

template <auto... Members, std::ranges::input_range Rows>
auto session::insert_many_returning(Rows&& rows) {
    using T = detail::row_of_range<Rows>;
    using own = rules::returned_members_are_of_the_table<T, Members...>;
    static_assert(own::holds,
                  "sark: insert_many_returning<...>(...) names a member of another struct than the rows are of. Name "
                  "members of their struct. [sark-D06]");
    if constexpr (own::holds) {
        using statement = detail::bulk_insert_returning_statement<T, Members...>;
        check_turn();
        std::vector<typename statement::row> inserted;
        if constexpr (std::ranges::sized_range<Rows>) inserted.reserve(std::ranges::size(rows));
        detail::send_in_chunks<T>(
            *driver_, rows, [](T const&) { return std::uint64_t{0}; },
            [](std::uint64_t) {
                return detail::statement_text{sql::text<statement>::value, true};
            },
            [&](result const& done, std::size_t sent) {
                if (done.rows() != sent)
                    throw error{"sark: the server returned fewer rows than it was given, so nobody can tell which is "
                                "which. Use insert_many(...), or look for a trigger or rule that drops rows.",
                                {.table = std::string{table_name<T>}}};
                append_rows(done, inserted, [](auto const& fields) { return statement::decode(fields); });
            });
        return inserted;
    }
}

template <std::ranges::input_range Rows>
upsert_counts session::upsert_many(Rows&& rows) {
    using T = detail::row_of_range<Rows>;
    upsert_counts counts;
    if constexpr (detail::check_writable<T>() && detail::check_has_key<T>()) {
        check_turn();
        std::string text;
        detail::send_in_chunks<T>(
            *driver_, rows, [](T const& row) { return detail::left_to_server(row); },
            [&](std::uint64_t left) {
                text = sql::render([&](sql::writer& w) { detail::write_bulk_upsert<T>(w, left); });
                return detail::statement_text{text, false};
            },
            [&](result const& done, std::size_t sent) {
                std::size_t inserted = 0;
                decode_rows(
                    done, [](auto const& fields) { return detail::decode_value<bool>(fields(0), {}); },
                    [&](bool is_new) { inserted += is_new ? 1U : 0U; });
                counts.inserted += inserted;
                counts.updated += done.rows() - inserted;
                counts.unchanged += sent - done.rows();
            });
    }
    return counts;
}

template <class T, std::ranges::input_range Keys>
std::vector<std::optional<T>> session::find_many(Keys&& keys) {
    using single = rules::rows_are_found_by_one_column<T>;
    static_assert(single::holds,
                  "sark: find(...) and find_many(...) look rows up by a primary key of one column, and this table has "
                  "none. Use from<T>() with where(...). [sark-D01]");
    std::vector<std::optional<T>> found;
    if constexpr (single::holds) {
        using key_type = typename detail::single_key<T>::type;
        std::vector<key_type> wanted;
        for (auto&& key : keys) wanted.emplace_back(key);
        detail::rows_by_keys<T> const query{std::move(wanted)};
        auto rows = all(query);
        auto const& asked = query.key;
        // Positions sorted by key: each row finds the places that asked for it.
        std::vector<std::size_t> order(asked.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return asked[a] < asked[b]; });
        found.resize(asked.size());
        for (T& row : rows) {
            key_type const& key = get_field<detail::single_key<T>::position>(row);
            auto at = std::lower_bound(order.begin(), order.end(), key,
                                       [&](std::size_t i, key_type const& k) { return asked[i] < k; });
            if (at == order.end() || key < asked[*at]) continue;  // equal for the server only, as citext is
            auto const first = at;
            for (++at; at != order.end() && !(key < asked[*at]); ++at) found[*at] = row;
            found[*first] = std::move(row);
        }
    }
    return found;
}

template <class T, class Key>
std::optional<T> session::find(Key const& key) {
    using single = rules::rows_are_found_by_one_column<T>;
    static_assert(single::holds,
                  "sark: find(...) and find_many(...) look rows up by a primary key of one column, and this table has "
                  "none. Use from<T>() with where(...). [sark-D01]");
    if constexpr (single::holds)
        return first(detail::row_by_key<T>{typename detail::single_key<T>::type(key)});
    else
        return std::nullopt;
}

}  // namespace sark
