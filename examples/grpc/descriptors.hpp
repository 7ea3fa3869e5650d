// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/logging.h>

#include "../support/file.hpp"

namespace grpc {

namespace pb = google::protobuf;

/// Holds what a descriptor set describes; descriptors live as long as it does.
struct descriptor_set {
    std::string name;  ///< of the file
    std::size_t bytes = 0;
    std::unique_ptr<pb::DescriptorPool> pool;
    std::vector<pb::FileDescriptor const*> files;  ///< in the order of the set
};

namespace detail {

inline constexpr std::size_t max_bytes = 64 * 1024 * 1024;

/// Keeps the first thing that is wrong with a file.
class first_error : public pb::DescriptorPool::ErrorCollector {
public:
    void AddError(std::string const&, std::string const& element, pb::Message const*, ErrorLocation,
                  std::string const& message) override {
        if (text.empty()) text = element + ": " + message;
    }
    std::string text;
};

[[noreturn]] inline void fail(std::string const& file, std::string const& sentence) {
    throw support::bad_input{support::printable(file) + ": " + sentence};
}

[[nodiscard]] inline pb::FileDescriptorSet parse(std::string const& file, std::string const& content) {
    constexpr char const* cure =
        "Make one by protoc --include_imports --include_source_info --descriptor_set_out=FILE.";
    if (content.size() > max_bytes) fail(file, "the file is larger than 64 MiB.");
    if (content.empty()) fail(file, std::string{"the file is empty. "} + cure);
    std::string_view const begin = std::string_view{content}.substr(
        std::min(content.find_first_not_of(" \t\r\n"), content.size()));
    for (std::string_view const word : {"syntax", "//", "/*", "package", "import", "option", "message"})
        if (begin.starts_with(word))
            fail(file, std::string{"this is the source of definitions, not compiled. "} + cure);
    pb::FileDescriptorSet set;
    pb::LogSilencer const silence;  // sentences are ours to say
    // Partial: a required member that is missing is said by us, not written to the standard error by protobuf.
    if (!set.ParsePartialFromString(content))
        fail(file, std::string{"this is no descriptor set, or it is cut off. "} + cure);
    if (!set.IsInitialized() || !set.unknown_fields().empty() || set.file_size() == 0)
        fail(file, std::string{"this is no descriptor set. "} + cure);
    return set;
}

}  // namespace detail

/// Reads a descriptor set from its bytes; `name` is the file's, for the sentences.
/// @throws support::bad_input for what is no descriptor set, is cut off, or lacks what it imports
[[nodiscard]] inline descriptor_set check_descriptors(std::string name, std::string const& content) {
    pb::FileDescriptorSet const set = detail::parse(name, content);
    std::map<std::string, pb::FileDescriptorProto const*> waiting;
    for (pb::FileDescriptorProto const& file : set.file()) {
        if (file.name().empty()) detail::fail(name, "a file of the set has no name.");
        if (!waiting.emplace(file.name(), &file).second)
            detail::fail(name, "the set has " + support::printable(file.name()) + " twice.");
    }
    for (pb::FileDescriptorProto const& file : set.file())
        for (std::string const& import : file.dependency())
            if (!waiting.contains(import))
                detail::fail(name, support::printable(file.name()) + " imports " + support::printable(import) +
                                       ", which the set lacks. Give protoc --include_imports.");

    descriptor_set made{std::move(name), content.size(), std::make_unique<pb::DescriptorPool>(), {}};
    // protoc writes a file behind those it imports; others need not.
    while (!waiting.empty()) {
        std::size_t const before = waiting.size();
        for (pb::FileDescriptorProto const& file : set.file()) {
            if (!waiting.contains(file.name())) continue;
            if (std::any_of(file.dependency().begin(), file.dependency().end(),
                            [&](std::string const& import) { return waiting.contains(import); }))
                continue;
            detail::first_error error;
            if (made.pool->BuildFileCollectingErrors(file, &error) == nullptr)
                detail::fail(made.name,
                             support::printable(file.name()) + " is wrong: " + support::printable(error.text, 300));
            waiting.erase(file.name());
        }
        if (waiting.size() == before)
            detail::fail(made.name, support::printable(waiting.begin()->first) + " imports itself by way of others.");
    }
    for (pb::FileDescriptorProto const& file : set.file()) made.files.push_back(made.pool->FindFileByName(file.name()));
    return made;
}

/// Reads a descriptor set from a file.
[[nodiscard]] inline descriptor_set read_descriptors(std::string const& path) {
    return check_descriptors(path, support::read_file(path, detail::max_bytes));
}

/// Gives the comment in front of a definition, else the one behind it, without the space that begins its lines.
template <class Descriptor>
[[nodiscard]] std::string comment_of(Descriptor const& of) {
    pb::SourceLocation location;
    if (!of.GetSourceLocation(&location)) return {};
    std::string const& text = location.leading_comments.empty() ? location.trailing_comments
                                                                : location.leading_comments;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const end = std::min(text.find('\n', at), text.size());
        std::string_view line = std::string_view{text}.substr(at, end - at);
        if (line.starts_with(' ')) line.remove_prefix(1);
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        out += std::string{line} + '\n';
        at = end + 1;
    }
    std::size_t const first = out.find_first_not_of('\n');
    return first == std::string::npos ? std::string{} : out.substr(first, out.find_last_not_of('\n') + 1 - first);
}

}  // namespace grpc
