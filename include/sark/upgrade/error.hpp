// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sark/db/error.hpp>
#include <sark/report/finding.hpp>

namespace sark::upgrade {

/// Says that another run holds the lock, or took this one over.
class busy : public sark::error {
public:
    using sark::error::error;
};

/// Says that nothing was written, and by its findings why.
class refused : public sark::error {
public:
    explicit refused(std::string const& sentence, std::vector<report::finding> why = {})
        : sark::error{sentence}, why_{std::move(why)} {}

    [[nodiscard]] std::vector<report::finding> const& why() const noexcept { return why_; }

private:
    std::vector<report::finding> why_;
};

}  // namespace sark::upgrade
