// expect: where was given twice
// also: Capability
// verdict: good: refused with the right sentence
struct Capability;
template <class T>
struct query {
    static_assert(sizeof(T*) == 0, "sark: where was given twice. Join the conditions with &&. [sark-Q07]");
};
#ifdef SARK_REJECT
template struct query<Capability>;
#endif
