// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include <sark/meta/signature.hpp>
#include <sark/reflect/fields.hpp>
#include <sark/reflect/names.hpp>

namespace sark {

namespace detail {

template <class M>
struct member_pointer_parts;
template <class Owner, class Value>
struct member_pointer_parts<Value Owner::*> {
    using owner = Owner;
    using value = Value;
};

}  // namespace detail

/// Accepts pointers to data members.
template <auto M>
concept data_member = std::is_member_object_pointer_v<decltype(M)>;

/// Gives the struct a member pointer belongs to.
template <auto M>
    requires data_member<M>
using owner_of = typename detail::member_pointer_parts<std::remove_cv_t<decltype(M)>>::owner;

/// Gives the type of the member a pointer points to.
template <auto M>
    requires data_member<M>
using value_of = std::remove_cv_t<typename detail::member_pointer_parts<std::remove_cv_t<decltype(M)>>::value>;

/// Names the member a pointer points to, as it is spelled.
template <auto M>
    requires data_member<M>
inline constexpr std::string_view member_name = detail::last_identifier(detail::argument_of(detail::value_text<M>()));

/// Gives the position of a member among the fields of its struct.
template <auto M>
    requires data_member<M>
inline constexpr std::size_t member_position = detail::position_of(M);

}  // namespace sark
