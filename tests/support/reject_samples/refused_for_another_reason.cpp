// expect: where was given twice
// verdict: BAD: no failed static assertion says: where was given twice
#ifdef SARK_REJECT
// The compiler echoes this line, which must not count: static assertion failed: sark: where was given twice [sark-Q07]
int number = "text";  // error: static assertion failed: sark: where was given twice. [sark-Q07]
#endif
