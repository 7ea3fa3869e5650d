// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/migrate/lint.hpp>
#include <sark/migrations/chain.hpp>

namespace {

namespace m = sark::migrate;

// The chain of the product has no error it does not give a reason for.
static_assert(m::is_clean<sark::migrations::chain>);

constexpr auto to_first = m::foreign_key("id").references("first", "id");

inline constexpr auto v001 = m::migration(
    "001_first", m::root, m::create_table("first", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")),
    m::create_table("other", m::column{.name = "id", .type = "uuid"}, m::primary_key("id")));
inline constexpr auto scans = m::migration("002_key", m::after{"001_first"}, m::add_constraint{"other", to_first});
inline constexpr auto waived = m::migration("002_key", m::after{"001_first"}, m::add_constraint{"other", to_first},
                                            m::waive("foreign-key-scans", "other is empty until the next release"));
inline constexpr auto unchecked = m::migration("002_key", m::after{"001_first"},
                                               m::add_constraint{"other", m::not_valid(to_first)});
inline constexpr auto checked = m::migration("003_valid", m::after{"002_key"},
                                             m::validate_constraint{"other", to_first});

// The linter itself runs in a constant expression.
constexpr std::size_t count(auto const& chain, std::string_view rule) {
    std::size_t n = 0;
    for (m::finding const& f : m::lint(chain)) n += f.rule == rule ? 1U : 0U;
    return n;
}
static_assert(count(m::chain<v001, scans>, "foreign-key-scans") == 1);
static_assert(count(m::chain<v001, waived>, "foreign-key-scans") == 0);
static_assert(count(m::chain<v001, unchecked>, "never-validated") == 1);
static_assert(count(m::chain<v001, unchecked, checked>, "never-validated") == 0);
static_assert(m::is_clean<m::chain<v001, waived>> && m::is_clean<m::chain<v001, unchecked, checked>>);

// A proof judges each migration by itself.
template <auto const& Chain, std::size_t Migration>
inline constexpr m::finding error_in = m::detail::first_error<std::remove_cvref_t<decltype(Chain)>, Migration>::value;
static_assert(error_in<m::chain<v001, scans>, 0>.rule.empty());
static_assert(error_in<m::chain<v001, scans>, 1>.rule == "foreign-key-scans");
static_assert(error_in<m::chain<v001, scans>, 1>.migration == "002_key");

}  // namespace
