// SPDX-License-Identifier: MIT
//
// What the language means on a server: every text is accepted by it, and what differs between dialects and minds is
// asked: outer joins, groups, upserts, pages, locks, the order of returned rows.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>

#include "../../sql/query/golden.hpp"
#include "catch.hpp"
#include "database.hpp"
#include "test_size.hpp"

using golden::boss, golden::Employee, golden::tagged;
using sark::Capability, sark::CostTracking, sark::PrincipalBudget, sark::Resource, sark::Sensitivity;
using sark::asc, sark::col, sark::count, sark::desc, sark::from, sark::outer, sark::whole;

namespace {

struct office {
    sark::test::database database;
    sark::connection db{database.url()};

    office() {
        for (std::string_view statement : sark::create_statements<Resource, Capability, CostTracking, PrincipalBudget,
                                                                  sark::FederationNode, Employee, tagged>)
            db.execute(statement);
        db.insert(Employee{1, "Ada", std::nullopt, 50, 60.5});
        db.insert(Employee{2, "Bob", 1, 40, 80});
        db.insert(Employee{3, "Cyd", 1, 40, 70.25});
        db.insert(Employee{4, "Dan", 3, 20, 90});
        for (auto const& [id, level] : {std::pair{"a", Sensitivity::low},
                                        {"b", Sensitivity::critical},
                                        {"c", Sensitivity::medium},
                                        {"d", Sensitivity::high},
                                        {"e", Sensitivity::high}})
            db.insert(Resource{.id = id, .name = "n", .protocol = "mcp", .endpoint = "x", .sensitivity_level = level});
        db.insert(Capability{.id = "c1", .resource_id = "a", .name = "one"});
        db.insert(Capability{.id = "c2", .resource_id = "a", .name = "two", .description = "d"});
        db.insert(Capability{.id = "c3", .resource_id = "b", .name = "three"});
    }
};

constexpr auto& id = col<&Employee::id>;
constexpr auto& name = col<&Employee::name>;
constexpr auto& age = col<&Employee::age>;
constexpr auto& boss_id = col<&Employee::boss_id>;

template <class... Ts>
using rows = std::vector<std::tuple<Ts...>>;
using texts = std::vector<std::string>;
using optional_text = std::optional<std::string>;

}  // namespace

TEST_CASE("a server accepts every statement of the language") {
    office s;
    std::size_t n = 0;
    for (golden::statement const& statement : golden::statements()) {
        INFO(statement.sql);
        CHECK_NOTHROW(s.database.execute("PREPARE s" + std::to_string(++n) + " AS " + std::string{statement.sql}));
    }
}

