// expect: anything
// verdict: BAD: the wrong line was accepted
int main() {}
