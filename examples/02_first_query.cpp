// SPDX-License-Identifier: MIT
//
// 2. Connect, insert, ask. The text of every query is a constant of its type; values travel beside it.
//    Run it with DATABASE_URL set, or with an address as argument. It works in a schema of its own and drops it.

#include <cstdint>
#include <iostream>
#include <string>

#include <sark/sark.hpp>

#include "support/main.hpp"

enum class Condition { poor, good, mint };

struct Book {
    std::int64_t id = 0;
    std::string title;
    std::string author;
    Condition condition = Condition::good;
    sark::numeric<10, 2> price;
};
template <>
inline constexpr auto sark::table_of<Book> = sark::table("books", sark::column<&Book::id>{.type = "bigserial"});

struct Offer {  // what the last query reads, and nothing more
    std::string title;
    sark::numeric<10, 2> price;
};

using sark::col, sark::desc, sark::from;

void print(auto const& query) { std::cout << '\n' << query.sql.substr(query.sql.find("FROM")) << '\n'; }

int main(int count, char** arguments) {
    return support::run([&] {
        sark::connection db{support::database_url(count > 1 ? arguments[1] : nullptr)};
        support::scratch_schema const scratch{db};

        // A prototype creates its tables from the structs; what lives longer has migrations (4).
        for (auto statement : sark::create_statements<Book>) db.execute(statement);

        // All of them or none: an exception that leaves the function rolls back.
        db.transaction([](sark::transaction& tx) {
            tx.insert(Book{.title = "Emma", .author = "Austen", .condition = Condition::mint, .price = 12});
            tx.insert(Book{.title = "Persuasion", .author = "Austen", .condition = Condition::poor, .price = 3});
            tx.insert(Book{.title = "Middlemarch", .author = "Eliot", .price = decltype(Book::price){"9.50"}});
        });
        // The server fills in the serial number.
        Book const walden = db.insert_returning(Book{.title = "Walden", .author = "Thoreau", .price = 7});
        std::cout << walden.title << " is number " << walden.id << '\n';

        // FROM "books" WHERE "books"."author" = ANY($1) ORDER BY "books"."title" LIMIT $2
        auto const ours =
            from<Book>().where(col<&Book::author>.in({"Austen", "Eliot"})).order_by(col<&Book::title>).limit(2);
        print(ours);
        for (Book const& book : db.all(ours)) std::cout << "  " << book.title << " by " << book.author << '\n';

        // Enums are ordered by rank, not by spelling: poor < good < mint, here and there.
        // FROM "books" WHERE "books"."condition" = ANY($1) AND "books"."price" < $2 ORDER BY CASE "books"."condition"
        // WHEN 'poor' THEN 0 WHEN 'good' THEN 1 WHEN 'mint' THEN 2 END DESC, "books"."title"
        auto const decent = from<Book>()
                                .where(col<&Book::condition> >= Condition::good,
                                       col<&Book::price> < decltype(Book::price){10})
                                .order_by(desc(col<&Book::condition>), col<&Book::title>);
        print(decent);
        for (Book const& book : db.all(decent))
            std::cout << "  " << book.title << ", " << sark::label_of(book.condition) << '\n';

        // Two columns into a struct of two members: their types are compared by the compiler.
        // SELECT "books"."title", "books"."price" FROM "books" ORDER BY "books"."price"
        auto const offers =
            from<Book>().order_by(col<&Book::price>).select<Offer>(col<&Book::title>, col<&Book::price>);
        std::cout << '\n' << offers.sql << '\n';
        for (auto const& [title, price] : db.all(offers))
            std::cout << "  " << title << " for " << price.to_string() << '\n';

        // Rows are chosen by where, or not at all: erase(from<Book>()) does not compile.
        std::cout << '\n'
                  << db.erase(from<Book>().where(col<&Book::condition> == Condition::poor)) << " thrown away, "
                  << db.count(from<Book>()) << " left\n";
    });
}
