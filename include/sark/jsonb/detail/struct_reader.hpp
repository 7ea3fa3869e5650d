// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <sark/codec/error.hpp>
#include <sark/codec/number.hpp>
#include <sark/jsonb/detail/forms.hpp>
#include <sark/jsonb/detail/json_part.hpp>
#include <sark/jsonb/tree.hpp>
#include <sark/reflect/enum_names.hpp>

namespace sark::detail {

[[noreturn]] inline void refuse_document(json_place const& at, std::string_view wanted) {
    std::string sentence{"sark: the document has not "};
    sentence.append(wanted).append(" at ");
    at.append_to(sentence);
    throw error{sentence + ". Correct the document, or make the member a std::optional or of the right type."};
}

inline void need_kind(json_part value, json_kind kind, std::string_view what, json_place const& at) {
    if (value.kind() != kind) refuse_document(at, what);
}

/// Spells a number without exponent, empty for one of more digits than anything here holds.
[[nodiscard]] inline std::string plain_number(std::string_view number) {
    std::string text = json_tree::canonical_number(number);
    std::size_t const e = text.find('e');
    if (e == std::string::npos) return text;
    long long exponent = 0;
    std::from_chars(text.data() + e + 1, text.data() + text.size(), exponent);
    text.resize(e);
    bool const negative = text.front() == '-';
    auto const digits = static_cast<long long>(text.size()) - (negative ? 1 : 0);
    if (exponent > 64 || exponent < -64 || digits > 128) return {};
    if (exponent >= 0) return text.append(static_cast<std::size_t>(exponent), '0');
    if (-exponent >= digits) text.insert(negative ? 1 : 0, static_cast<std::size_t>(-exponent - digits + 1), '0');
    return text.insert(text.size() - static_cast<std::size_t>(-exponent), ".");
}

/// Is the name of a member and its position.
struct json_member_name {
    std::string_view name;
    std::size_t position;

