// expect: sark: no declared index serves a condition on a document
// also: services.facts: @> is served by
// also: sark-J20
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>
#include <sark/jsonb/typed_path.hpp>
#include <sark/jsonb/typed_row.hpp>
#include <sark/query.hpp>
#include <sark/schema/parts.hpp>

using sark::col, sark::from, sark::json, sark::typed_row;

struct Http {
    std::string team{};
};
struct Grpc {
    std::string team{};
};
template <>
inline constexpr std::string_view sark::protocol_of<Http> = "http";
template <>
inline constexpr std::string_view sark::protocol_of<Grpc> = "grpc";

struct Service {
    std::int64_t id{};
    std::string protocol{};
    json facts{};
};
template <>
inline constexpr auto sark::table_of<Service> = sark::table(
    "services", sark::gin_path<&Service::facts>{"ix_services_facts", R"("protocol" = 'http')"},
    sark::polymorphic<&Service::protocol, &Service::facts>{});
auto good = from<typed_row<Service, Http>>().where(col<&Service::facts>.contains(json{"{}"}));

#ifdef SARK_REJECT
auto wrong = from<typed_row<Service, Grpc>>().where(col<&Service::facts>.contains(json{"{}"}));
#endif