TEST_CASE("reading") {
    static office s;  // nothing here writes
    SECTION("an outer join makes optional what it may leave out") {
        auto const with_boss = from<Employee>().left_join<boss>(boss_id == boss::col<&Employee::id>).order_by(id);
        CHECK(s.db.all(with_boss.select(name, boss::col<&Employee::name>)) ==
              rows<std::string, optional_text>{{"Ada", {}}, {"Bob", "Ada"}, {"Cyd", "Ada"}, {"Dan", "Cyd"}});
        auto const both = s.db.all(with_boss.select(whole<Employee>, whole<boss>));
        REQUIRE(both.size() == 4);
        CHECK_FALSE(std::get<1>(both[0]).has_value());
        CHECK(std::get<1>(both[3]).value().name == "Cyd");
        // What is computed of a missing column is missing, too; what says otherwise is not.
        CHECK(s.db.all(with_boss.limit(1).select(boss::col<&Employee::age> + 1,
                                                 coalesce(boss::col<&Employee::name>, "nobody"),
                                                 boss::col<&Employee::age> > 3)) ==
              rows<std::optional<std::int32_t>, std::string, std::optional<bool>>{
                  {std::nullopt, "nobody", std::nullopt}});

        CHECK(s.db.all(from<Resource>()
                           .left_join<Capability>()
                           .where(sark::is_missing<Capability>)
                           .order_by(col<&Resource::id>)
                           .select(col<&Resource::id>)) == texts{"c", "d", "e"});
        CHECK(s.db.all(from<Capability>()
                           .right_join<Resource>()
                           .where(col<&Resource::id> >= "b")
                           .order_by(col<&Resource::id>)
                           .select(col<&Capability::name>)) == std::vector<optional_text>{"three", {}, {}, {}});
        auto const unmatched = from<Employee>().full_join<boss>(boss_id == boss::col<&Employee::id>);
        CHECK(s.db.count(unmatched) == 6);  // three pairs, Ada without a boss, Bob and Dan who are none
        CHECK(s.db.count(unmatched.where(sark::is_missing<Employee>)) == 2);
        CHECK_FALSE(s.db.all(from<Capability>().right_join<Resource>().order_by(col<&Resource::id>))[3].has_value());
    }
    SECTION("sub-queries, correlated ones too") {
        auto const of_resource = from<Capability>().where(col<&Capability::resource_id> == outer(col<&Resource::id>));
        CHECK(s.db.all(from<Resource>()
                           .where(exists(of_resource))
                           .order_by(col<&Resource::id>)
                           .select(col<&Resource::id>, scalar(of_resource.select(count())))) ==
              rows<std::string, std::optional<std::int64_t>>{{"a", 2}, {"b", 1}});
        CHECK(s.db.count(from<Resource>().where(
                  !col<&Resource::id>.in(from<Capability>().select(col<&Capability::resource_id>)))) == 3);
        // NOT IN a set with NULL is never true: SQL's answer, not ours to change.
        CHECK(s.db.count(from<Employee>().where(!id.in(from<boss>().select(boss::col<&Employee::boss_id>)))) == 0);
        auto const oldest = from<boss>().select(max(boss::col<&Employee::age>));
        CHECK(s.db.all(from<Employee>().where(age == scalar(oldest)).select(name)) == texts{"Ada"});
    }
    SECTION("groups and aggregates have exact types") {
        CHECK(s.db.all(from<Employee>()
                           .group_by(age)
                           .having(count() > 1)
                           .select(age, count(), sum(age), sum(id), min(name), max(name))) ==
              rows<std::int32_t, std::int64_t, std::optional<std::int64_t>, std::optional<sark::numeric<38, 0>>,
                   optional_text, optional_text>{{40, 2, 80, 5, "Bob", "Cyd"}});
        auto const mean = s.db.one(from<Employee>().select(avg(age)));
        CHECK(mean.value().text() == "37.5000000000000000");
        CHECK(mean->rounded<sark::numeric<5, 1>>() == sark::numeric<5, 1>{"37.5"});
        CHECK(s.db.one(from<Employee>().where(age > 99).select(sum(age), avg(age), count())) ==
              std::tuple{std::optional<std::int64_t>{}, std::optional<sark::decimal>{}, std::int64_t{0}});
        CHECK(s.db.one(from<Employee>().select(count(boss_id), count_distinct(boss_id), count().filter(age == 40),
                                               bool_and(age > 19), bool_or(age > 50))) ==
              std::tuple{std::int64_t{3}, std::int64_t{2}, std::int64_t{2}, std::optional{true}, std::optional{false}});
        CHECK(s.db.one(from<Employee>().select(string_agg(name, "', '").ordered_by(desc(name)),
                                               array_agg(boss_id).ordered_by(asc(id)))) ==
              std::tuple{optional_text{"Dan', 'Cyd', 'Bob', 'Ada"},
                         std::optional{std::vector<std::optional<std::int64_t>>{std::nullopt, 1, 1, 3}}});
        // What an outer join leaves out is an element that is absent.
        auto const collected = s.db.all(from<Resource>()
                                            .left_join<Capability>()
                                            .group_by(col<&Resource::id>)
                                            .order_by(col<&Resource::id>)
                                            .select(array_agg(col<&Capability::id>).ordered_by(col<&Capability::id>),
                                                    array_agg(col<&Resource::id>)));
        static_assert(std::is_same_v<decltype(collected)::value_type,
                                     std::tuple<std::optional<std::vector<std::optional<std::string>>>,
                                                std::optional<std::vector<std::string>>>>);
        bool some_is_absent = false;
        for (auto const& [capabilities, resources] : collected) {
            CHECK(capabilities->size() == resources->size());
            some_is_absent = some_is_absent || capabilities == std::vector{std::optional<std::string>{}};
        }
        CHECK(some_is_absent);
        auto const over = s.db.all(from<Resource>().left_join<Capability>().select(
            array_agg(col<&Capability::id>).over(sark::partition_by(col<&Resource::id>))));
        CHECK(std::count(over.begin(), over.end(), std::optional{std::vector{std::optional<std::string>{}}}) > 0);
        // All columns of a table are known in groups of its key.
        CHECK(
            s.db.all(from<Resource>()
                         .left_join<Capability>()
                         .group_by(col<&Resource::id>)
                         .order_by(desc(count(col<&Capability::id>)), col<&Resource::id>)
                         .limit(2)
                         .select(col<&Resource::id>, col<&Resource::sensitivity_level>, count(col<&Capability::id>))) ==
            rows<std::string, Sensitivity, std::int64_t>{{"a", Sensitivity::low, 2}, {"b", Sensitivity::critical, 1}});
        CHECK(s.db.count(from<Employee>().group_by(age).select(age)) == 3);
        CHECK(s.db.count(from<Employee>().distinct().select(age)) == 3);
    }
    SECTION("windows") {
        auto const by_age = sark::window().order_by(age, id);
        CHECK(s.db.all(from<Employee>().order_by(age, id).select(
                  name, sark::row_number().over(by_age), sark::dense_rank().over(sark::window().order_by(age)),
                  sark::lag(name).over(by_age), sum(age).over(by_age.rows(sark::preceding<1>, sark::current_row)),
                  sark::first_value(name).over(by_age))) ==
              rows<std::string, std::int64_t, std::int64_t, optional_text, std::optional<std::int64_t>, std::string>{
                  {"Dan", 1, 1, {}, 20, "Dan"},
                  {"Bob", 2, 2, "Dan", 60, "Dan"},
                  {"Cyd", 3, 2, "Bob", 80, "Dan"},
                  {"Ada", 4, 3, "Cyd", 90, "Dan"}});
    }
    SECTION("expressions compute as their types say") {
        auto const ada = from<Employee>().where(id == 1);
        CHECK(s.db.one(ada.select(age + 1, id * 3, age - id, -age, 7 % age, age / 3)) ==
              std::tuple{std::int32_t{51}, std::int64_t{3}, std::int64_t{49}, std::int32_t{-50}, std::int32_t{7},
                         std::int32_t{16}});
        CHECK(s.db.one(ada.select(concat(name, "|", lower(name)), length(name), upper(name))) ==
              std::tuple{std::string{"Ada|ada"}, std::int32_t{3}, std::string{"ADA"}});
        CHECK(s.db.one(ada.select(case_when(age > 60, "old").when(age > 30, "adult").otherwise("young"),
                                  case_when(age > 60, 1), nullif(name, "Ada"), greatest(age, 55), least(age, 3))) ==
              std::tuple{std::string{"adult"}, std::optional<std::int32_t>{}, optional_text{}, std::int32_t{55},
                         std::int32_t{3}});
        CHECK(s.db.one(ada.select(sark::cast<std::string>(age), sark::cast<sark::numeric<6, 2>>("12.345"),
                                  sark::call<"left", std::string>(name, 2), sark::literal<"1 + 1", std::int32_t>)) ==
              std::tuple{std::string{"50"}, sark::numeric<6, 2>{"12.35"}, std::string{"Ad"}, std::int32_t{2}});
        auto const noon = sark::timestamp{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} +
                                          std::chrono::hours{12}};
        CHECK(s.db.one(ada.select(sark::date_trunc<"month">(sark::value(noon)), sark::extract<"day">(sark::value(noon)),
                                  sark::extract<"doy">(sark::value(noon)))) ==
              std::tuple{sark::timestamp{std::chrono::sys_days{std::chrono::year{2024} / 2 / 1}}, std::int32_t{29},
                         std::int32_t{60}});
    }
    SECTION("patterns take texts as they are") {
        auto const matched = [&](auto const& pattern) {
            return s.db.one(from<Employee>().where(id == 1).select(sark::value("a%b_c\\d").like(pattern)));
        };
        CHECK(matched(sark::pattern{}.text("a%b_c\\d")));
        CHECK(matched(sark::pattern{}.text("a%").anything()));
        CHECK_FALSE(matched(sark::pattern{}.text("%").anything()));
        CHECK(matched(sark::pattern{}.anything().text("\\d")));
        CHECK(matched(sark::pattern::raw("a%")));
        CHECK_THROWS_AS(sark::pattern::raw("a\\"), sark::error);
        CHECK_NOTHROW(sark::pattern::raw("a\\\\"));
        CHECK(s.db.all(
                  from<Employee>().where(name.istarts_with("a") || name.iends_with("N")).order_by(id).select(name)) ==
              texts{"Ada", "Dan"});
    }
    SECTION("NULL is compared when it is meant to be") {
        CHECK(s.db.count(from<Employee>().where(boss_id.is_distinct_from(1))) == 2);
        CHECK(s.db.count(from<Employee>().where(boss_id.is_not_distinct_from(std::optional<std::int64_t>{}))) == 1);
        CHECK(s.db.count(from<Employee>().where(boss_id.is_not_distinct_from(std::nullopt))) == 1);
        CHECK(s.db.count(from<Employee>().where(!(boss_id == 1))) == 1);
        CHECK(s.db.count(from<Employee>().where(is_not_true(boss_id == 1))) == 2);
        CHECK(s.db.count(from<Employee>().where(is_unknown(boss_id == 1))) == 1);
    }
    SECTION("WITH, also of itself, and set operations") {
        auto const tree =
            from<Employee>().where(boss_id.is_null()).select<golden::below>(id, sark::literal<"0", std::int32_t>);
        auto const under = from<Employee>()
                               .join<golden::below>(col<&golden::below::id> == boss_id)
                               .select<golden::below>(id, col<&golden::below::depth> + 1);
        std::string depths;
        for (auto const& [who, depth] :
             s.db.all(with_recursive(union_all(tree, under)).from<golden::below>().order_by(col<&golden::below::id>)))
            depths += std::to_string(who) + ":" + std::to_string(depth) + " ";
        CHECK(depths == "1:0 2:1 3:1 4:2 ");
        auto const names = from<Employee>().select(name);
        auto const others = from<boss>().where(boss::col<&Employee::age> < 45).select(boss::col<&Employee::name>);
        CHECK(s.db.all(union_of(names, others).order_by(desc(sark::output<1>)).limit(2)) == texts{"Dan", "Cyd"});
        CHECK(s.db.count(union_all(names, others)) == 7);
        CHECK(s.db.all(except(names, others)) == texts{"Ada"});
        CHECK(s.db.all(intersect(names, others).order_by(sark::output<1>)) == texts{"Bob", "Cyd", "Dan"});
    }
    SECTION("distinct on keeps the first") {
        CHECK(s.db.all(from<Employee>().distinct_on(age).order_by(age, desc(name)).select(name)) ==
              texts{"Dan", "Cyd", "Ada"});
    }
    SECTION("pages follow each other without a gap or a repetition, in mixed directions and with ties") {
        auto const level = col<&Resource::sensitivity_level>;
        auto const order = from<Resource>().order_by(desc(level), col<&Resource::name>, col<&Resource::id>);
        std::string seen;
        std::optional<std::tuple<Sensitivity, std::string, std::string>> last;
        for (int page = 0; page < 4; ++page)
            for (Resource const& r : s.db.all(order.after_if(last).limit(2))) {
                seen += r.id;
                last = {r.sensitivity_level, r.name, r.id};
            }
        CHECK(seen == "bdeca");
        auto const down = from<Resource>().order_by(desc(col<&Resource::name>), desc(col<&Resource::id>));
        CHECK(s.db.all(down.after("n", "d").select(col<&Resource::id>)) == texts{"c", "b", "a"});
    }
}

