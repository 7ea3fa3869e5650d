// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>
#include <utility>

#include <sark/meta/bundle.hpp>
#include <sark/query/assignment.hpp>
#include <sark/query/check.hpp>
#include <sark/query/conflict.hpp>
#include <sark/query/insert.hpp>

namespace sark {

/// Is an insert that waits for what to do with a row that is there: `do_nothing()`, `do_update().set(…)`.
template <class T, class Source, auto... Ms, class Returning>
class upsert_query<T, Source, detail::conflict_target<Ms...>, Returning> {
    using nothing = detail::conflict_does_nothing<Ms...>;

public:
    constexpr upsert_query(Source source, detail::bundle<>, Returning returning)
        : source_{std::move(source)}, returning_{std::move(returning)} {}

    /// Leaves the row that is there as it is; it is not returned.
    [[nodiscard]] constexpr auto do_nothing() const {
        return insert_query<T, Source, nothing, Returning>{source_, nothing{}, returning_};
    }
    /// Changes the row that is there: say what by `set(col<&T::x>, excluded<&T::x>)`.
    [[nodiscard]] constexpr auto do_update() const {
        using target = detail::conflict_target<Ms...>;
        return upsert_query<T, Source, detail::conflict_updates<target>, Returning>{source_, {}, returning_};
    }

private:
    Source source_;
    [[no_unique_address]] Returning returning_;
};

/// Is an insert that changes the row that is there.
template <class T, class Source, class Target, class Returning, class... Clauses>
class upsert_query<T, Source, detail::conflict_updates<Target, Clauses...>, Returning>
    : public insert_query<T, Source, detail::conflict_updates<Target, Clauses...>, Returning> {
    using conflict = detail::conflict_updates<Target, Clauses...>;
    using base = insert_query<T, Source, conflict, Returning>;
    using scope = type_list<T, detail::excluded_row<T>>;

public:
    constexpr upsert_query(Source source, detail::bundle<Clauses...> clauses, Returning returning)
        : base{source, conflict{clauses}, returning},
          source_{std::move(source)},
          clauses_{std::move(clauses)},
          returning_{std::move(returning)} {}

    /// Sets a column of the row that is there; `excluded<&T::x>` is what the insert had for it.
    template <class Column, class V>
        requires requires { Column::member; }
    [[nodiscard]] constexpr auto set(Column, V&& value) const {
        if constexpr (detail::assignment_check<T, scope, false, type_list<Clauses...>, Column, V>::holds()) {
            auto node = detail::assigned_value<Column>(std::forward<V>(value));
            return with_clause(set_clause<Column, decltype(node)>{std::move(node)});
        } else {
            return *this;
        }
    }
    /// Changes the row only where all conditions are true.
    template <class... Conditions>
    [[nodiscard]] constexpr auto where(Conditions... conditions) const {
        using clause = where_clause<Conditions...>;
        if constexpr (detail::check_where<scope, void, type_list<Clauses...>, Conditions...>()) {
            if constexpr (detail::check_constant_text<clause>())
                return with_clause(clause{{}, detail::bundle<Conditions...>{{std::move(conditions)}...}});
            else
                return *this;
        } else {
            return *this;
        }
    }

private:
    template <class Clause>
    constexpr auto with_clause(Clause clause) const {
        using updates = detail::conflict_updates<Target, Clauses..., Clause>;
        return upsert_query<T, Source, updates, Returning>{source_, detail::append(clauses_, std::move(clause)),
                                                           returning_};
    }

    Source source_;
    detail::bundle<Clauses...> clauses_;
    [[no_unique_address]] Returning returning_;
};

}  // namespace sark
