// expect: sark: this JSON path is not whole
// also: sark-J22
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
    std::string protocol{};
    json facts{};
};
template <>
inline constexpr auto sark::table_of<Service> = sark::table("services", sark::gin<&Service::facts>{"ix_services_facts"},
                                                            sark::polymorphic<&Service::protocol, &Service::facts>{});

auto good = from<Service>().where(col<&Service::facts>.path_exists<"$.a ? (@ == 1)">());

#ifdef SARK_REJECT
auto wrong = from<Service>().where(col<&Service::facts>.path_exists<"$.a ? (@ == 1">());
#endif
