// expect: sark: a list, an object or a time in a document has no equality
// also: Lease
// also: until
// also: sark-J07
// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sark/jsonb/typed_path.hpp>
#include <sark/query.hpp>
#include <sark/schema/parts.hpp>

using sark::col, sark::from, sark::path;

struct Lease {
    sark::timestamp until{};
    sark::date day{};
};
struct Host {
    std::int64_t id{};
    sark::json facts{};
};
template <>
inline constexpr auto sark::table_of<Host> = sark::table("hosts", sark::gin_path<&Host::facts>{"ix_hosts_facts"});
constexpr auto& until = path<&Host::facts, &Lease::until>;
auto one_spelling = from<Host>().where(until.contains(sark::timestamp{}));
auto a_day = from<Host>().where(path<&Host::facts, &Lease::day> == sark::date{});
auto as_text = from<Host>().where(sark::unindexed(until.text() == "2026-01-01T00:00:00Z"));

#ifdef SARK_REJECT
auto wrong = from<Host>().where(until == sark::timestamp{});
#endif
