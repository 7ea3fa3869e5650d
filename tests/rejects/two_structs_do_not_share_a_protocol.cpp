// expect: sark: two of these structs describe one protocol
// also: Mine
// also: sark-J37
// SPDX-License-Identifier: MIT
#include <string>

#include <sark/jsonb/document.hpp>
#include <sark/models.hpp>

struct Mine {
    std::string name{};
};
template <>
inline constexpr std::string_view sark::protocol_of<Mine> = "http";

auto const any = [](auto const&) { return 1; };
auto good = sark::visit<Mine>(sark::Resource{}, any);

#ifdef SARK_REJECT
int wrong() {
    sark::visit<sark::HttpMetadata, Mine>(sark::Resource{}, any);
    return 0;
}
#endif
