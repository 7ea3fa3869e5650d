# Runs an example against a fresh private server and compares what it prints with the file beside it.
# SARK_RENEW_EXPECTED=1 in the environment writes the file anew instead: review the difference.
cmake_minimum_required(VERSION 3.24)
get_filename_component(folder "${EXPECTED}" DIRECTORY)
execute_process(
    COMMAND "${SERVER}" -- "${PROGRAM}"
    WORKING_DIRECTORY "${folder}"
    OUTPUT_VARIABLE printed
    ERROR_VARIABLE said
    RESULT_VARIABLE state)
if(NOT state EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} ended with ${state}\n${printed}\n${said}")
endif()
if("$ENV{SARK_RENEW_EXPECTED}")
    file(WRITE "${EXPECTED}" "${printed}")
    return()
endif()
file(READ "${EXPECTED}" expected)
if(NOT printed STREQUAL expected)
    file(WRITE "${PROGRAM}.printed" "${printed}")
    execute_process(COMMAND diff -u "${EXPECTED}" "${PROGRAM}.printed" OUTPUT_VARIABLE difference)
    message(FATAL_ERROR "${PROGRAM} prints something else than ${EXPECTED}:\n${difference}")
endif()
