// SPDX-License-Identifier: MIT
//
// Parameters beyond the room inside of the object, and the promise to allocate nothing within it.

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include <sark/codec.hpp>
#include <sark/models/capability.hpp>
#include <sark/models/resource.hpp>
#include <sark/query.hpp>

#include "catch.hpp"
#include "unit/codec/allocations.hpp"

namespace {
std::size_t allocations = 0;  // of the whole test program; tests run one after the other
}

std::size_t sark::test::allocations() { return ::allocations; }

// NOLINTBEGIN: the replacements have to look like this.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const p = std::malloc(size == 0 ? 1 : size)) return p;
    throw std::bad_alloc{};
}
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, std::nothrow_t const& how) noexcept { return ::operator new(size, how); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { std::free(p); }
// NOLINTEND

TEST_CASE("a thousand parameters keep their order and values") {
    sark::parameters out;
    for (int i = 0; i < 1000; ++i) {
        if (i % 10 == 3)
            out.add_null();
        else
            out.add_text(std::to_string(i));
    }
    REQUIRE(out.size() == 1000);
    for (int i = 0; i < 1000; ++i) {
        char const* const value = out.values()[i];
        if (i % 10 == 3)
            CHECK(value == nullptr);
        else
            CHECK(value == std::to_string(i));
    }
}

TEST_CASE("the step from the inner room to the outer one loses nothing") {
    for (int count : {71, 72, 73, 74}) {
        sark::parameters out;
        for (int i = 0; i < count; ++i) out.add_text(std::to_string(i));
        REQUIRE(out.size() == static_cast<std::size_t>(count));
        CHECK(std::string_view{out.values()[0]} == "0");
        CHECK(out.values()[count - 1] == std::to_string(count - 1));
    }
}

TEST_CASE("long texts have room of their own") {
    sark::parameters out;
    std::string const fits(511, 'x');
    std::string const longer(100'000, 'y');
    out.add_text(fits);  // fills the buffer to its last byte, the zero
    out.add_text("");
    out.add_text(longer);
    out.add_text("short");
    CHECK(out.values()[0] == fits);
    CHECK(std::string_view{out.values()[1]}.empty());
    CHECK(out.values()[2] == longer);
    CHECK(std::string_view{out.values()[3]} == "short");
}

TEST_CASE("strings of the caller are borrowed, not copied") {
    std::string const mine(1000, 'm');
    sark::parameters out;
    out.add_borrowed(mine);
    CHECK(out.values()[0] == mine.c_str());
}

TEST_CASE("a statement of a fixed shape is built and bound without an allocation") {
    using sark::Resource, sark::col, sark::from;
    std::string_view const id = "a key that is longer than any short string is";
    std::size_t const before = ::allocations;
    auto const query = from<Resource>().where(col<&Resource::id> == id).limit(1);
    sark::parameters out;
    query.bind(out);
    std::size_t const after = allocations;
    CHECK(after == before);
    REQUIRE(out.size() == 2);
    CHECK(out.values()[0] == id);
    CHECK(std::string_view{out.values()[1]} == "1");

    auto* const counted = new int{1};  // the counter counts
    CHECK(allocations > after);
    delete counted;
}

TEST_CASE("what an insert was given moves along with it, and is copied where the insert is used twice") {
    using sark::Resource, sark::col, sark::insert_into;
    std::size_t const before = ::allocations;
    auto const query = insert_into<Resource>()
                           .set(col<&Resource::id>, std::string(40, 'i'))
                           .set(col<&Resource::name>, "n")
                           .set(col<&Resource::protocol>, "http")
                           .set(col<&Resource::endpoint>, "e")
                           .set(col<&Resource::metadata_>, sark::json{R"({"a long document": true})"})
                           .returning(col<&Resource::id>);
    sark::parameters out;
    query.bind(out);
    CHECK(allocations == before + 2);  // the id and the document
    CHECK(out.size() == 5);

    auto const half = insert_into<Resource>().set(col<&Resource::id>, std::string(40, 'i'));
    sark::parameters first;
    auto const one = half.set(col<&Resource::name>, "one").set(col<&Resource::protocol>, "p");
    auto const whole = one.set(col<&Resource::endpoint>, "e").returning();
    auto const again = one.set(col<&Resource::endpoint>, "f");
    whole.bind(first);
    sark::parameters second;
    again.bind(second);
    CHECK(std::string_view{first.values()[0]} == std::string(40, 'i'));
    CHECK(std::string_view{second.values()[0]} == std::string(40, 'i'));
    CHECK(std::string_view{first.values()[3]} == "e");
    CHECK(std::string_view{second.values()[3]} == "f");
}

TEST_CASE("a row of short values is bound without an allocation") {
    using sark::Resource;
    Resource const row{.id = "r", .name = "n", .protocol = "http", .endpoint = "e"};
    std::size_t const before = ::allocations;
    sark::parameters out;
    sark::insert_statement<Resource>::bind(out, row);
    CHECK(allocations == before);
    CHECK(out.size() == 8);
}

TEST_CASE("no shape of a statement allocates while its values belong to somebody else") {
    using sark::Capability, sark::Resource, sark::Sensitivity, sark::col, sark::from;
    std::string_view const text = "a text that is longer than any short string is, by far";
    auto const at = sark::timestamp::from_unix_micros(1'700'000'000'123'456);
    constexpr auto& id = col<&Resource::id>;
    constexpr auto& name = col<&Resource::name>;
    constexpr auto& created = col<&Resource::created_at>;
    constexpr auto& level = col<&Capability::sensitivity_level>;
    constexpr auto& owner = col<&Capability::resource_id>;
    std::size_t shapes = 0;
    auto const check = [&](std::size_t values, auto const& make) {
        std::size_t const before = ::allocations;
        auto const statement = make();
        sark::parameters out;
        statement.bind(out);
        std::size_t const after = ::allocations;
        INFO(statement.sql);
        CHECK(after == before);
        CHECK(out.size() == values);
        ++shapes;
    };
    check(1, [&] { return from<Resource>().where(id == text); });
    check(3, [&] { return from<Resource>().where(created >= at, created < at).limit(10); });
    check(2, [&] { return from<Capability>().where(level == Sensitivity::high || owner == text); });
    check(2, [&] { return from<Resource>().where(name.between(text, text)).order_by(sark::desc(created), id); });
    check(2, [&] { return from<Resource>().order_by(id).limit(5).offset(10); });
    check(2, [&] { return from<Resource>().join<Capability>().where(level == Sensitivity::low, name != text); });
    check(1, [&] { return from<Resource>().where(!(name == text)).select(id, created); });
    check(1, [&] { return from<Capability>().group_by(owner).having(sark::count() > 3).select(owner, sark::count()); });
    check(2, [&] { return from<Resource>().order_by(id).after(text).limit(20); });
    check(1, [&] {
        return from<Resource>().where(id.in(from<Capability>().where(level == Sensitivity::high).select(owner)));
    });
    check(4, [&] { return from<Resource>().select(case_when(id == text, 1).otherwise(0)).limit(1); });
    check(2, [&] { return from<Resource>().select(coalesce(sark::nullif(name, text), text)); });
    check(2, [&] { return sark::update<Resource>().set(name, text).where(id == text); });
    check(1, [&] { return sark::delete_from<Capability>().where(level == Sensitivity::critical); });
    check(1, [&] { return from<Resource>().where(name.is_distinct_from(text)).for_update(); });
    CHECK(shapes >= 10);
}
