// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <sark/codec/error.hpp>
#include <sark/codec/json_guard.hpp>
#include <sark/jsonb/detail/forms.hpp>

namespace sark::detail {

/// Writes structs, lists, maps and scalars as JSON; the order of members is the order of fields.
class struct_writer {
public:
    explicit struct_writer(std::string& out) : out_{out} {}

    template <class T>
    void write(T const& value, json_place const& at) {
        constexpr json_form form = form_of<T>;
        if constexpr (!check_json_type<T>()) {
            return;
        } else if constexpr (form == json_form::scalar || form == json_form::instant) {
            write_scalar(value, at);
        } else if constexpr (form == json_form::raw) {
            write_raw(value, at);
        } else if constexpr (form == json_form::optional) {
            if (value)
                write(*value, at);
            else
                out_ += "null";
        } else if constexpr (form == json_form::list || form == json_form::array || form == json_form::set) {
            out_ += '[';
            std::size_t i = 0;
            for (auto const& element : value) {
                if (i != 0) out_ += ',';
                write<typename T::value_type>(element, {&at, {}, i++});
            }
            out_ += ']';
        } else if constexpr (form == json_form::map) {
            out_ += '{';
            for (auto const& [name, element] : value) {
                json_place const here{&at, name};
                begin_member(name, here);
                write(element, here);
            }
            out_ += '}';
        } else if constexpr (form == json_form::choice) {
            write_choice(value, at);
        } else if constexpr (form == json_form::versions) {
            write_versioned(value, at, {});
        } else {
            out_ += '{';
            write_members(value, at, {});
            out_ += '}';
        }
    }

private:
    template <class T>
    void write_scalar(T const& value, json_place const& at) {
        std::size_t const before = out_.size();
        try {
            if constexpr (form_of<T> == json_form::instant) {
                out_ += '"';
                append_text_form(out_, value);
                out_ += '"';
            } else {
                append_json(out_, value);
            }
        } catch (error const& failed) {
            out_.resize(before);
            std::string path;
            at.append_to(path);
            // The sentence says what is wrong, and only here is known where.
            std::string sentence{failed.what()};
            if (sentence.starts_with("sark: ")) sentence.erase(0, 6);
            throw error{"sark: at " + path + " of a document, " + sentence};
        }
    }

    void write_raw(json const& value, json_place const& at) {
        if (std::string const complaint = complaint_about(value); !complaint.empty()) {
            std::string path;
            at.append_to(path);
            throw error{"sark: the document to be put at " + path + complaint};
        }
        out_ += value.text();
    }

    void begin_member(std::string_view name, json_place const& at) {
        if (out_.back() != '{') out_ += ',';
        write_scalar(name, at);
        out_ += ':';
    }

    template <class T>
    void write_members(T const& value, json_place const& at, json_own_keys const& own) {
        if constexpr (check_json_struct<T>())
            for_each_position<T>([&](auto i) {
                if constexpr (check_json_member<T, i>()) write_member<T, i>(get_field<i>(value), at, own);
            });
    }

    template <class T, std::size_t I>
    void write_member(field_type<T, I> const& member, json_place const& at, json_own_keys const& own) {
        constexpr json_form form = form_of<field_type<T, I>>;
        json_place const here{&at, json_names<T>[I]};
        // An absent member is not a member that is null.
        if constexpr (form == json_form::optional) {
            if (!member) return;
            begin_member(here.name, here);
            write(*member, here);
        } else if constexpr (form == json_form::maybe) {
            if (member.is_absent()) return;
            begin_member(here.name, here);
            if (member.is_null())
                out_ += "null";
            else
                write(*member, here);
        } else if constexpr (form == json_form::others) {
            for (auto const& [name, document] : member) {
                bool known = own.has(name);
                for (std::string_view const other : json_names<T>)
                    known = known || (other == name && other != here.name);
                json_place const there{&at, name};
                if (known) refuse_twice(there);
                begin_member(name, there);
                write_raw(document, there);
            }
        } else {
            begin_member(here.name, here);
            write(member, here);
        }
    }

    [[noreturn]] static void refuse_twice(json_place const& at) {
        std::string path;
        at.append_to(path);
        throw error{"sark: among the other members of a document is one that its struct has itself, " + path +
                    ". Set the struct's member."};
    }

    template <class... As>
    void write_choice(std::variant<As...> const& value, json_place const& at) {
        using variant = std::variant<As...>;
        if constexpr (choice_check<variant>::run())
            std::visit(
                [&]<class A>(A const& alternative) {
                    if constexpr (std::is_same_v<A, unknown_document>) {
                        write_raw(alternative.document, at);
                    } else {
                        json_own_keys own{.tag = tag_key_of<variant>};
                        if constexpr (form_of<A> == json_form::versions) {
                            write_versioned(alternative, at, own);
                        } else {
                            out_ += '{';
                            write_own_keys<A>(own, at);
                            write_members(alternative, at, own);
                            out_ += '}';
                        }
                    }
                },
                value);
    }

    template <class A>
    void write_own_keys(json_own_keys const& own, json_place const& at) {
        if (own.tag.data() == nullptr) return;
        begin_member(own.tag, at);
        write_scalar(tag_of<A>, at);
    }

    template <class T>
    void write_versioned(T const& value, json_place const& at, json_own_keys own) {
        if constexpr (check_versions<T>()) {
            out_ += '{';
            write_own_keys<T>(own, at);
            own.version = versions_of<T>.key;
            begin_member(own.version, at);
            out_ += std::to_string(versions_list<T>::size);
            write_members(value, at, own);
            out_ += '}';
        }
    }

    std::string& out_;
};

template <class T>
void write_document(std::string& out, T const& value) {
    struct_writer{out}.write(value, json_place{});
}

}  // namespace sark::detail
