# How tests and examples are declared.
#
#   sark_tests(<name> [DB | SERVER_PROGRAMS | ENGINE timescale|citus] SOURCES <file>...)   a Catch2 program, one CTest test per test case.
#       label unit; DB: label db, needs a server; SERVER_PROGRAMS: label db, needs initdb and postgres.
#       ENGINE: label engine, needs SARK_TEST_TIMESCALE_URL or SARK_TEST_CITUS_URL, is skipped without.
#       What it needs and cannot have makes it "skipped", or a failure where CI or SARK_REQUIRE_DATABASE is set.
#   sark_reject_tests(<file>...)  programs the compiler must refuse, see tests/support/reject.cpp; label reject
#   sark_example(<name>)          examples/<name>.cpp or examples/<name>/*.cpp; with <name>.expected beside it the
#       output is compared; label example

set(SARK_TEST_REJECTS ON CACHE BOOL "Compile the programs of tests/rejects")
set(SARK_TEST_PACKAGE ON CACHE BOOL "Build the consumers of tests/package")
mark_as_advanced(SARK_TEST_REJECTS SARK_TEST_PACKAGE)
set(sark_cmake_dir "${CMAKE_CURRENT_LIST_DIR}")

if(SARK_BUILD_TESTS)
    find_package(Catch2 QUIET)  # 2 or 3: no version asked for
    if(NOT TARGET Catch2::Catch2)
        message(FATAL_ERROR "The tests need Catch2, 2.13 or 3 (Debian: catch2). Install it or set SARK_BUILD_TESTS=OFF.")
    endif()
    include(Catch)
    # Its include path is the compiler's own on most systems; -isystem keeps our warnings out of it elsewhere.
    add_library(sark_catch INTERFACE)
    target_link_libraries(sark_catch INTERFACE Catch2::Catch2)
endif()

function(sark_tests name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "DB;SERVER_PROGRAMS" "ENGINE" "SOURCES")
    if(NOT arg_SOURCES)
        return()
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE sark::sark sark_catch sark_test_main)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support" "${PROJECT_SOURCE_DIR}/tests")
    if(arg_DB)
        target_link_libraries(${name} PRIVATE sark_need_server)
        set(label db)
    elseif(arg_ENGINE)
        # Its own answer to what is missing comes before the one of the library behind it.
        target_link_libraries(${name} PRIVATE sark_need_${arg_ENGINE} sark_need_server)
        set(label engine)
    elseif(arg_SERVER_PROGRAMS)
        target_link_libraries(${name} PRIVATE sark_need_server_programs)
        set(label db)
    else()
        target_link_libraries(${name} PRIVATE sark_need_nothing)
        set(label unit)
    endif()
    # Catch2 3 would put its own code for "skipped" over ours, unless told that it is none; Catch2 2 overhears the word.
    catch_discover_tests(${name} SKIP_IS_FAILURE PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77 TIMEOUT 300)
endfunction()

