// expect: no primary key
// verdict: good: refused with the right sentence
#ifdef SARK_REJECT
static_assert(false, "sark: this table has no primary key. Name one. [sark-T01]");
#endif
