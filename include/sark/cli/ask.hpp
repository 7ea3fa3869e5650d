// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <sark/cli/context.hpp>
#include <sark/cli/failure.hpp>
#include <sark/cli/options.hpp>

namespace sark::cli {

/// Goes on when `--yes` was given or a person at the terminal says so. Without both it fails; it never waits for nobody.
/// @throws failure
inline void confirm(context const& c, common_options const& o, std::string const& what) {
    if (o.yes) return;
    if (!c.in_is_terminal || !c.err_is_terminal)
        throw bad_usage(what + " Nothing was changed: say --yes to do it, because nobody is here to be asked.");
    *c.err << what << "\nGo on? [y/N] " << std::flush;
    std::string answer;
    std::getline(*c.in, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") throw bad_usage("Nothing was changed.");
}

}  // namespace sark::cli
