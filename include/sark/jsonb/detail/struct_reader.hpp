// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <sark/codec/error.hpp>
#include <sark/jsonb/detail/struct_writer.hpp>
#include <sark/jsonb/tree.hpp>
#include <sark/reflect/enum_names.hpp>
#include <sark/types/varchar.hpp>

namespace sark::detail {

/// Reads trees into structs and keeps the path to where it is, for messages.
class struct_reader {
public:
    template <class T>
    T read(json_tree const& tree) {
        if constexpr (!check_json_type<T>()) {
            refuse("a form");
        } else if constexpr (std::same_as<T, bool>) {
            need(tree, json_kind::boolean, "a boolean");
            return tree.is_true();
        } else if constexpr (std::is_arithmetic_v<T>) {
            return read_number<T>(tree);
        } else if constexpr (std::is_enum_v<T>) {
            need(tree, json_kind::string, "a label");
            auto const value = from_label<T>(tree.text());
            if (!value) refuse("a label of its enum");
            return *value;
        } else if constexpr (std::same_as<T, std::string>) {
            need(tree, json_kind::string, "text");
            return tree.text();
        } else if constexpr (json_scalar<T>) {
            need(tree, json_kind::string, "text");
            if (code_points(tree.text()) > T::max_characters) refuse("text that is short enough");
            return T{tree.text()};
        } else if constexpr (is_json_optional<T>) {
            if (tree.is(json_kind::null)) return std::nullopt;
            return read<typename T::value_type>(tree);
        } else if constexpr (is_json_list<T>) {
            need(tree, json_kind::array, "an array");
            T values;
            values.reserve(tree.items().size());
            for (std::size_t i = 0; i < tree.items().size(); ++i)
                values.push_back(below("[" + std::to_string(i) + "]",
                                       [&] { return read<typename T::value_type>(tree.items()[i]); }));
            return values;
        } else if constexpr (is_json_map<T>) {
            need(tree, json_kind::object, "an object");
            T values;
            for (auto const& [name, value] : tree.members())
                values.emplace(name, below("." + name, [&] { return read<typename T::mapped_type>(value); }));
            return values;
        } else {
            need(tree, json_kind::object, "an object");
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                if constexpr ((check_json_member<T, I>() && ...))
                    return T{read_member<T, I>(tree)...};
                else
                    return refuse("a form"), T{};
            }(std::make_index_sequence<field_count<T>>{});
        }
    }

private:
    template <class T, std::size_t I>
    field_type<T, I> read_member(json_tree const& object) {
        constexpr std::string_view name = without_trailing_underscore(field_name<T, I>);
        json_tree const* const found = object.find(name);
        return below("." + std::string{name}, [&]() -> field_type<T, I> {
            if (found != nullptr) return read<field_type<T, I>>(*found);
            if constexpr (is_json_optional<field_type<T, I>>)
                return std::nullopt;
            else
                refuse("a value");
        });
    }

    template <class Number>
    Number read_number(json_tree const& tree) {
        need(tree, json_kind::number, "a number");
        std::string const& text = tree.text();
        Number value{};
        auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure != std::errc{} || end != text.data() + text.size())
            refuse(std::is_integral_v<Number> ? "an integer that its member holds" : "a number that its member holds");
        return value;
    }

    template <class F>
    auto below(std::string const& step, F&& f) {
        std::size_t const before = path_.size();
        path_ += step;
        auto value = f();
        path_.resize(before);
        return value;
    }

    void need(json_tree const& tree, json_kind kind, std::string_view what) {
        if (!tree.is(kind)) refuse(what);
    }

    [[noreturn]] void refuse(std::string_view wanted) const {
        std::string sentence{"sark: the document has not "};
        sentence.append(wanted).append(" at $").append(path_);
        throw error{sentence + ". Correct the document, or make the member a std::optional or of the right type."};
    }

    std::string path_;
};

}  // namespace sark::detail
