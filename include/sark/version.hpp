// SPDX-License-Identifier: MIT
#pragma once

namespace sark {

/// Names a release: three numbers, compared by `number()`.
struct version_t {
    int major;
    int minor;
    int patch;

    /// Gives one integer that grows with every release, e.g. 1'002'003 for 1.2.3.
    [[nodiscard]] constexpr int number() const noexcept { return (major * 1000 + minor) * 1000 + patch; }

    friend constexpr bool operator==(version_t const&, version_t const&) = default;
};

/// Is the release these headers belong to. The build reads the numbers from this line; there is no second copy.
inline constexpr version_t version{.major = 0, .minor = 1, .patch = 0};

}  // namespace sark
