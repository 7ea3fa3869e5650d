// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <sark/schema/type_mapping.hpp>

namespace sark {

/// Says how much harm a misuse can do; ordered, in C++ and in the SQL made from it.
enum class Sensitivity { low, medium, high, critical };

template <>
inline constexpr std::string_view enum_type_of<Sensitivity> = "sensitivitylevel";

namespace detail {

inline constexpr std::string_view sensitivity_check = "sensitivity_level IN ('low', 'medium', 'high', 'critical')";
inline constexpr std::string_view protocol_check = "protocol ~ '^[a-z][a-z0-9_.+-]*$'";

}  // namespace detail
}  // namespace sark
