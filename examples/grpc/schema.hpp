// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>

#include <sark/jsonb.hpp>

#include "descriptors.hpp"

namespace grpc {

/// Writes messages as JSON Schema (2020-12) of what protobuf's JSON mapping makes of them.
///
/// A schema stands alone: each message and enum it needs is in its `$defs` under its full name, so messages that
/// contain themselves, directly or not, end.
class message_schema {
public:
    [[nodiscard]] static sark::json_tree of(pb::Descriptor const& message) {
        message_schema writer{message};
        sark::json_tree schema = writer.message_itself(message);
        sark::json_tree definitions = sark::json_tree::object();
        // A definition may ask for others; they come behind it in the list.
        for (std::size_t i = 0; i < writer.messages_.size(); ++i)
            definitions.set(writer.messages_[i]->full_name(), writer.message_itself(*writer.messages_[i]));
        for (auto const& [name, definition] : writer.enums_) definitions.set(name, definition);
        if (!definitions.members().empty()) schema.set("$defs", std::move(definitions));
        return schema;
    }

private:
    using tree = sark::json_tree;
    using field = pb::FieldDescriptor;

    explicit message_schema(pb::Descriptor const& root) : root_{&root} {}

    [[nodiscard]] static tree text(std::string value) { return tree::string(std::move(value)); }
    [[nodiscard]] static tree typed(char const* type) {
        tree schema = tree::object();
        schema.set("type", text(type));
        return schema;
    }
    [[nodiscard]] static tree texts(std::vector<std::string> const& values) {
        tree list = tree::array();
        for (std::string const& value : values) list.items().push_back(text(value));
        return list;
    }
    [[nodiscard]] static tree with(tree schema, char const* name, tree value) {
        schema.set(name, std::move(value));
        return schema;
    }
    [[nodiscard]] static tree reference(std::string const& to) { return with(tree::object(), "$ref", text(to)); }

    static void describe(tree& schema, std::string const& comment, bool is_deprecated) {
        if (!comment.empty()) schema.set("description", text(comment));
        if (is_deprecated) schema.set("deprecated", tree::boolean(true));
    }

    [[nodiscard]] static tree integer(char const* least, char const* most) {
        return with(with(typed("integer"), "minimum", tree::number(least)), "maximum", tree::number(most));
    }

    /// Numbers of 64 bits are strings in JSON: a reader of doubles would lose their last digits.
    [[nodiscard]] static tree long_integer(char const* format, char const* pattern) {
        return with(with(typed("string"), "format", text(format)), "pattern", text(pattern));
    }

    [[nodiscard]] static tree floating() {
        tree special = with(tree::object(), "enum", texts({"NaN", "Infinity", "-Infinity"}));
        tree either = tree::array();
        either.items() = {typed("number"), std::move(special)};
        return with(tree::object(), "anyOf", std::move(either));
    }

    [[nodiscard]] static tree scalar(field::CppType type, bool is_bytes) {
        switch (type) {
            case field::CPPTYPE_INT32: return integer("-2147483648", "2147483647");
            case field::CPPTYPE_UINT32: return integer("0", "4294967295");
            case field::CPPTYPE_INT64: return long_integer("int64", "^-?[0-9]{1,19}$");
            case field::CPPTYPE_UINT64: return long_integer("uint64", "^[0-9]{1,20}$");
            case field::CPPTYPE_BOOL: return typed("boolean");
            case field::CPPTYPE_DOUBLE:
            case field::CPPTYPE_FLOAT: return floating();
            case field::CPPTYPE_STRING:
            case field::CPPTYPE_ENUM:
            case field::CPPTYPE_MESSAGE: break;
        }
        return is_bytes ? with(typed("string"), "contentEncoding", text("base64")) : typed("string");
    }

