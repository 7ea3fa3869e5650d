// SPDX-License-Identifier: MIT
//
// The fuzz target of all decoders: cmake -DSARK_FUZZ=ON with clang++, then sark_fuzz_decoders tests/fuzz/seeds.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "decoders.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    sark::fuzz::decode_any({reinterpret_cast<char const*>(data), size});
    return 0;
}
