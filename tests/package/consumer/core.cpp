// SPDX-License-Identifier: MIT
#include <sark/version.hpp>

#include <cstdio>

int main() { std::printf("%d.%d.%d\n", sark::version.major, sark::version.minor, sark::version.patch); }
