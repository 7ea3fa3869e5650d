// SPDX-License-Identifier: MIT
#include <array>
#include <iterator>
#include <string_view>

#include <sark/migrate/checksum.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/migrations/released.hpp>

namespace {

namespace m = sark::migrate;

// What was released stays as it was.
static_assert(m::is_as_released<sark::migrations::chain, sark::migrations::released>);
static_assert(std::size(sark::migrations::released) == sark::migrations::chain.view().size());

constexpr m::checksum_text of(std::string_view sql) {
    std::array<m::statement_view, 1> const up{m::statement_view{sql, {}, {}}};
    return m::checksum({.id = "a",
                        .parent = {},
                        .description = {},
                        .up = up,
                        .down = {},
                        .irreversible = {},
                        .apply = nullptr,
                        .revert = nullptr});
}
constexpr bool same(std::string_view a, std::string_view b) { return of(a) == of(b); }

// White space and comments between words do not matter.
static_assert(same("SELECT 1", "  SELECT\n\t 1  \n"));
static_assert(same("SELECT 1", "SELECT -- one\n1"));
static_assert(same("SELECT 1", "SELECT/**/1"));
static_assert(same("SELECT 1", "/* a /* nested */ comment */ SELECT /* it's */ 1 -- the end"));
static_assert(same("SELECT 1", "-- first\n-- second\r\nSELECT 1"));
static_assert(same("SELECT a-b", "SELECT a-b--"));

// The words do, and where they end.
static_assert(!same("SELECT 1", "SELECT 2"));
static_assert(!same("SELECT 1", "SELECT1"));
static_assert(!same("SELECT ab", "SELECT a b"));
static_assert(!same("SELECT a", "select a"));
static_assert(!same("SELECT a - b", "SELECT a / b"));
static_assert(!same("SELECT a - b", "SELECT a * b"));

// Inside of quotes every byte matters.
static_assert(!same("SELECT 'a b'", "SELECT 'a  b'"));
static_assert(!same("SELECT 'a -- b'", "SELECT 'a -- c'"));
static_assert(!same("SELECT '/* a */'", "SELECT '/* b */'"));
static_assert(!same("SELECT 'it''s  a'", "SELECT 'it''s a'"));
static_assert(!same("SELECT E'it\\'s  a'", "SELECT E'it\\'s a'"));
static_assert(!same("SELECT \"a  b\"", "SELECT \"a b\""));
static_assert(!same("SELECT \"a\"\"--b\"", "SELECT \"a\"\"--c\""));
static_assert(!same("SELECT $$a  b$$", "SELECT $$a b$$"));
static_assert(!same("DO $do$ BEGIN -- a\nEND $do$", "DO $do$ BEGIN -- b\nEND $do$"));
static_assert(!same("DO $a$ $b$ --x\n $a$", "DO $a$ $b$ --y\n $a$"));

// Behind the closing mark it does not matter again.
static_assert(same("SELECT 'a' , 1", "SELECT 'a'  ,\n1"));
static_assert(same("SELECT E'\\\\' , 1", "SELECT E'\\\\'  , 1"));
static_assert(same("SELECT '\\' , 1", "SELECT '\\'  , 1"));
static_assert(same("SELECT $$a$$ , 1", "SELECT $$a$$  , 1"));
static_assert(same("SELECT $é$it's$é$ , 1", "SELECT $é$it's$é$ /* it's */ , 1"));

// What looks like a mark and is none: a parameter, and a dollar inside of a name.
static_assert(same("SELECT $1 , $1", "SELECT $1  , $1"));
static_assert(same("SELECT a$b$ , c$b$", "SELECT a$b$  , c$b$"));
static_assert(same("SELECT typeE , type'a'", "SELECT typeE  , type'a'"));
static_assert(!same("SELECT type'a\\'  , 'b'", "SELECT type'a\\' , 'b '"));

// Texts that do not end are hashed to their end.
static_assert(!same("SELECT 'a", "SELECT 'b"));
static_assert(!same("SELECT E'\\", "SELECT E'"));
static_assert(!same("SELECT $a$b", "SELECT $a$c"));
static_assert(same("SELECT 1 /* a", "SELECT 1 /* b"));
static_assert(!same("SELECT $", "SELECT "));

}  // namespace
