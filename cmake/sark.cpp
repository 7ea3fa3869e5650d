// The operator's program, whole.
#include <sark/cli.hpp>

int main(int count, char** words) { return sark::cli::run(count, words); }
