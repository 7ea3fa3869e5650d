// expect: sark: [each] means any element, which has no one value to read
// also: tags
// also: sark-J26
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

auto good = from<Service>().select(meta<&Meta::tags>.at<0>());

#ifdef SARK_REJECT
auto wrong = from<Service>().select(meta<&Meta::tags>[sark::each]);
std::string_view text = decltype(wrong)::sql;
#endif