    /// Orders as jsonb does: by length, then byte by byte.
    [[nodiscard]] constexpr bool is_before(std::string_view other) const {
        return name.size() != other.size() ? name.size() < other.size() : name < other;
    }
};

/// Finds the members of an object by name, the last of equal ones, in one walk; `names` have the order of jsonb.
///
/// No template: one for all structs.
inline void find_members(json_part object, json_member_name const* names, std::size_t count, json_part* found,
                         json_own_keys const& own, other_members* others, bool reject, json_place const& at) {
    std::string scratch;
    std::size_t expected = 0;
    json_part value;
    for (json_part key = object.inside(); key != object.behind(); key = value.behind()) {
        value = key.behind();
        std::string_view const name = key.content(scratch);
        std::size_t i = expected;
        // Documents of jsonb have the order of the names, so the next one is nearly always the right one.
        if (i == count || names[i].name != name)
            i = static_cast<std::size_t>(
                std::partition_point(names, names + count,
                                     [&](json_member_name const& n) { return n.is_before(name); }) -
                names);
        if (i < count && names[i].name == name) {
            found[names[i].position] = value;
            expected = i + 1;
        } else if (own.has(name)) {
            continue;
        } else if (reject) {
            refuse_document({&at, name}, "a member that its struct has");
        } else if (others != nullptr) {
            others->set(std::string{name}, json_access::checked(value.text()));
        }
    }
}

[[nodiscard]] inline json_part find_member(json_part object, std::string_view name) {
    json_member_name const only{name, 0};
    json_part found;
    find_members(object, &only, 1, &found, {}, nullptr, false, {});
    return found;
}

/// Lists the names of a struct's members in the order of jsonb; the place of the others is no member.
template <class T>
inline constexpr auto sorted_json_names = [] {
    std::array<json_member_name, field_count<T> - count_of_others<T>> sorted{};
    std::size_t count = 0;
    for_each_position<T>([&](auto i) {
        if constexpr (form_of<field_type<T, i>> != json_form::others) {
            std::size_t at = count++;
            for (; at > 0 && !sorted[at - 1].is_before(json_names<T>[i]); --at) sorted[at] = sorted[at - 1];
            sorted[at] = {json_names<T>[i], i};
        }
    });
    return sorted;
}();

/// Reads the text of documents that passed the guard into structs; refusals carry the path.
template <class T>
struct document_reader;

template <class T>
[[nodiscard]] T read_value(json_part value, json_place const& at);

template <class Number>
[[nodiscard]] Number read_number(json_part part, json_place const& at) {
    need_kind(part, json_kind::number, "a number", at);
    std::string_view const value = part.text();
    Number number{};
    if constexpr (std::is_integral_v<Number>) {
        auto const [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (failure == std::errc{} && end == value.data() + value.size()) return number;
        // 1.0 and 1e2 are integers: jsonb, too, compares by value.
        std::string const plain = plain_number(value);
        auto const again = std::from_chars(plain.data(), plain.data() + plain.size(), number);
        if (!plain.empty() && again.ec == std::errc{} && again.ptr == plain.data() + plain.size()) return number;
        refuse_document(at, "an integer that its member holds");
    } else {
        if (read_floating(value, number)) return number;
        // Nearer to zero than any other number is zero; beyond the greatest is nothing.
        std::string const canonical = json_tree::canonical_number(value);
        std::size_t const e = canonical.find('e');
        bool const is_small = e != std::string::npos && canonical.find('-', e) != std::string::npos;
        if (!is_small) refuse_document(at, "a number that its member holds");
        return canonical.front() == '-' ? -Number{} : Number{};
    }
}

template <unsigned P, unsigned S>
void read_decimal(numeric<P, S>& amount, json_part value, json_place const& at) {
    need_kind(value, json_kind::number, "a number", at);
    try {
        amount = numeric<P, S>{std::string_view{plain_number(value.text())}};
    } catch (std::logic_error const&) { refuse_document(at, "a decimal that its member holds exactly"); }
}

template <class T>
[[nodiscard]] T read_scalar(json_part value, json_place const& at) {
    if constexpr (std::same_as<T, bool>) {
        need_kind(value, json_kind::boolean, "a boolean", at);
        return value.front() == 't';
    } else if constexpr (std::is_arithmetic_v<T>) {
        return read_number<T>(value, at);
    } else if constexpr (std::is_enum_v<T>) {
        need_kind(value, json_kind::string, "a label", at);
        std::string scratch;
        auto const label = from_label<T>(value.content(scratch));
        if (!label) refuse_document(at, "a label of its enum");
        return *label;
    } else if constexpr (std::same_as<T, std::string>) {
        need_kind(value, json_kind::string, "text", at);
        return value.content();
    } else if constexpr (requires { T::max_characters; }) {
        need_kind(value, json_kind::string, "text", at);
        std::string text = value.content();
        if (code_points(text) > T::max_characters) refuse_document(at, "text that is short enough");
        return T{std::move(text)};
    } else if constexpr (requires(T& t) { read_decimal(t, value, at); }) {
        T amount;
        read_decimal(amount, value, at);
        return amount;
    } else {
        need_kind(value, json_kind::string, "text", at);
        T read{};
        std::string scratch;
        if (!read_text_form(value.content(scratch), read))
            refuse_document(at, std::same_as<T, uuid>   ? "a uuid in lower case"
                                : std::same_as<T, date> ? "a date as 2026-12-31"
                                                        : "an instant as 2026-12-31T23:59:59Z");
        return read;
    }
}

template <class T>
[[nodiscard]] T read_elements(json_part value, json_place const& at) {
    need_kind(value, json_kind::array, "an array", at);
    T elements{};
    if constexpr (form_of<T> == json_form::list) elements.reserve(value.elements());
    std::size_t i = 0;
    json_part element = value.inside();
    for (; element != value.behind(); element = element.behind(), ++i) {
        json_place const here{&at, {}, i};
        if constexpr (form_of<T> == json_form::array) {
            if (i >= elements.size()) break;
            elements[i] = read_value<typename T::value_type>(element, here);
        } else if constexpr (form_of<T> == json_form::set) {
            elements.insert(read_value<typename T::value_type>(element, here));
        } else {
            elements.push_back(read_value<typename T::value_type>(element, here));
        }
    }
    if constexpr (form_of<T> == json_form::array)
        if (i != elements.size() || element != value.behind())
            refuse_document(at, "an array of as many elements as its member");
    return elements;
}

template <class T, std::size_t I>
[[nodiscard]] field_type<T, I> read_member(json_part value, other_members& others, json_place const& at) {
    using member = field_type<T, I>;
    json_place const here{&at, json_names<T>[I]};
    if constexpr (form_of<member> == json_form::others) {
        return std::move(others);
    } else if constexpr (form_of<member> == json_form::maybe) {
        if (value.is_absent()) return {};
        if (value.kind() == json_kind::null) return json_null;
        return read_value<typename member::value_type>(value, here);
    } else {
        if constexpr (form_of<member> == json_form::optional)
            if (value.is_absent()) return std::nullopt;
        if (value.is_absent()) refuse_document(here, "a value");
        return read_value<member>(value, here);
    }
}

template <class T>
[[nodiscard]] T read_object(json_part value, json_place const& at, json_own_keys const& own = {}) {
    need_kind(value, json_kind::object, "an object", at);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        if constexpr (check_json_struct<T>() && (check_json_member<T, I>() && ...)) {
            std::array<json_part, sizeof...(I) + 1> found{};
            constexpr auto const& names = sorted_json_names<T>;
            other_members others;
            find_members(value, names.data(), names.size(), found.data(), own,
                         count_of_others<T> != 0 ? &others : nullptr, unknown_members_of<T> == unknown_members::reject,
                         at);
            return T{read_member<T, I>(found[I], others, at)...};
        } else {
            return T{};
        }
    }(std::make_index_sequence<field_count<T>>{});
}

// ---- versions

template <class T, std::size_t I, class V>
[[nodiscard]] constexpr T raise_version(V&& value) {
    if constexpr (I + 1 == versions_list<T>::size)
        return std::move(value);
    else
        return raise_version<T, I + 1>(upcast(std::move(value)));
}

template <class T>
[[nodiscard]] T read_versioned(json_part value, json_place const& at, json_own_keys own) {
    need_kind(value, json_kind::object, "an object", at);
    if constexpr (!check_versions<T>()) {
        return T{};
    } else {
        using list = versions_list<T>;
        constexpr std::string_view key = versions_of<T>.key;
        own.version = key;
        json_part const spelled = find_member(value, key);
        std::size_t const number = spelled.is_absent() ? 1 : read_number<std::uint32_t>(spelled, {&at, key});
        if (number == 0) refuse_document({&at, key}, "a version number");
        if (number > list::size) {
            std::string sentence{"sark: the document at "};
            at.append_to(sentence);
            throw error{sentence + " is of a newer version than this program knows, which is " +
                        std::to_string(list::size) + ". Update the program."};
        }
        using reader = T (*)(json_part, json_place const&, json_own_keys const&);
        static constexpr auto readers = []<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<reader, sizeof...(I)>{[](json_part v, json_place const& p, json_own_keys const& o) -> T {
                return raise_version<T, I>(read_object<typename list::template at<I>>(v, p, o));
            }...};
        }(std::make_index_sequence<list::size>{});
        return readers[number - 1](value, at, own);
    }
}

