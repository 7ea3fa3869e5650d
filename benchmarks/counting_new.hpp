// SPDX-License-Identifier: MIT
//
// Counts what operator new hands out. Included by one source of each worker.

#pragma once

#include <cstdlib>
#include <new>

#include "worker.hpp"

// NOLINTBEGIN: the replacements have to look like this.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++bench::allocation_count;
    if (void* const p = std::malloc(size == 0 ? 1 : size)) return p;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
// NOLINTEND
