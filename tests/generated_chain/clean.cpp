// SPDX-License-Identifier: MIT
// Compiling this file is the test: the linter judges every migration of a long chain, each in a constant expression whose
// steps do not grow with the chain.
#include <generated_chain.hpp>
#include <sark/migrate/lint.hpp>

static_assert(generated::chain.view().size() == generated::count);
static_assert(sark::migrate::is_clean<generated::chain>);
