# Compiles what the preprocessor left, and keeps what GCC says it took: cmake -DCOMPILER=… -DSOURCE=… -DREPORT=… -P
execute_process(COMMAND "${COMPILER}" -std=c++20 -O0 -fsyntax-only -ftime-report "${SOURCE}"
    ERROR_FILE "${REPORT}" RESULT_VARIABLE state)
if(NOT state EQUAL 0)
    file(READ "${REPORT}" said)
    file(REMOVE "${REPORT}")
    message(FATAL_ERROR "${said}")
endif()
