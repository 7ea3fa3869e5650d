// SPDX-License-Identifier: MIT
//
// Types, columns, keys and relations as the compiler reads them from structs and their descriptions.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <sark/schema.hpp>

#include "catch.hpp"

namespace shop {

enum class Color { red, green };
enum class Mood { calm, wild };

struct Customer {
    std::int64_t id;
    std::string name;
};

struct PurchaseOrder {
    std::int64_t number;
    std::int64_t customer_id;
    std::optional<std::int64_t> payer_id;
    sark::timestamp created_at;
    std::string note_;
};

struct HTTPRoute2Server {
    int x;
};

struct Node {
    std::int32_t id;
    std::optional<std::int32_t> parent_id;
};

struct Tag {
    std::int64_t order_number;
    sark::timestamp order_time;
};

}  // namespace shop

template <>
inline constexpr std::string_view sark::enum_type_of<shop::Mood> = "mood";

template <>
inline constexpr auto sark::table_of<shop::PurchaseOrder> = sark::table(
    "orders", sark::column<&shop::PurchaseOrder::number>{.type = "bigserial"},
    sark::column<&shop::PurchaseOrder::created_at>{.fallback = "now()", .managed = true},
    sark::column<&shop::PurchaseOrder::note_>{.type = "varchar(50)", .comment = "what the buyer said"},
    sark::primary_key<&shop::PurchaseOrder::number, &shop::PurchaseOrder::created_at>{},
    sark::references<&shop::PurchaseOrder::customer_id, &shop::Customer::id>{});

template <>
inline constexpr auto sark::table_of<shop::Node> = sark::table(
    "nodes", sark::references<&shop::Node::parent_id, &shop::Node::id>{});

template <>
inline constexpr auto sark::table_of<shop::Tag> = sark::table(
    "tags", sark::foreign_key<sark::key<&shop::Tag::order_number, &shop::Tag::order_time>,
                              sark::key<&shop::PurchaseOrder::number, &shop::PurchaseOrder::created_at>>{});

using namespace shop;

TEST_CASE("C++ types are mapped to PostgreSQL types") {
    using sark::sql_type;
    STATIC_REQUIRE(sql_type<bool>::name == "boolean");
    STATIC_REQUIRE(sql_type<std::int16_t>::name == "smallint");
    STATIC_REQUIRE(sql_type<std::int32_t>::name == "integer");
    STATIC_REQUIRE(sql_type<std::int64_t>::name == "bigint");
    STATIC_REQUIRE(sql_type<long>::name == "bigint");
    STATIC_REQUIRE(sql_type<long long>::name == "bigint");
    STATIC_REQUIRE(sql_type<float>::name == "real");
    STATIC_REQUIRE(sql_type<double>::name == "double precision");
    STATIC_REQUIRE(sql_type<std::string>::name == "text");
    STATIC_REQUIRE(sql_type<sark::varchar<7>>::name == "varchar(7)");
    STATIC_REQUIRE(sql_type<sark::numeric<10, 2>>::name == "numeric(10,2)");
    STATIC_REQUIRE(sql_type<sark::json>::name == "jsonb");
    STATIC_REQUIRE(sql_type<sark::timestamp>::name == "timestamptz");
    STATIC_REQUIRE(sql_type<sark::date>::name == "date");
    STATIC_REQUIRE(sql_type<sark::uuid>::name == "uuid");
    STATIC_REQUIRE(sql_type<std::vector<std::byte>>::name == "bytea");
    STATIC_REQUIRE(sql_type<Color>::name == "text");
    STATIC_REQUIRE(sql_type<Mood>::name == "mood");
    STATIC_REQUIRE(sql_type<std::vector<std::string>>::name == "text[]");
    STATIC_REQUIRE(sql_type<std::vector<std::optional<std::int64_t>>>::name == "bigint[]");
    STATIC_REQUIRE(sql_type<std::vector<std::vector<std::byte>>>::name == "bytea[]");
    STATIC_REQUIRE(sql_type<std::vector<Mood>>::name == "mood[]");
}

TEST_CASE("what has no exact counterpart is not mapped") {
    STATIC_REQUIRE(sark::mapped<std::optional<sark::json>>);
    STATIC_REQUIRE(sark::mapped<std::vector<bool>>);
    STATIC_REQUIRE_FALSE(sark::mapped<char>);
    STATIC_REQUIRE_FALSE(sark::mapped<unsigned>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::uint64_t>);
    STATIC_REQUIRE_FALSE(sark::mapped<long double>);
    STATIC_REQUIRE_FALSE(sark::mapped<char const*>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::string_view>);
    STATIC_REQUIRE_FALSE(sark::mapped<Customer>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::unique_ptr<int>>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::map<std::string, int>>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::vector<std::vector<int>>>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::vector<std::optional<std::vector<int>>>>);
    STATIC_REQUIRE_FALSE(sark::mapped<std::optional<std::optional<int>>>);
}

