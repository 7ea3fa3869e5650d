// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace sark::testing::detail {

/// Escapes what has a meaning in an address.
inline std::string escaped(std::string_view text, std::string_view also_plain = {}) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~' || also_plain.find(c) != std::string_view::npos;
        if (plain)
            out += c;
        else
            (out += '%') += {digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

/// Asks the system for a port of 127.0.0.1 that nobody listens on.
inline int free_port() {
    int const descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    bool const bound = descriptor >= 0 && ::bind(descriptor, generic, size) == 0 &&
                       ::getsockname(descriptor, generic, &size) == 0;
    int const error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!bound) throw std::system_error{error, std::generic_category(), "sark: no free port on 127.0.0.1"};
    return ntohs(address.sin_port);
}

}  // namespace sark::testing::detail