    /// Gives the schema of a type that has a form of its own in JSON; nothing for all other messages.
    [[nodiscard]] static std::optional<tree> well_known(pb::Descriptor const& message) {
        auto const nullable = [](tree schema) {
            tree either = tree::array();
            either.items() = {std::move(schema), typed("null")};
            return with(tree::object(), "anyOf", std::move(either));
        };
        switch (message.well_known_type()) {
            case pb::Descriptor::WELLKNOWNTYPE_TIMESTAMP: return with(typed("string"), "format", text("date-time"));
            case pb::Descriptor::WELLKNOWNTYPE_DURATION:
                return with(typed("string"), "pattern", text(R"(^-?[0-9]{1,12}(\.[0-9]{1,9})?s$)"));
            case pb::Descriptor::WELLKNOWNTYPE_FIELDMASK: return typed("string");
            case pb::Descriptor::WELLKNOWNTYPE_STRUCT: return typed("object");
            case pb::Descriptor::WELLKNOWNTYPE_LISTVALUE: return typed("array");
            case pb::Descriptor::WELLKNOWNTYPE_VALUE: return tree::object();
            case pb::Descriptor::WELLKNOWNTYPE_ANY: {
                tree properties = with(tree::object(), "@type", typed("string"));
                return with(with(typed("object"), "properties", std::move(properties)), "required", texts({"@type"}));
            }
            case pb::Descriptor::WELLKNOWNTYPE_DOUBLEVALUE:
            case pb::Descriptor::WELLKNOWNTYPE_FLOATVALUE: return nullable(floating());
            case pb::Descriptor::WELLKNOWNTYPE_INT64VALUE: return nullable(scalar(field::CPPTYPE_INT64, false));
            case pb::Descriptor::WELLKNOWNTYPE_UINT64VALUE: return nullable(scalar(field::CPPTYPE_UINT64, false));
            case pb::Descriptor::WELLKNOWNTYPE_INT32VALUE: return nullable(scalar(field::CPPTYPE_INT32, false));
            case pb::Descriptor::WELLKNOWNTYPE_UINT32VALUE: return nullable(scalar(field::CPPTYPE_UINT32, false));
            case pb::Descriptor::WELLKNOWNTYPE_STRINGVALUE: return nullable(typed("string"));
            case pb::Descriptor::WELLKNOWNTYPE_BYTESVALUE: return nullable(scalar(field::CPPTYPE_STRING, true));
            case pb::Descriptor::WELLKNOWNTYPE_BOOLVALUE: return nullable(typed("boolean"));
            default: return std::nullopt;
        }
    }

    [[nodiscard]] tree refer_to(pb::Descriptor const& message) {
        if (auto known = well_known(message)) return std::move(*known);
        if (&message == root_) return reference("#");
        if (asked_.insert(&message).second) messages_.push_back(&message);
        return reference("#/$defs/" + message.full_name());
    }

    [[nodiscard]] tree refer_to(pb::EnumDescriptor const& of) {
        if (of.full_name() == "google.protobuf.NullValue") return typed("null");
        if (!enums_.contains(of.full_name())) {
            std::vector<std::string> names;
            for (int i = 0; i < of.value_count(); ++i) names.push_back(of.value(i)->name());
            tree schema = with(typed("string"), "enum", texts(names));
            describe(schema, comment_of(of), of.options().deprecated());
            enums_.emplace(of.full_name(), std::move(schema));
        }
        return reference("#/$defs/" + of.full_name());
    }

    [[nodiscard]] tree one(field const& f) {
        if (f.cpp_type() == field::CPPTYPE_MESSAGE) return refer_to(*f.message_type());
        if (f.cpp_type() == field::CPPTYPE_ENUM) return refer_to(*f.enum_type());
        return scalar(f.cpp_type(), f.type() == field::TYPE_BYTES);
    }

    [[nodiscard]] tree map(field const& f) {
        tree schema = with(typed("object"), "additionalProperties", one(*f.message_type()->map_value()));
        tree names = tree::object();  // keys are strings, whatever they were
        switch (f.message_type()->map_key()->cpp_type()) {
            case field::CPPTYPE_BOOL: names.set("enum", texts({"true", "false"})); break;
            case field::CPPTYPE_INT32:
            case field::CPPTYPE_INT64: names.set("pattern", text("^-?[0-9]+$")); break;
            case field::CPPTYPE_UINT32:
            case field::CPPTYPE_UINT64: names.set("pattern", text("^[0-9]+$")); break;
            default: return schema;
        }
        return with(std::move(schema), "propertyNames", std::move(names));
    }

