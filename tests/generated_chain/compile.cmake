# Compiles one file with the flags of the tests and further ones, and writes a log whose first line is the verdict.
#
#   cmake -DSOURCE=<file> -DFOLDER=<include folder> -DFLAGS=<file> -DMORE=<flag> -DCOMPILER=<c++> -DLOG=<file> -P compile.cmake
cmake_minimum_required(VERSION 3.24)
file(STRINGS "${FLAGS}" flags)
set(command "${COMPILER}" ${flags} ${MORE} "-I${FOLDER}")
execute_process(COMMAND ${command} -M -MT "${LOG}" -MF "${LOG}.d" "${SOURCE}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${command} -fsyntax-only "${SOURCE}" OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE state)
if(state EQUAL 0)
    set(verdict good)
else()
    set(verdict BAD)
endif()
file(WRITE "${LOG}" "${verdict}: exit code ${state}\n${command}\n${said}")
