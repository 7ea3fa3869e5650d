# Writes a chain of COUNT migrations that make COUNT tables, and the structs of those tables, into the header OUTPUT:
#
#   cmake -DCOUNT=100 -DOUTPUT=chain.hpp -P tests/generated_chain/generate.cmake
#
# Every migration creates a table that points to the one before, and goes on with the three tables before it: a column
# and an unchecked constraint, the check of that constraint and a wider type, a default.
cmake_minimum_required(VERSION 3.24)
if(NOT COUNT GREATER 0 OR NOT OUTPUT)
    message(FATAL_ERROR "cmake -DCOUNT=<n> -DOUTPUT=<file> -P generate.cmake")
endif()

function(three_digits number result)
    math(EXPR padded "1000 + ${number}")
    string(SUBSTRING "${padded}" 1 3 digits)
    set(${result} "${digits}" PARENT_SCOPE)
endfunction()

set(text [[
// Written by tests/generated_chain/generate.cmake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sark/migrate/column_operations.hpp>
#include <sark/migrate/constraint_operations.hpp>
#include <sark/migrate/index_operations.hpp>
#include <sark/migrate/migration.hpp>
#include <sark/migrate/table_operations.hpp>
#include <sark/schema/parts.hpp>

namespace generated {

namespace m = sark::migrate;

]])
set(migrations "")
set(structs "")
foreach(k RANGE 1 ${COUNT})
    three_digits(${k} n)
    foreach(back RANGE 1 3)
        math(EXPR earlier "${k} - ${back}")
        three_digits("${earlier}" before_${back})
    endforeach()

    # The migration.
    set(parent "m::root")
    set(key "")
    if(k GREATER 1)
        set(parent "m::after{\"${before_1}_step\"}")
        set(key ",\n                    m::foreign_key(\"parent\").references(\"t${before_1}\", \"id\")")
    endif()
    string(APPEND text
        "inline constexpr auto v${n} = m::migration(\n"
        "    \"${n}_step\", ${parent},\n"
        "    m::create_table(\"t${n}\", m::column{.name = \"id\", .type = \"bigint\"},\n"
        "                    m::column{.name = \"parent\", .type = \"bigint\", .nullable = true},\n"
        "                    m::column{.name = \"name\", .type = \"varchar(100)\"},\n"
        "                    m::column{.name = \"code\", .type = \"text\"},\n"
        "                    m::column{.name = \"amount\", .type = \"integer\", .fallback = \"0\"},\n"
        "                    m::primary_key(\"id\"), m::unique(\"code\"),\n"
        "                    m::check(\"ck_t${n}_amount\", \"amount >= 0\")${key}),\n"
        "    m::create_index(\"ix_t${n}_parent\", \"t${n}\", \"parent\")")
    if(k GREATER 1)
        set(t "t${before_1}")
        string(APPEND text ",\n"
            "    m::add_column{\"${t}\", m::column{.name = \"note\", .type = \"text\", .nullable = true}},\n"
            "    m::add_constraint{\"${t}\", m::not_valid(m::check(\"ck_${t}_note\", \"length(note) < 1000\"))}")
    endif()
    if(k GREATER 2)
        set(t "t${before_2}")
        string(APPEND text ",\n"
            "    m::validate_constraint{\"${t}\", m::check(\"ck_${t}_note\", \"length(note) < 1000\")},\n"
            "    m::alter_column_type(\"${t}\", m::type_change{\"name\", \"varchar(100)\", \"varchar(200)\"})")
    endif()
    if(k GREATER 3)
        string(APPEND text ",\n    m::set_default{.table = \"t${before_3}\", .column = \"name\", .to = \"'none'\"}")
    endif()
    string(APPEND text ");\n\n")
    list(APPEND migrations "v${n}")

    # The struct, as the migrations leave its table.
    math(EXPR later "${COUNT} - ${k}")
    set(note "")
    set(type "varchar(100)")
    set(parts "")
    if(later GREATER 0)
        set(note "    std::optional<std::string> note{};\n")
        set(open "")
        if(later EQUAL 1)
            set(open ", .not_valid = true")
        endif()
        string(APPEND parts
            ",\n    sark::check{.name = \"ck_t${n}_note\", .expression = \"length(note) < 1000\"${open}}")
    endif()
    if(later GREATER 1)
        set(type "varchar(200)")
    endif()
    set(fallback "")
    if(later GREATER 2)
        set(fallback ", .fallback = \"'none'\"")
    endif()
    if(k GREATER 1)
        string(APPEND parts ",\n    sark::references<&generated::T${n}::parent, &generated::T${before_1}::id>{}")
    endif()
    string(APPEND structs
        "namespace generated {\nstruct T${n} {\n    std::int64_t id = 0;\n    std::optional<std::int64_t> parent{};\n"
        "    std::string name{};\n    std::string code{};\n    std::int32_t amount = 0;\n${note}};\n"
        "}  // namespace generated\n"
        "template <>\ninline constexpr auto sark::table_of<generated::T${n}> = sark::table(\n    \"t${n}\",\n"
        "    sark::column<&generated::T${n}::name>{.type = \"${type}\"${fallback}},\n"
        "    sark::column<&generated::T${n}::amount>{.fallback = \"0\"},\n"
        "    sark::unique<&generated::T${n}::code>{},\n"
        "    sark::check{\"ck_t${n}_amount\", \"amount >= 0\"},\n"
        "    sark::index<&generated::T${n}::parent>{\"ix_t${n}_parent\"}${parts});\n\n")
    list(APPEND names "generated::T${n}")
endforeach()
list(JOIN migrations ", " migrations)
list(JOIN names ", " names)
string(APPEND text "}  // namespace generated\n\n${structs}"
    "namespace generated {\n\ninline constexpr std::size_t count = ${COUNT};\n"
    "inline constexpr auto chain = m::chain<${migrations}>;\n\n"
    "/// Gives the list of structs to a template: `with_structs<proof>::value`.\n"
    "template <template <class...> class Use>\nusing with_structs = Use<${names}>;\n\n"
    "}  // namespace generated\n")
string(REPLACE "#include <sark/migrate/column_operations.hpp>"
    "#include <sark/migrate/chain.hpp>\n#include <sark/migrate/column_operations.hpp>" text "${text}")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${text}" @ONLY)