    /// Gives the default that a definition of proto2 declares.
    [[nodiscard]] static std::optional<tree> declared_default(field const& f) {
        if (!f.has_default_value() || f.type() == field::TYPE_BYTES) return std::nullopt;
        switch (f.cpp_type()) {
            case field::CPPTYPE_INT32: return tree::number(std::to_string(f.default_value_int32()));
            case field::CPPTYPE_UINT32: return tree::number(std::to_string(f.default_value_uint32()));
            case field::CPPTYPE_INT64: return text(std::to_string(f.default_value_int64()));
            case field::CPPTYPE_UINT64: return text(std::to_string(f.default_value_uint64()));
            case field::CPPTYPE_BOOL: return tree::boolean(f.default_value_bool());
            case field::CPPTYPE_STRING: return text(f.default_value_string());
            case field::CPPTYPE_ENUM: return text(f.default_value_enum()->name());
            case field::CPPTYPE_DOUBLE: return number(f.default_value_double());
            case field::CPPTYPE_FLOAT: return number(f.default_value_float());
            case field::CPPTYPE_MESSAGE: break;
        }
        return std::nullopt;
    }

    template <class Number>
    [[nodiscard]] static tree number(Number value) {
        if (std::isnan(value)) return text("NaN");
        if (std::isinf(value)) return text(value > 0 ? "Infinity" : "-Infinity");
        std::array<char, 64> digits{};
        auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        return tree::number(std::string{digits.data(), end});
    }

    [[nodiscard]] tree property(field const& f) {
        tree schema = f.is_map() ? map(f) : one(f);
        if (f.is_repeated() && !f.is_map()) schema = with(typed("array"), "items", std::move(schema));
        if (auto value = declared_default(f)) schema.set("default", std::move(*value));
        describe(schema, comment_of(f), f.options().deprecated());
        return schema;
    }

    /// Says that of several properties one is there, or none: linear in their number, where pairs would be quadratic.
    [[nodiscard]] static tree at_most_one(pb::OneofDescriptor const& of) {
        tree choices = tree::array();
        for (int i = 0; i < of.field_count(); ++i)
            choices.items().push_back(with(tree::object(), "required", texts({of.field(i)->json_name()})));
        tree some = with(tree::object(), "anyOf", choices);
        choices.items().push_back(with(tree::object(), "not", std::move(some)));
        return with(tree::object(), "oneOf", std::move(choices));
    }

    [[nodiscard]] tree message_itself(pb::Descriptor const& message) {
        if (auto known = well_known(message)) return std::move(*known);
        tree schema = typed("object");
        describe(schema, comment_of(message), message.options().deprecated());
        tree properties = tree::object();
        std::vector<std::string> required;
        for (int i = 0; i < message.field_count(); ++i) {
            field const& f = *message.field(i);
            properties.set(f.json_name(), property(f));
            if (f.is_required()) required.push_back(f.json_name());
        }
        if (!properties.members().empty()) schema.set("properties", std::move(properties));
        if (!required.empty()) schema.set("required", texts(required));
        tree choices = tree::array();
        // Those that the compiler made up for "optional" come last.
        for (int i = 0; i < message.real_oneof_decl_count(); ++i)
            if (message.oneof_decl(i)->field_count() > 1)
                choices.items().push_back(at_most_one(*message.oneof_decl(i)));
        if (!choices.items().empty()) schema.set("allOf", std::move(choices));
        return schema;
    }

    pb::Descriptor const* root_;
    std::vector<pb::Descriptor const*> messages_;
    std::set<pb::Descriptor const*> asked_;
    std::map<std::string, tree> enums_;
};

}  // namespace grpc