# Gives (as a generator expression) the include folders of others that a target brings, without those the compiler
# searches anyway: -isystem /usr/include would break the compiler's own #include_next.
function(sark_outside_includes target result)
    set(list "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
    foreach(known IN ITEMS "${PROJECT_SOURCE_DIR}/include" LISTS CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
        string(REGEX REPLACE "[+.()*?^$]" "\\\\\\0" pattern "${known}")
        set(list "$<FILTER:${list},EXCLUDE,^${pattern}$>")
    endforeach()
    set(${result} "$<REMOVE_DUPLICATES:${list}>" PARENT_SCOPE)
endfunction()

# The flags of the judge: what a test program of ours would be compiled with, one flag per line.
function(sark_write_reject_flags file)
    sark_outside_includes(sark_sark outside)
    set(flags "-std=c++20" "-fdiagnostics-color=never" "-fmessage-length=0" "-I${PROJECT_SOURCE_DIR}/include"
        "-I${PROJECT_SOURCE_DIR}/tests")
    separate_arguments(common NATIVE_COMMAND "${CMAKE_CXX_FLAGS}")
    list(APPEND flags ${common})
    list(JOIN flags "\n" text)
    file(GENERATE OUTPUT "${file}" CONTENT
        "${text}\n$<$<BOOL:${outside}>:-isystem\n$<JOIN:${outside},\n-isystem\n>>\n")
endfunction()

# Has the headers that <includes> (a list) name compiled once for all programs that include just these; gives the flags.
function(sark_reject_headers includes result)
    string(SHA1 name "${includes}")
    set(header "${PROJECT_BINARY_DIR}/reject_headers/${name}.hpp")
    list(TRANSFORM includes APPEND "\n")
    list(JOIN includes "" text)
    file(CONFIGURE OUTPUT "${header}" CONTENT "${text}" @ONLY)
    set(flags "${PROJECT_BINARY_DIR}/reject_flags.txt")
    add_custom_command(OUTPUT "${header}.gch"
        COMMAND sark_reject precompile "${header}" "${header}.d" "${flags}" -- "${CMAKE_CXX_COMPILER}"
        DEPENDS "${header}" "${flags}" sark_reject
        DEPFILE "${header}.d"
        COMMENT "Compiling headers of tests/rejects"
        VERBATIM)
    set(${result} -Winvalid-pch -include "${header}" PARENT_SCOPE)
endfunction()

function(sark_reject_tests)
    # What a program includes of ours, as one word; many include the same.
    foreach(file IN LISTS ARGN)
        file(STRINGS "${file}" includes REGEX "^#include <sark/[^>]*>")
        list(SORT includes)
        list(JOIN includes "|" key)
        list(APPEND keys "${key}")
        list(APPEND of_${key} "${file}")
    endforeach()
    list(REMOVE_DUPLICATES keys)
    foreach(key IN LISTS keys)
        set(headers "")
        set(header_flags "")
        list(LENGTH of_${key} users)
        if(users GREATER 3)
            string(REPLACE "|" ";" includes "${key}")
            sark_reject_headers("${includes}" header_flags)
            list(GET header_flags -1 headers)
            string(APPEND headers ".gch")
        endif()
        foreach(file IN LISTS of_${key})
            sark_reject_test("${file}" "${headers}" "${header_flags}")
        endforeach()
    endforeach()
endfunction()

function(sark_reject_test file headers header_flags)
    get_filename_component(name "${file}" NAME_WE)
    get_filename_component(source "${file}" ABSOLUTE)
    set(log "${CMAKE_CURRENT_BINARY_DIR}/rejects/${name}.log")
    set(flags "${PROJECT_BINARY_DIR}/reject_flags.txt")
    add_custom_command(OUTPUT "${log}"
        COMMAND sark_reject compile "${source}" "${log}" "${log}.d" "${flags}"
            -- "${CMAKE_CXX_COMPILER}" ${header_flags}
        DEPENDS "${source}" "${flags}" ${headers} sark_reject
        DEPFILE "${log}.d"
        COMMENT "Compiling tests/rejects/${name}.cpp, both ways"
        VERBATIM)
    add_custom_target("sark_reject_${name}" ALL DEPENDS "${log}")
    add_test(NAME "reject: ${name}" COMMAND sark_reject check "${log}")
    set_tests_properties("reject: ${name}" PROPERTIES LABELS reject)
endfunction()

function(sark_example name)
    set(dir "${PROJECT_SOURCE_DIR}/examples")
    if(IS_DIRECTORY "${dir}/${name}")
        file(GLOB sources CONFIGURE_DEPENDS "${dir}/${name}/*.cpp")
        set(expected "${dir}/${name}/${name}.expected")
    else()
        set(sources "${dir}/${name}.cpp")
        set(expected "${dir}/${name}.expected")
    endif()
    add_executable(example_${name} ${sources})
    set_target_properties(example_${name} PROPERTIES OUTPUT_NAME ${name})
    target_link_libraries(example_${name} PRIVATE sark::sark)
    target_include_directories(example_${name} PRIVATE "${dir}")
    if(EXISTS "${expected}" AND SARK_BUILD_TESTS)
        add_test(NAME "example: ${name}"
            COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:example_${name}>" "-DEXPECTED=${expected}"
                "-DSERVER=$<TARGET_FILE:sark_with_postgres>" -P "${sark_cmake_dir}/compare_output.cmake")
        set_tests_properties("example: ${name}" PROPERTIES LABELS example TIMEOUT 300)
    endif()
endfunction()