// ---- alternatives

template <class A>
[[nodiscard]] A read_struct(json_part value, json_place const& at, json_own_keys const& own) {
    if constexpr (form_of<A> == json_form::versions)
        return read_versioned<A>(value, at, own);
    else
        return read_object<A>(value, at, own);
}

template <class Variant>
struct choice_reader;
template <class... As>
struct choice_reader<std::variant<As...>> {
    using variant = std::variant<As...>;

    [[nodiscard]] static variant read(json_part value, json_place const& at) {
        need_kind(value, json_kind::object, "an object", at);
        if constexpr (choice_check<variant>::run()) {
            constexpr std::string_view key = tag_key_of<variant>;
            json_part const spelled = find_member(value, key);
            bool const has_tag = !spelled.is_absent() && spelled.kind() == json_kind::string;
            std::string scratch;
            std::string_view const tag = has_tag ? spelled.content(scratch) : std::string_view{};
            std::optional<variant> found;
            (void)(try_one<As>(found, has_tag, tag, value, at) || ...);
            if (!found) refuse_document({&at, key}, "the tag of one of its alternatives");
            return std::move(*found);
        } else {
            return variant{};
        }
    }

private:
    template <class A>
    static bool try_one(std::optional<variant>& found, bool has_tag, std::string_view tag, json_part value,
                        json_place const& at) {
        if constexpr (std::same_as<A, unknown_document>) {
            // Whatever its place in the list, it is for what no other alternative takes.
            if (has_tag && ((!std::same_as<As, unknown_document> && tag == tag_of<As>) || ...)) return false;
            found.emplace(std::in_place_type<A>, json_access::checked(value.text()));
        } else {
            if (!has_tag || tag != tag_of<A>) return false;
            found.emplace(std::in_place_type<A>, read_struct<A>(value, at, {.tag = tag_key_of<variant>}));
        }
        return true;
    }
};

template <class T>
T read_value(json_part value, json_place const& at) {
    constexpr json_form form = form_of<T>;
    if constexpr (!check_json_type<T>()) {
        refuse_document(at, "a form");
    } else if constexpr (form == json_form::scalar || form == json_form::instant) {
        return read_scalar<T>(value, at);
    } else if constexpr (form == json_form::raw) {
        return json_access::checked(value.text());
    } else if constexpr (form == json_form::optional) {
        if (value.kind() == json_kind::null) return std::nullopt;
        return read_value<typename T::value_type>(value, at);
    } else if constexpr (form == json_form::list || form == json_form::array || form == json_form::set) {
        return read_elements<T>(value, at);
    } else if constexpr (form == json_form::map) {
        need_kind(value, json_kind::object, "an object", at);
        T values;
        json_part element;
        for (json_part key = value.inside(); key != value.behind(); key = element.behind()) {
            element = key.behind();
            std::string name = key.content();
            json_place const here{&at, name};
            auto read = read_value<typename T::mapped_type>(element, here);
            values.insert_or_assign(std::move(name), std::move(read));
        }
        return values;
    } else if constexpr (form == json_form::choice) {
        return choice_reader<T>::read(value, at);
    } else {
        return read_struct<T>(value, at, {});
    }
}

/// Reads a document after the guard, which sees all of it before a member is read.
template <class T>
[[nodiscard]] T read_document(std::string_view text, json_limits const& limits = {}) {
    json_source const source{text, limits};
    return read_value<T>(json_part{source, 0}, json_place{});
}

}  // namespace sark::detail
