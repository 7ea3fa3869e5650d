# The README is true: its first program compiles and runs, and its mistake gets the message that it shows.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/README.md")
file(READ "${PROJECT_SOURCE_DIR}/README.md" readme)

# Gives the first fenced block of a language, and the text after it.
function(take_block language text block_var rest_var)
    string(FIND "${text}" "```${language}\n" begin)
    if(begin EQUAL -1)
        message(FATAL_ERROR "README.md has lost its ${language} block. The test tests/readme looks for it.")
    endif()
    string(LENGTH "```${language}\n" fence)
    math(EXPR begin "${begin} + ${fence}")
    string(SUBSTRING "${text}" ${begin} -1 tail)
    string(FIND "${tail}" "```" end)
    string(SUBSTRING "${tail}" 0 ${end} block)
    string(SUBSTRING "${tail}" ${end} -1 rest)
    set(${block_var} "${block}" PARENT_SCOPE)
    set(${rest_var} "${rest}" PARENT_SCOPE)
endfunction()

take_block(cpp "${readme}" program rest)
take_block(cpp "${rest}" mistake rest)
take_block(text "${rest}" message rest)

file(CONFIGURE OUTPUT readme_program.cpp CONTENT "${program}" @ONLY)
add_executable(sark_readme "${CMAKE_CURRENT_BINARY_DIR}/readme_program.cpp")
target_link_libraries(sark_readme PRIVATE sark::sark)
add_test(NAME "readme: the program runs" COMMAND sark_with_postgres -- $<TARGET_FILE:sark_readme>)
set_tests_properties("readme: the program runs" PROPERTIES LABELS db)

# The shown message is wrapped; the compiler's is not.
string(REPLACE "\n" " " message "${message}")
string(REGEX MATCH "sark: [^]]*\\]" sentence "${message}")
string(REGEX MATCH "^.*int main" before_main "${program}")
string(REPLACE "int main" "" before_main "${before_main}")
file(CONFIGURE OUTPUT readme_mistake.cpp CONTENT "// expect: ${sentence}
// also: compared_types_match
// also: Book::title
${before_main}
#ifdef SARK_REJECT
${mistake}
#endif
" @ONLY)
sark_reject_tests("${CMAKE_CURRENT_BINARY_DIR}/readme_mistake.cpp")
