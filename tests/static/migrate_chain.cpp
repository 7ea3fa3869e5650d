// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string_view>

#include <sark/migrate/inverse.hpp>
#include <sark/migrations/chain.hpp>

namespace {

namespace m = sark::migrate;
using sark::migrations::chain;

static_assert(chain.head() == "009_engines");
static_assert(chain.view().size() == 9);
static_assert(chain.view()[0].parent.empty());
static_assert(chain.view()[7].parent == "007_federation");

// The texts are constants, zero-terminated for C interfaces.
static_assert(chain.view()[0].up[0].sql == "CREATE TYPE \"transporttype\" AS ENUM ('http', 'stdio', 'sse')");
static_assert(chain.view()[0].up[0].sql.data()[chain.view()[0].up[0].sql.size()] == '\0');
static_assert(chain.view()[0].down.back().sql == "DROP TYPE \"transporttype\"");
static_assert(chain.view()[7].up.back().step ==
              "the daily costs are of UTC days, count estimates and refresh concurrently");

// Every migration can be undone, and its down is the inverse of its up. One by one: each constant expression may take a
// limited number of steps on Clang.
template <std::size_t I>
inline constexpr bool undone = m::down_is_the_inverse(chain, I);
static_assert(undone<0> && undone<1> && undone<2> && undone<3> && undone<4> && undone<5> && undone<6> && undone<7> &&
              undone<8>);

constexpr std::size_t columns_at(std::string_view revision, std::string_view table) {
    for (auto const& t : m::fold(chain, revision).tables)
        if (t.name == table) return t.columns.size();
    return 0;
}
static_assert(columns_at("006_protocol_adapters", "audit_events") == 15);
static_assert(columns_at("007_federation", "audit_events") == 23);
static_assert(columns_at("007_federation", "cost_tracking") == 8);
static_assert(columns_at("008_integrity", "cost_tracking") == 10);
static_assert(columns_at("005_gateway_audit", "resources") == 0);

}  // namespace
