// SPDX-License-Identifier: MIT
#include <sark/version.hpp>

#include <libpq-fe.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <iostream>

sark::version_t version_of_the_second_unit();

int main() {
    if (!(version_of_the_second_unit() == sark::version) || PQlibVersion() == 0) return 1;
    std::cout << sark::version.major << '.' << sark::version.minor << '.' << sark::version.patch << '\n';
}
