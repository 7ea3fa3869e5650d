// SPDX-License-Identifier: MIT
#include <sark/sark.hpp>

std::string_view sql_of_the_second_unit();

std::string_view sql_of_the_second_unit() {
    auto const query = sark::from<sark::Resource>().where(sark::col<&sark::Resource::protocol> == "http");
    return query.sql;
}
