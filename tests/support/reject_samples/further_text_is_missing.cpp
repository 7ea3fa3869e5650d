// expect: first
// also: name_of_a_table
// verdict: BAD: nowhere in the compiler's output: name_of_a_table
#ifdef SARK_REJECT
static_assert(false, "sark: first. [sark-Q01]");
#endif