TEST_CASE("a declared type holds its member's values or is refused") {
    using sark::sql_type;
    STATIC_REQUIRE(sql_type<std::string>::accepts("varchar(255)"));
    STATIC_REQUIRE(sql_type<std::string>::accepts("citext"));
    STATIC_REQUIRE(sql_type<std::string>::accepts("numeric(10,2)"));  // whoever wants its text
    STATIC_REQUIRE(sql_type<std::string>::accepts("inet"));
    STATIC_REQUIRE_FALSE(sql_type<std::string>::accepts("bigint"));
    STATIC_REQUIRE_FALSE(sql_type<std::string>::accepts("jsonb"));
    STATIC_REQUIRE_FALSE(sql_type<std::string>::accepts("text[]"));
    STATIC_REQUIRE(sql_type<std::int64_t>::accepts("bigserial"));
    STATIC_REQUIRE(sql_type<std::int64_t>::accepts("int8"));
    STATIC_REQUIRE_FALSE(sql_type<std::int64_t>::accepts("integer"));
    STATIC_REQUIRE_FALSE(sql_type<std::int32_t>::accepts("bigint"));
    STATIC_REQUIRE_FALSE(sql_type<double>::accepts("numeric(10,2)"));
    STATIC_REQUIRE_FALSE(sql_type<sark::timestamp>::accepts("timestamp"));
    STATIC_REQUIRE(sql_type<sark::json>::accepts("json"));
    STATIC_REQUIRE(sql_type<sark::varchar<7>>::accepts("varchar(7)"));
    STATIC_REQUIRE_FALSE(sql_type<sark::varchar<7>>::accepts("varchar(8)"));
    STATIC_REQUIRE_FALSE(sql_type<sark::numeric<10, 2>>::accepts("numeric(10,4)"));
    STATIC_REQUIRE(sql_type<Mood>::accepts("mood"));
    STATIC_REQUIRE(sql_type<Mood>::accepts("varchar(20)"));
    STATIC_REQUIRE_FALSE(sql_type<Mood>::accepts("integer"));
    STATIC_REQUIRE(sql_type<std::vector<std::string>>::accepts("varchar(20)[]"));
    STATIC_REQUIRE_FALSE(sql_type<std::vector<std::string>>::accepts("text"));
    STATIC_REQUIRE_FALSE(sql_type<std::vector<std::string>>::accepts("bigint[]"));
}

TEST_CASE("a table is named by its description, or by its struct in snake case") {
    STATIC_REQUIRE(sark::table_name<PurchaseOrder> == "orders");
    STATIC_REQUIRE(sark::table_name<Customer> == "customer");
    STATIC_REQUIRE(sark::table_name<HTTPRoute2Server> == "httproute2_server");
    struct OneOff {
        int id;
    };
    STATIC_REQUIRE(sark::table_name<OneOff> == "one_off");
}

TEST_CASE("columns are the members, with what the description says about them") {
    constexpr auto& columns = sark::columns_of<PurchaseOrder>;
    STATIC_REQUIRE(columns.size() == 5);
    STATIC_REQUIRE(columns[0].name == "number");
    STATIC_REQUIRE(columns[0].type == "bigserial");
    STATIC_REQUIRE(columns[0].is_serial());
    STATIC_REQUIRE(columns[0].has_default());
    STATIC_REQUIRE(columns[1].type == "bigint");
    STATIC_REQUIRE_FALSE(columns[1].nullable);
    STATIC_REQUIRE_FALSE(columns[1].has_default());
    STATIC_REQUIRE(columns[2].nullable);
    STATIC_REQUIRE(columns[3].managed);
    STATIC_REQUIRE(columns[3].fallback == "now()");
    STATIC_REQUIRE(columns[4].name == "note");
    STATIC_REQUIRE(columns[4].comment == "what the buyer said");
    STATIC_REQUIRE(sark::column_of<&PurchaseOrder::note_>.type == "varchar(50)");
}

TEST_CASE("the key is declared, or the member id") {
    STATIC_REQUIRE(sark::key_size<Customer> == 1);
    STATIC_REQUIRE(sark::key_fields<Customer>[0]);
    STATIC_REQUIRE(sark::key_size<PurchaseOrder> == 2);
    STATIC_REQUIRE(sark::key_fields<PurchaseOrder> == std::array{true, false, false, true, false});
    STATIC_REQUIRE(sark::key_size<HTTPRoute2Server> == 0);
    STATIC_REQUIRE(sark::key_size<Tag> == 0);
    STATIC_REQUIRE_FALSE(sark::is_view<Customer>);
}

TEST_CASE("a relation goes from the child to the parent") {
    STATIC_REQUIRE(
        std::is_same_v<sark::relation_to<PurchaseOrder, Customer>,
                       sark::detail::link<sark::key<&PurchaseOrder::customer_id>, sark::key<&Customer::id>>>);
    STATIC_REQUIRE(std::is_void_v<sark::relation_to<Customer, PurchaseOrder>>);
    STATIC_REQUIRE(std::is_same_v<sark::relation_to<Node, Node>,
                                  sark::detail::link<sark::key<&Node::parent_id>, sark::key<&Node::id>>>);
    STATIC_REQUIRE(std::is_same_v<sark::relation_to<Tag, PurchaseOrder>,
                                  sark::detail::link<sark::key<&Tag::order_number, &Tag::order_time>,
                                                     sark::key<&PurchaseOrder::number, &PurchaseOrder::created_at>>>);
    STATIC_REQUIRE(sark::rules::tables_have_a_declared_relation<Customer, PurchaseOrder>::holds);
    STATIC_REQUIRE_FALSE(sark::rules::tables_have_a_declared_relation<Customer, Node>::holds);
    STATIC_REQUIRE(sark::rules::tables_have_one_relation_only<Customer, PurchaseOrder>::holds);
}

TEST_CASE("a definition is a value that can be compared") {
    STATIC_REQUIRE(sark::definition_of<PurchaseOrder>() == sark::definition_of<PurchaseOrder>());
    STATIC_REQUIRE_FALSE(sark::definition_of<PurchaseOrder>() == sark::definition_of<Node>());
    STATIC_REQUIRE(sark::schema_of<Tag, PurchaseOrder, Customer>().tables.front().name == "customer");
    STATIC_REQUIRE(sark::schema_of<Tag, PurchaseOrder, Customer>().tables.back().name == "tags");
}
