// SPDX-License-Identifier: MIT
//
// Hostile texts in every place of a program that takes a text at run time: each means itself, and nothing else changes.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/jsonb/typed_path.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/relation.hpp>
#include <sark/schema.hpp>

#include "catch.hpp"
#include "database.hpp"

using sark::Capability, sark::Resource, sark::col, sark::from, sark::meta;

namespace {

enum class Colour { red };

/// Reads a text as an enum, or the label of one as a text.
struct colour_of {
    using row = Colour;
    static constexpr std::string_view sql = "SELECT $1::text";
    std::string_view text;

    void bind(sark::parameters& out) const { out.add_text(text); }
    template <class Fields>
    static Colour decode(Fields const& fields) {
        return sark::detail::decode_value<Colour>(fields(0), {});
    }
};

struct Documented {
    std::string text;
    std::string auth_method;
};

template <class F>
sark::error failure(F&& action) {
    try {
        std::forward<F>(action)();
    } catch (sark::error const& failed) { return failed; }
    FAIL("nothing failed");
    throw 0;
}

// The classes of the usual lists: tautology, union, stacked, comment, nested quote, hexadecimal, delay, numeric,
// backslash, double quote, dollar quotes, placeholders, order, wildcards, paths of documents, arrays, COPY, formats.
constexpr std::array<std::string_view, 26> hostile{"'; DROP TABLE canary; --",
                                                   "' OR '1'='1",
                                                   "' UNION SELECT version() --",
                                                   "x'; DELETE FROM canary; SELECT '",
                                                   "/* */ -- ",
                                                   "''''",
                                                   "0x27 OR 1=1",
                                                   "'||pg_sleep(10)||'",
                                                   "1 OR 1=1",
                                                   "\\'; DROP TABLE canary; --",
                                                   "\\",
                                                   "\"; DROP TABLE canary; --",
                                                   "$$; DROP TABLE canary; $$",
                                                   "$1 $2 ? :name %s",
                                                   "DESC; DELETE FROM canary",
                                                   "(CASE WHEN (SELECT 1) = 1 THEN name ELSE id END)",
                                                   "%_\\%",
                                                   "{a,b}",
                                                   "a.b\"c",
                                                   "$.* ? (@ == 1) || true",
                                                   "{\"a\",NULL}",
                                                   "NULL",
                                                   "\\.\n\\N\t",
                                                   "\r\n=cmd|'/c'!A1",
                                                   "\xCA\xBC\xEF\xBC\x87; DROP TABLE canary",
                                                   "a & | ! :*"};
constexpr std::array<std::string_view, 4> impossible{std::string_view{"a\0'; DROP TABLE canary; --", 26},
                                                     "\xE9'; DROP TABLE canary; --", "\xC0\xA7 OR 1=1", "\xFF"};

struct tables {
    sark::test::database database;
    sark::connection db{database.url()};

    tables() {
        for (std::string_view statement : sark::create_statements<Resource, Capability>) db.execute(statement);
        database.execute("CREATE TABLE canary AS SELECT n, md5(n::text) FROM generate_series(1, 20) AS n");
    }
    std::string canary() const {
        return database.ask("SELECT (SELECT md5(string_agg(c::text, '' ORDER BY n)) FROM canary c) || "
                            "(SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND "
                            "relnamespace = 'public'::regnamespace)");
    }
};

Resource named(std::string_view id) {
    return {.id = std::string{id}, .name = std::string{id}, .protocol = "http", .endpoint = std::string{id}};
}

}  // namespace

