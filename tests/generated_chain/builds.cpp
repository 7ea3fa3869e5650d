// SPDX-License-Identifier: MIT
// Compiling this file is the test: a long chain builds what as many structs describe.
#include <generated_chain.hpp>
#include <sark/migrate/prove.hpp>
#include <sark/types.hpp>

template <class... Structs>
struct proof {
    static constexpr bool value = sark::migrate::builds<generated::chain, Structs...>;
    static constexpr std::size_t count = sizeof...(Structs);
};
static_assert(generated::with_structs<proof>::value);
static_assert(generated::with_structs<proof>::count == generated::count);