TEST_CASE("writing") {
    office s;
    SECTION("an update computes, joins and returns") {
        CHECK(s.db.all(sark::update<Employee>().set(age, age + 1).where(age == 40).returning(age)) ==
              std::vector<std::int32_t>{41, 41});
        auto const raise = sark::update<Employee>()
                               .join<boss>(boss_id == boss::col<&Employee::id>)
                               .set(age, boss::col<&Employee::age>)
                               .where(boss::col<&Employee::name> == "Cyd")
                               .returning(name, age);
        CHECK(s.db.all(raise) == rows<std::string, std::int32_t>{{"Dan", 41}});
        CHECK(s.db.run(sark::update<Employee>().set(boss_id, std::nullopt).all_rows()) == 4);
        CHECK(s.db.count(from<Employee>().where(boss_id.is_null())) == 4);
    }
    SECTION("a delete joins and returns") {
        auto const gone = sark::delete_from<Capability>().join<Resource>().where(col<&Resource::sensitivity_level> ==
                                                                                 Sensitivity::low);
        CHECK(s.db.all(gone.returning(col<&Capability::id>)).size() == 2);
        CHECK(s.db.count(from<Capability>()) == 1);
    }
    SECTION("an upsert changes what it names and says what it left alone") {
        auto const spend = [&](std::string_view who, sark::money amount) {
            return s.db.first(
                sark::insert_into<PrincipalBudget>()
                    .set(col<&PrincipalBudget::principal_id>, who)
                    .set(col<&PrincipalBudget::daily_spent>, amount)
                    .on_conflict<&PrincipalBudget::principal_id>()
                    .do_update()
                    .set(col<&PrincipalBudget::daily_spent>,
                         col<&PrincipalBudget::daily_spent> + sark::excluded<&PrincipalBudget::daily_spent>)
                    .where(col<&PrincipalBudget::daily_spent> < sark::money{10})
                    .returning(col<&PrincipalBudget::daily_spent>));
        };
        CHECK(spend("p", sark::money{4}) == sark::money{4});
        CHECK(spend("p", sark::money{7}) == sark::money{11});
        CHECK_FALSE(spend("p", sark::money{1}).has_value());
        CHECK(s.db.run(sark::insert_into<Employee>()
                           .values(Employee{9, "Ada", {}, 1, 1})
                           .on_conflict<&Employee::name>()
                           .do_nothing()) == 0);
        CHECK(s.db.run(sark::insert_into<Employee>().values(Employee{1, "Eve", {}, 1, 1}).on_conflict_do_nothing()) ==
              0);
    }
    SECTION("an insert takes what a query selects") {
        CHECK(
            s.db.run(
                sark::insert_into<Employee>().select<&Employee::id, &Employee::name, &Employee::age, &Employee::weight>(
                    from<Employee>().select(id + 10, concat(name, "'"), age, col<&Employee::weight>))) == 4);
        CHECK(s.db.one(from<Employee>().where(id == 11).select(name)) == "Ada'");
    }
    SECTION("rows are returned in the order they were given, and numbered in it") {
        auto const size = sark::test::sized<std::size_t>(2'000, 100'000);
        std::vector<tagged> given;
        for (std::size_t i = 0; i < size; ++i)
            given.push_back({0, {std::to_string(i * 7919 % size), "with \"quotes\", {braces} and \\"}});
        auto const stored = s.db.all(sark::insert_into<tagged>().rows(given).returning());
        REQUIRE(stored.size() == size);
        bool in_order = true;
        for (std::size_t i = 0; i < size; ++i)
            in_order = in_order && stored[i].tags == given[i].tags && stored[i].id == static_cast<std::int64_t>(i + 1);
        CHECK(in_order);
        CHECK(s.db.all(sark::insert_into<tagged>().rows(std::vector<tagged>{}).returning()).empty());
    }
    SECTION("locks: another session skips or is refused what one holds") {
        sark::connection other{s.database.url()};
        auto const first = from<Employee>().order_by(id).limit(1);
        s.db.transaction([&](sark::transaction& tx) {
            CHECK(tx.one(first.for_update()).name == "Ada");
            other.transaction([&](sark::transaction& second) {
                CHECK(second.one(first.for_update(sark::skip_locked)).name == "Bob");
            });
            try {
                (void)other.all(first.for_share(sark::nowait));
                FAIL("a locked row was shared");
            } catch (sark::error const& refused) { CHECK(refused.sqlstate() == "55P03"); }
            CHECK(other.one(first).name == "Ada");
        });
        CHECK(other.one(first.for_update(sark::nowait)).name == "Ada");
    }
}

