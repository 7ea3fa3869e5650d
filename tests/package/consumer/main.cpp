// SPDX-License-Identifier: MIT
//
// Two translation units with all of the library: what is defined in both must be allowed to be.
#include <sark/sark.hpp>

#include <iostream>

std::string_view sql_of_the_second_unit();

int main() {
    auto const query = sark::from<sark::Resource>().where(sark::col<&sark::Resource::protocol> == "http");
    if (query.sql != sql_of_the_second_unit()) return 1;
    std::cout << sark::version.major << '.' << sark::version.minor << '.' << sark::version.patch << '\n';
}
