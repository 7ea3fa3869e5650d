// SPDX-License-Identifier: MIT
//
// 1. Tables are plain structs. What a struct cannot say (lengths, keys, defaults, indexes) stands beside it.
//    The compiler writes the DDL: it is a constant in the binary, and this program needs no server.

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include <sark/core.hpp>

// Without a description a struct maps by convention: the member `id` is the key, optional means nullable.
struct Author {
    std::int64_t id = 0;
    std::string name;
    std::optional<std::int32_t> born;
};
template <>
inline constexpr auto sark::table_of<Author> = sark::table("authors", sark::column<&Author::id>{.type = "bigserial"});

enum class Condition { poor, good, mint };  // an order, in C++ and in SQL

struct Book {
    std::int64_t id = 0;
    std::int64_t author_id = 0;
    std::string title;
    Condition condition = Condition::good;
    sark::numeric<10, 2> price;  // money is exact: no double gets in here
    sark::json notes;            // text until somebody asks
    sark::timestamp added_at;    // an instant, in microseconds
};
template <>
inline constexpr auto sark::table_of<Book> = sark::table(
    "books", sark::column<&Book::id>{.type = "bigserial"}, sark::column<&Book::title>{.type = "varchar(200)"},
    sark::column<&Book::notes>{.fallback = "'{}'"}, sark::column<&Book::added_at>{.fallback = "now()", .managed = true},
    sark::references<&Book::author_id, &Author::id>{.on_delete = sark::schema::referential_action::cascade},
    sark::check{"ck_books_price", "price >= 0"}, sark::index<&Book::author_id, &Book::title>{"ix_books_author"},
    sark::gin<&Book::notes>{"ix_books_notes"});

// It really is a constant: the compiler can look into it.
static_assert(sark::create_script<Author, Book>.starts_with("CREATE TABLE"));

int main() {
    // Authors come first, in whichever order they are named: books refer to them.
    std::cout << sark::create_script<Book, Author>;
    std::cout << sark::create_statements<Book, Author>.size() << " statements\n";
}
