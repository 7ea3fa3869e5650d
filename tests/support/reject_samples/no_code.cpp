// expect: a rule without a number
// verdict: BAD: one code was to appear on error lines, there are 0:
#ifdef SARK_REJECT
static_assert(false, "sark: a rule without a number.");
#endif
