// verdict: BAD: the first line is not '// expect: <text>'
#ifdef SARK_REJECT
static_assert(false, "sark: first. [sark-Q01]");
#endif
