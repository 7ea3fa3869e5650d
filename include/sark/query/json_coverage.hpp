// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/meta/message.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/json_question.hpp>
#include <sark/query/logic.hpp>
#include <sark/query/source.hpp>
#include <sark/schema/json_service.hpp>
#include <sark/schema/table.hpp>
#include <sark/sql/text.hpp>

/// Proves that every condition on a document has an index that serves it, or says that none is needed.
///
/// Only tables that have a description are judged: of the others nobody said which indexes they have.
namespace sark::detail {

// ---- keys that are given leave one row, or a few, to look at

template <class T, class C>
consteval bool is_key_column(std::size_t position) {
    if constexpr (requires {
                      C::member;
                      typename C::table;
                  })
        return std::is_same_v<typename C::table, T> && member_position<C::member> == position;
    else
        return false;
}
template <class T, class E>
struct given_column {
    static consteval bool is(std::size_t) { return false; }
};
template <class T, class L, class R>
struct given_column<T, comparison<"=", L, R>> {
    static consteval bool is(std::size_t position) { return is_key_column<T, L>(position); }
};
template <class T, class L, class Element>
struct given_column<T, any_of<L, Element>> {
    static consteval bool is(std::size_t position) { return is_key_column<T, L>(position); }
};
template <class T, class L, class R>
struct given_column<T, logical<"AND", L, R>> {
    static consteval bool is(std::size_t position) {
        return given_column<T, L>::is(position) || given_column<T, R>::is(position);
    }
};
template <class T, class... Conditions>
consteval bool gives_key() {
    using base = base_table_t<T>;
    if (key_size<base> == 0) return false;
    for (std::size_t i = 0; i < field_count<base>; ++i)
        if (key_fields<base>[i] && !(given_column<T, Conditions>::is(i) || ...)) return false;
    return true;
}

// ---- what reading a row implies counts for partial indexes

/// Stands among the conditions joined by AND for the one that reading a kind of row implies.
template <class Row>
struct implied_by_row {};

template <class Row>
struct row_condition_key {
    static constexpr void write(sql::writer& w) { row_traits<Row>::write_condition_key(w); }
};

template <class T, class E>
inline constexpr std::string_view implied_condition{};
template <class T, class Row>
    requires(!std::is_void_v<Row>) && std::is_same_v<typename row_traits<Row>::table, T> &&
                requires(sql::writer& w) { row_traits<Row>::write_condition_key(w); }
inline constexpr std::string_view implied_condition<T, implied_by_row<Row>> = sql::text<row_condition_key<Row>>::value;

template <class T, class Question, class Tables, class... All>
consteval bool is_served_by_index() {
    tested_place place = place_of_tested<typename Question::tested, Tables>();
    if (has_index_for<base_table_t<T>>(place, Question::asked)) return true;
    for (std::string_view const condition : {std::string_view{}, implied_condition<T, All>...}) {
        place.condition = condition;
        if (!condition.empty() && has_index_for<base_table_t<T>>(place, Question::asked)) return true;
    }
    return false;
}

// ---- the sentence

template <json_predicate Asked, class Tested, class Tables>
struct unserved_sentence {
    static constexpr void write(sql::writer& w) {
        constexpr tested_place place = place_of_tested<Tested, Tables>();
        json_service const& row = json_services[static_cast<std::size_t>(Asked)];
        if constexpr (place.table.empty()) {
            w.put("it tests what is no column and no path, so that no index serves it");
            return;
        }
        w.put(place.table);
        w.put('.');
        w.put(place.column);
        w.put(": ");
        w.put(row.spelled);
        w.put(" is served by ");
        bool first = true;
        constexpr std::string_view names[]{"gin<...>", "gin_path<...>", "index<...>", "hash_index<...>"};
        bool const served[]{row.by_gin, row.by_gin_path, row.by_btree, row.by_hash};
        for (std::size_t i = 0; i < 4; ++i)
            if (served[i]) {
                w.put_separator(first, " or ");
                w.put(names[i]);
            }
        if (first) {
            w.put("no index");
        } else if (place.expression.empty()) {
            w.put(" on it");
        } else {
            w.put(" on ");
            w.put(place.expression);
        }
    }
};

template <class Condition, json_predicate Asked, class Tested, class Tables>
consteval void refuse_unserved() {
    using sentence = sentence_t<sql::text<unserved_sentence<Asked, Tested, Tables>>>;
    static_assert(sentence::nothing,
                  "sark: no declared index serves a condition on a document, and says<...> in this message says which "
                  "would. Declare it in table_of, or say that the table may be read: unindexed(...). [sark-J20]");
}

// ---- the judge

template <class E>
inline constexpr bool is_and = false;
template <class L, class R>
inline constexpr bool is_and<logical<"AND", L, R>> = true;
template <class E>
inline constexpr bool is_or = false;
template <class L, class R>
inline constexpr bool is_or<logical<"OR", L, R>> = true;

template <class E>
inline constexpr bool is_unindexed = requires { E::is_unindexed; };

/// Passes conditions on that only add something to the one inside: a protocol, or a choice at run time.
template <class E>
inline constexpr bool is_transparent = requires { E::is_optional_condition; } || requires { E::adds_protocol; };

template <class E>
struct sides_of;
template <fixed_string Op, class L, class R>
struct sides_of<logical<Op, L, R>> {
    using left = L;
    using right = R;
};
template <class E>
struct only_operand;
template <class E>
struct only_operand<type_list<E>> {
    using type = E;
};
template <class E>
using inner_of = typename only_operand<typename E::operands>::type;

/// Tells whether somebody said which indexes the tables of a condition have.
template <class C>
inline constexpr bool is_judged_column = [] {
    if constexpr (requires {
                      typename C::table;
                      C::member;
                  })
        return is_described<base_table_t<typename C::table>>;
    else
        return requires { C::is_document_path; };
}();
template <class... Cs>
consteval bool any_judged(type_list<Cs...>) {
    return ((is_json_column<Cs> && is_judged_column<Cs>) || ...);
}

template <class C>
consteval auto looked_up_column_of() {
    if constexpr (requires {
                      typename C::table;
                      C::member;
                  }) {
        using base = base_table_t<typename C::table>;
        if constexpr (!is_described<base> || has_index_on<base>(column_of<C::member>.name))
            return std::type_identity<typename C::table>{};
        else
            return std::type_identity<void>{};
    } else {
        return std::type_identity<void>{};
    }
}
template <class E>
consteval auto looked_up_column(std::type_identity<E>) {
    return std::type_identity<void>{};
}
template <fixed_string Op, class L, class R>
    requires(Op.view() != "<>")
consteval auto looked_up_column(std::type_identity<comparison<Op, L, R>>) {
    return looked_up_column_of<L>();
}
template <class L, class Element>
consteval auto looked_up_column(std::type_identity<any_of<L, Element>>) {
    return looked_up_column_of<L>();
}
template <class L>
consteval auto looked_up_column(std::type_identity<null_test<L, false>>) {
    return looked_up_column_of<L>();
}

/// Names the table on which an index finds the rows of a condition; void for none, type_list<> for "any" (unindexed).
template <class E, class Tables>
consteval auto looked_up_in() {
    if constexpr (is_unindexed<E>) {
        return std::type_identity<type_list<>>{};
    } else if constexpr (is_transparent<E>) {
        return looked_up_in<inner_of<E>, Tables>();
    } else if constexpr (is_and<E>) {
        using left = decltype(looked_up_in<typename sides_of<E>::left, Tables>());
        if constexpr (std::is_void_v<typename left::type>)
            return looked_up_in<typename sides_of<E>::right, Tables>();
        else
            return left{};
    } else if constexpr (is_or<E>) {
        using left = typename decltype(looked_up_in<typename sides_of<E>::left, Tables>())::type;
        using right = typename decltype(looked_up_in<typename sides_of<E>::right, Tables>())::type;
        if constexpr (std::is_same_v<left, right> || std::is_same_v<right, type_list<>>)
            return std::type_identity<left>{};
        else if constexpr (std::is_same_v<left, type_list<>>)
            return std::type_identity<right>{};
        else
            return std::type_identity<void>{};
    } else if constexpr (!std::is_void_v<typename question_of<E>::tested>) {
        using table = typename decltype(tested_table<typename question_of<E>::tested, Tables>())::type;
        return std::type_identity<table>{};  // its index was proven before
    } else {
        return looked_up_column(std::type_identity<E>{});
    }
}
/// Judges one condition; All are those that are joined with it by AND.
template <class E, class Tables, class... All>
consteval bool is_served() {
    if constexpr (!any_json_column(typename E::columns{}) || is_unindexed<E>) {
        return true;
    } else if constexpr (is_transparent<E>) {
        return is_served<inner_of<E>, Tables, All...>();
    } else if constexpr (is_and<E>) {
        if constexpr (is_served<typename sides_of<E>::left, Tables, All...>())
            return is_served<typename sides_of<E>::right, Tables, All...>();
        else
            return false;
    } else if constexpr (is_or<E>) {
        using left = typename sides_of<E>::left;
        using right = typename sides_of<E>::right;
        // What stands beside an OR chooses rows for it, what stands inside of one side does so for that side only.
        if constexpr (!is_served<left, Tables, All..., left>()) {
            return false;
        } else if constexpr (!is_served<right, Tables, All..., right>()) {
            return false;
        } else if constexpr (!finds<is_json_part, E>() ||
                             !std::is_void_v<typename decltype(looked_up_in<E, Tables>())::type>) {
            return true;
        } else {
            refuse_unserved<E, json_predicate::other, E, Tables>();
            return false;
        }
    } else {
        using question = question_of<E>;
        if constexpr (std::is_void_v<typename question::tested>) {
            return true;
        } else {
            using table = typename decltype(tested_table<typename question::tested, Tables>())::type;
            if constexpr (!any_judged(typename E::columns{})) {
                return true;
            } else if constexpr (std::is_void_v<table>) {
                refuse_unserved<E, question::asked, typename question::tested, Tables>();
                return false;
            } else if constexpr (gives_key<table, All...>() || is_served_by_index<table, question, Tables, All...>()) {
                return true;
            } else {
                refuse_unserved<E, question::asked, typename question::tested, Tables>();
                return false;
            }
        }
    }
}

template <class Tables, class All, class... Conditions>
struct all_served;
template <class Tables, class... All>
struct all_served<Tables, type_list<All...>> {
    static consteval bool check() { return true; }
};
template <class Tables, class... All, class First, class... Rest>
struct all_served<Tables, type_list<All...>, First, Rest...> {
    static consteval bool check() {
        if constexpr (is_served<First, Tables, All...>())
            return all_served<Tables, type_list<All...>, Rest...>::check();
        else
            return false;
    }
};

template <class Tables, class Implied, class... Conditions>
struct json_served;
template <class Tables, class... Implied, class... Conditions>
struct json_served<Tables, type_list<Implied...>, Conditions...>
    : all_served<Tables, type_list<Implied..., Conditions...>, Conditions...> {};

/// Enforces that indexes serve the conditions on documents; the first that none serves speaks.
template <class Tables, class Implied, class... Conditions>
consteval bool check_json_served() {
    if constexpr ((any_json_column(typename Conditions::columns{}) || ...))
        return json_served<Tables, Implied, Conditions...>::check();
    else
        return true;
}

}  // namespace sark::detail