namespace {

struct filter {
    std::optional<std::string_view> name = {};
    std::optional<std::int32_t> older_than = {};
    bool bosses = false;
    std::string_view sort = "id";
    sark::direction way = sark::direction::ascending;
};

sark::any_query<Employee> chosen(filter const& f) {
    auto const sorts = sark::sort_list(sark::sortable<"id">(id), sark::sortable<"age">(age));
    return from<Employee>()
        .where(sark::when(f.name, [](auto const& n) { return name == n; }),
               sark::when(f.older_than, [](auto a) { return age > a; }), sark::when(f.bosses, boss_id.is_null()))
        .order_by(sorts.by(f.sort, f.way), id);
}

}  // namespace

TEST_CASE("queries that are put together at run time run like others") {
    office s;
    auto const names = [&](filter const& f) {
        std::string all;
        for (Employee const& e : s.db.all(chosen(f))) all += e.name.front();
        return all;
    };
    CHECK(names({}) == "ABCD");
    CHECK(names({.sort = "age", .way = sark::direction::descending}) == "ABCD");
    CHECK(names({.sort = "age"}) == "DBCA");
    CHECK(names({.name = "Bob"}) == "B");
    CHECK(names({.older_than = 20}) == "ABC");
    CHECK(names({.older_than = 20, .bosses = true}) == "A");
    CHECK(names({.name = "Bob", .older_than = 40}).empty());
    CHECK(s.db.first(chosen({.sort = "age"}))->name == "Dan");
    CHECK(s.db.count(chosen({.older_than = 20})) == 3);
    CHECK_THROWS_WITH(chosen({.sort = "age; DROP TABLE employees"}), ContainsSubstring("Use one of: id age"));
    // A function may choose the projection, too.
    auto const labels = [](bool long_ones) -> sark::any_query<std::string> {
        if (long_ones) return from<Employee>().order_by(id).select(concat(name, "!"));
        return from<Employee>().order_by(id).limit(1).select(name);
    };
    CHECK(s.db.all(labels(false)) == texts{"Ada"});
    CHECK(s.db.all(labels(true)).back() == "Dan!");
}

TEST_CASE("an array of any size is one parameter") {
    office s;
    std::vector<std::int64_t> many;
    for (std::int64_t i = 2; i < 100'000; ++i) many.push_back(i);
    auto const query = from<Employee>().where(id.in(many));
    sark::parameters bound;
    query.bind(bound);
    CHECK(bound.size() == 1);
    CHECK(s.db.count(query) == 3);
    CHECK(query.sql.data() == from<Employee>().where(id.in(std::vector<std::int64_t>{})).sql.data());
}
