# Configures (the first time), builds and runs tests/package/consumer in one of its ways.
cmake_minimum_required(VERSION 3.24)

set(dir "${WORK}/${WAY}")
set(consumer "${SARK_SOURCE}/tests/package/consumer")

function(step what)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE state OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(NOT state EQUAL 0)
        message(FATAL_ERROR "${WAY}: ${what} ended with ${state}\n${said}")
    endif()
    set(said "${said}" PARENT_SCOPE)
endfunction()

if(NOT EXISTS "${dir}/build.ninja" AND NOT EXISTS "${dir}/Makefile")
    step("configuring" "${CMAKE_COMMAND}" -S "${consumer}" -B "${dir}" -G "${GENERATOR}"
        "-DWAY=${WAY}" "-DSARK_SOURCE=${SARK_SOURCE}" "-DSARK_VERSION=${VERSION}"
        "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DSARK_PREFIX=${WORK}/prefix"
        "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CXX_FLAGS=${FLAGS}")
endif()
step("building" "${CMAKE_COMMAND}" --build "${dir}")
foreach(program IN ITEMS consumer_core consumer)
    if(EXISTS "${dir}/${program}")
        step("running ${program}" "${dir}/${program}")
        string(STRIP "${said}" said)
        if(NOT said STREQUAL VERSION)
            message(FATAL_ERROR "${WAY}: ${program} printed '${said}', not ${VERSION}")
        endif()
        list(APPEND ran ${program})
    endif()
endforeach()
if(WAY STREQUAL core_only)
    set(wanted consumer_core)
else()
    set(wanted consumer_core consumer)
endif()
if(NOT "${ran}" STREQUAL "${wanted}")
    message(FATAL_ERROR "${WAY}: ran '${ran}', wanted '${wanted}'")
endif()