TEST_CASE("hostile texts mean themselves in every input that takes one") {
    tables t;
    auto& db = t.db;
    std::string const before = t.canary();
    constexpr auto& id = col<&Resource::id>;
    constexpr auto& name = col<&Resource::name>;
    constexpr auto& document = col<&Resource::metadata_>;
    db.insert(named("\x01 first"));
    db.insert(named("\xF4\x8F\xBF\xBF last"));
    for (std::string_view const text : hostile) {
        INFO(text);
        std::string const owned{text};
        auto row = named(text);
        row.metadata_ = sark::to_json(Documented{owned, owned});
        // Rows in, by each way.
        CHECK(db.insert_many(std::vector{row}) == 1);
        CHECK(db.find<Resource>(owned).value().name == text);
        CHECK(db.find_many<Resource>(std::vector{owned, std::string{"nobody"}})[0].value().endpoint == text);
        CHECK(db.upsert_many(std::vector{row}).unchanged == 1);
        CHECK(db.erase(row) == 1);
        CHECK(db.copy_in(std::vector{row}) == 1);
        db.insert(Capability{.id = owned, .resource_id = owned, .name = owned});
        // Conditions.
        CHECK(db.one(from<Resource>().where(name == text)).id == text);
        CHECK(db.count(from<Resource>().where(name == text)) == 1);
        CHECK(db.exists(from<Resource>().where(name == text)));
        CHECK(db.count(from<Resource>().where(id.in(std::vector{owned, owned + "x"}))) == 1);
        CHECK(db.count(from<Resource>().where(id.between(text, text))) == 1);
        CHECK(db.count(from<Resource>().where(name.starts_with(text), name.ends_with(text), name.includes(text))) == 1);
        CHECK(db.count(from<Resource>().where(name.istarts_with(text), name.iends_with(text))) == 1);
        CHECK(db.count(from<Resource>().where(name.like(sark::pattern{}.text(text)))) == 1);
        if (text.ends_with('\\') || text == "%_\\%") {
            // A backslash that escapes nothing is refused, on all rows alike; one before a wildcard is a text's.
            if (text.ends_with('\\')) CHECK_THROWS_AS(sark::pattern::raw(text), sark::error);
        } else {
            CHECK(db.count(from<Resource>().where(name.like(sark::pattern::raw(text)))) ==
                  (text.find('\\') == text.npos ? 1 : 0));
        }
        // Documents: as a whole, by the value at a path, by a key.
        CHECK(db.count(from<Resource>().where(document.contains(row.metadata_))) == 1);
        CHECK(db.count(from<Resource>().where(document.has_key(text))) == 0);
        CHECK(db.count(from<Resource>().where(meta<&sark::HttpMetadata::auth_method> == owned)) == 1);
        CHECK(sark::from_json<Documented>(db.find<Resource>(owned).value().metadata_).text == text);
        CHECK(db.query_text("UPDATE resources SET metadata = jsonb_build_object($1, 1) WHERE id = $1 RETURNING "
                            "metadata ->> $1",
                            {owned})[0][0] == "1");
        CHECK(db.count(from<Resource>().where(document.has_key(text))) == 1);
        // Pages, streams, trees, statements of yours.
        auto const order = from<Resource>().order_by(name, id);
        CHECK(db.count(order) == 3);
        auto const page = db.all(order.after(text, text));
        for (Resource const& r : page) CHECK(r.name != text);
        CHECK(page.size() + db.all(from<Resource>().where(name <= text)).size() == 3);
        std::size_t streamed = 0;
        for (Resource const& r : db.stream(from<Resource>().where(name == text))) streamed += r.id == text ? 1 : 0;
        CHECK(streamed == 1);
        auto const tree = db.all(from<Resource>().where(id == text).with<Capability>());
        CHECK(tree.at(0).children<Capability>().at(0).name == text);
        CHECK(db.query_text("SELECT $1, $2::text", {owned, std::nullopt})[0][0] == text);
        // What is no name of ours is refused, and not repeated.
        CHECK_THROWS_AS(sark::sort_list(sark::sortable<"id">(id)).by(text), sark::error);
        CHECK_THAT(failure([&] { (void)db.one(colour_of{text}); }).what(), !ContainsSubstring(owned));
        CHECK(db.erase(from<Capability>().where(col<&Capability::name> == text)) == 1);
        CHECK(db.erase(from<Resource>().where(name == text)) == 1);
        CHECK(t.canary() == before);
    }
    for (std::string_view const text : impossible) {
        auto const row = named(text);
        std::string const owned{text};
        for (int way = 0; way < 12; ++way) {
            INFO(way);
            auto const refused = failure([&] {
                switch (way) {
                    case 0: db.insert(row); break;
                    case 1: db.insert_many(std::vector{row}); break;
                    case 2: db.upsert_many(std::vector{row}); break;
                    case 3: db.copy_in(std::vector{row}); break;
                    case 4: (void)db.find<Resource>(owned); break;
                    case 5: (void)db.find_many<Resource>(std::vector{owned}); break;
                    case 6: (void)db.all(from<Resource>().where(name.includes(text))); break;
                    case 7: (void)db.all(from<Resource>().where(document.has_key(text))); break;
                    case 8: (void)db.all(from<Resource>().order_by(name, id).after(text, text)); break;
                    case 9: (void)db.query_text("SELECT $1", {owned}); break;
                    case 10: db.execute(owned); break;
                    default: (void)db.all(from<Resource>().where(name.like(sark::pattern::raw(text)))); break;
                }
            });
            CHECK(refused.sqlstate().empty());  // before a byte was sent
            CHECK_THAT(refused.what(), !ContainsSubstring("DROP") && !ContainsSubstring("1=1"));
        }
    }
    CHECK(db.count(from<Resource>()) == 2);
    CHECK(t.canary() == before);
}

TEST_CASE("hostile texts open no other connection than the one that was asked for") {
    tables const t;
    std::string const before = t.canary();
    for (std::string_view const text : hostile) {
        INFO(text);
        std::string const owned{text};
        sark::connection named_so{sark::connection_options{.address = t.database.url(), .application_name = owned}};
        // The server shows what is not printable as something else, and cuts at 63 bytes.
        bool plain = true;
        for (char const c : text) plain = plain && c >= ' ' && c <= '~';
        auto const shown = named_so.query_text("SELECT current_setting('application_name'), current_database()")[0];
        if (plain) CHECK(shown[0] == text);
        CHECK(shown[1] == t.database.name());
        auto const refused = failure([&] { sark::connection{owned}; });
        CHECK_THAT(refused.what(), ContainsSubstring("sark: "));
        // As a part of an address it is that part.
        std::string quoted;
        for (char const c : text) quoted += (c == '\'' || c == '\\') ? std::string{'\\', c} : std::string{c};
        auto const elsewhere = failure([&] { sark::connection{t.database.url() + " dbname='" + quoted + "'"}; });
        CHECK((elsewhere.sqlstate() == "3D000" || elsewhere.sqlstate().empty()));
    }
    for (std::string_view const text : impossible) {
        std::string const owned{text};
        CHECK_THROWS_AS(
            (sark::connection{sark::connection_options{.address = t.database.url(), .application_name = owned}}),
            sark::error);
        CHECK_THAT(failure([&] { sark::connection{t.database.url() + owned}; }).what(),
                   ContainsSubstring("the database address"));
    }
    CHECK(t.canary() == before);
}
