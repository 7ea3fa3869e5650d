// SPDX-License-Identifier: MIT
//
// What an adapter's author builds: the five entities and queries over them, without driver and JSON library.
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/version.hpp>

#include <cstdio>

int main() {
    auto const query = sark::from<sark::Resource>().where(sark::col<&sark::Resource::protocol> == "http");
    if (query.sql.find("resources") == std::string_view::npos) return 1;
    std::printf("%d.%d.%d\n", sark::version.major, sark::version.minor, sark::version.patch);
}
