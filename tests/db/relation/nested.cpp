// SPDX-License-Identifier: MIT
//
// Trees of rows: one statement per level, or children beside their row in one statement; the counter says so.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sark/db.hpp>
#include <sark/relation.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::col, sark::desc, sark::from;

namespace tree {

struct Shelf {
    std::int64_t id{};
    std::string name{};
};
struct Book {
    std::int64_t id{};
    std::int64_t shelf_id{};
    std::string title{};
    std::optional<std::string> note{};
    sark::timestamp at{};
    sark::numeric<10, 2> price{};
    std::vector<std::string> tags{};
};
struct Page {
    std::int64_t id{};
    std::int64_t book_id{};
    std::string text{};
};

}  // namespace tree

using namespace tree;

template <>
inline constexpr auto sark::table_of<Book> = sark::table("book", sark::references<&Book::shelf_id, &Shelf::id>{});
template <>
inline constexpr auto sark::table_of<Page> = sark::table("page", sark::references<&Page::book_id, &Book::id>{});

namespace {

using book_with_pages = sark::with_children<Book, Page>;

struct library {
    sark::test::database database;
    sark::connection db{database.url()};
    sark::statement_counter sent;

    library() {
        for (std::string_view statement : sark::create_statements<Shelf, Book, Page>) db.execute(statement);
        db.execute("INSERT INTO shelf SELECT n, 'shelf ' || n FROM generate_series(1, 20) n");
        // Every third shelf is empty; texts have all that ends an element of an array.
        db.execute(
            "INSERT INTO book SELECT n, 1 + n % 20, E'a \"b\\\\ {c},}\\t' || n, CASE WHEN n % 2 = 0 THEN 'NULL' END, "
            "'2024-02-29 12:00:00.5+00', n / 4.0, ARRAY['x,y', '\"', n::text] FROM generate_series(1, 100) n "
            "WHERE n % 3 <> 0");
        db.execute("INSERT INTO page SELECT n, b.id, 'page ' || n FROM generate_series(1, 300) n, book b "
                   "WHERE b.id = 1 + n % 100");
        db.observe(&sent);
    }
};

void check_books(std::vector<Book> const& books, std::int64_t shelf) {
    std::int64_t last = 0;
    for (Book const& b : books) {
        REQUIRE(b.shelf_id == shelf);
        REQUIRE(b.id > last);
        last = b.id;
        REQUIRE(b.title == "a \"b\\ {c},}\t" + std::to_string(b.id));
        REQUIRE(b.note == (b.id % 2 == 0 ? std::optional<std::string>{"NULL"} : std::nullopt));
        REQUIRE(b.at == sark::timestamp::from_unix_micros(1'709'208'000'500'000));
        REQUIRE(b.price == sark::numeric<10, 2>::from_units(b.id * 25));
        REQUIRE(b.tags == std::vector<std::string>{"x,y", "\"", std::to_string(b.id)});
    }
}

}  // namespace

TEST_CASE("a tree is loaded by one statement per level") {
    library l;
    auto const shelves = l.db.all(from<Shelf>().order_by(col<&Shelf::id>).with<book_with_pages>());
    CHECK(l.sent.count() == 3);
    REQUIRE(shelves.size() == 20);
    std::size_t books = 0;
    std::size_t pages = 0;
    for (auto const& shelf : shelves)
        for (book_with_pages const& book : shelf.children<book_with_pages>()) {
            CHECK(book.shelf_id == shelf.id);
            ++books;
            for (Page const& page : book.children<Page>()) {
                CHECK(page.book_id == book.id);
                ++pages;
            }
        }
    CHECK(std::to_string(books) == l.database.ask("SELECT count(*) FROM book"));
    CHECK(std::to_string(pages) == l.database.ask("SELECT count(*) FROM page"));
    CHECK(pages > 150);
    // Nothing above, nothing below: no statement for children of no row.
    l.sent.reset();
    CHECK(l.db.all(from<Shelf>().where(col<&Shelf::id> < 0).with<book_with_pages>()).empty());
    CHECK(l.sent.count() == 1);
}

TEST_CASE("children come beside their row in one statement, as they would in two") {
    library l;
    auto const query = from<Shelf>().where(col<&Shelf::id> > 2).order_by(desc(col<&Shelf::id>));
    auto const expected = l.db.all(query.with<Book>());
    l.sent.reset();
    for (int run = 1; run <= 4; ++run) {  // text at first, then binary
        auto const shelves = l.db.all(sark::at_once<Book>(query));
        CHECK(l.sent.count() == static_cast<std::size_t>(run));
        REQUIRE(shelves.size() == 18);
        for (std::size_t i = 0; i < shelves.size(); ++i) {
            CHECK(shelves[i].name == expected[i].name);
            REQUIRE(shelves[i].children<Book>().size() == expected[i].children<Book>().size());
            check_books(shelves[i].children<Book>(), shelves[i].id);
        }
    }
    l.db.execute("DELETE FROM page");
    l.db.execute("DELETE FROM book");
    for (auto const& shelf : l.db.all(sark::at_once<Book>(query))) CHECK(shelf.children<Book>().empty());
    std::size_t streamed = 0;
    for (auto const& shelf : l.db.stream(sark::at_once<Book>(query))) streamed += shelf.id > 0 ? 1U : 0U;
    CHECK(streamed == 18);
}
