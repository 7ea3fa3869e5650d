// expect: first
// verdict: BAD: one code was to appear on error lines, there are 2: sark-Q01 sark-Q02
#ifdef SARK_REJECT
static_assert(false, "sark: first. [sark-Q01]");
static_assert(false, "sark: second. [sark-Q02]");
#endif
