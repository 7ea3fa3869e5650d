# Writes cmake/headers.cmake anew from what lies under include/sark:   cmake -P cmake/update_headers.cmake
#
# The folder cli is sark::cli. Another header belongs to sark::sark when it, or anything it includes, reaches the driver or the JSON
# library, or when its folder is about a live server. All others belong to sark::core.
cmake_minimum_required(VERSION 3.24)
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

set(live_folders "^sark/(db|relation|catalog|migrations|upgrade|validate|optimize|bench|federation|cost|cli|testing)(/|\\.hpp$)")
set(outside "^(pqxx/|libpq-fe\\.h|nlohmann/|CLI/)")

file(GLOB_RECURSE headers RELATIVE "${root}/include" "${root}/include/sark/*.hpp")
list(SORT headers)

set(live "")
foreach(header IN LISTS headers)
    file(STRINGS "${root}/include/${header}" lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
    set(included "")
    foreach(line IN LISTS lines)
        if(line MATCHES "include[ \t]*[<\"]([^>\"]+)[>\"]")
            list(APPEND included "${CMAKE_MATCH_1}")
        endif()
    endforeach()
    set(includes_of_${header} "${included}")
    if(header MATCHES "${live_folders}" OR header MATCHES "^sark/(sark|tools)\\.hpp$")
        list(APPEND live "${header}")
    else()
        foreach(name IN LISTS included)
            if(name MATCHES "${outside}")
                list(APPEND live "${header}")
                break()
            endif()
        endforeach()
    endif()
endforeach()

set(changed TRUE)
while(changed)
    set(changed FALSE)
    foreach(header IN LISTS headers)
        if(NOT header IN_LIST live)
            foreach(name IN LISTS includes_of_${header})
                if(name IN_LIST live)
                    list(APPEND live "${header}")
                    set(changed TRUE)
                    break()
                endif()
            endforeach()
        endif()
    endforeach()
endwhile()

set(core_lines "")
set(sark_lines "")
set(cli_lines "")
foreach(header IN LISTS headers)
    if(header MATCHES "^sark/cli(/|\\.hpp$)")
        string(APPEND cli_lines "    include/${header}\n")
    elseif(header IN_LIST live)
        string(APPEND sark_lines "    include/${header}\n")
    else()
        string(APPEND core_lines "    include/${header}\n")
    endif()
endforeach()

file(CONFIGURE OUTPUT "${root}/cmake/headers.cmake" @ONLY CONTENT [==[
# Every header, once. Written by cmake/update_headers.cmake; the layout test compares it with the disk.

# std and Boost.PFR only: installed with sark::core.
set(SARK_CORE_HEADERS
@core_lines@)

# Need libpqxx, libpq or nlohmann/json, or a server to be of use: installed with sark::sark.
set(SARK_SARK_HEADERS
@sark_lines@)

# The command line, needs CLI11 too: installed with sark::cli.
set(SARK_CLI_HEADERS
@cli_lines@)
]==])
