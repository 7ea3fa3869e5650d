// expect: sark: gin_for<...> names a predicate that no GIN index serves
// also: sark-J21
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <sark/jsonb/typed_path.hpp>
#include <sark/query.hpp>
#include <sark/schema/create.hpp>

using sark::col, sark::from, sark::json, sark::meta;

struct Meta {
    std::string team{};
    std::vector<std::string> tags{};
};
template <>
inline constexpr std::string_view sark::protocol_of<Meta> = "http";

struct Service {
    std::int64_t id{};
    json facts{};
};
template <>
inline constexpr auto sark::table_of<Service> = sark::table(
    "services", sark::gin_for<&Service::facts, sark::json_predicate::contains
#ifdef SARK_REJECT
                              ,
                              sark::json_predicate::orders
#endif
                              >{"ix_services_facts"});
auto script = sark::create_script<Service>;
