// expect: never
// verdict: BAD: the program is wrong without SARK_REJECT too
static_assert(false, "sark: never. [sark-T01]");
