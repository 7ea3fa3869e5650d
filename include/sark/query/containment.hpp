// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

#include <sark/codec/text.hpp>
#include <sark/query/expression.hpp>
#include <sark/query/value.hpp>
#include <sark/types/json.hpp>

namespace sark {

/// Tests whether a document contains another one (`@>`).
template <class Left>
struct containment : detail::node_of<Left> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left>, bool>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(" @> ");
        w.put_placeholder();
        w.put("::jsonb");
    }
    void bind(parameters& out) const {
        left.bind(out);
        codec<json>::encode(out, document);
    }

    [[no_unique_address]] Left left;
    json document;

    containment(Left l, json d) : left{std::move(l)}, document{std::move(d)} {}
};

/// Tests whether a document has a key at its top (`?`).
template <class Left>
struct key_test : detail::node_of<Left> {
    using value_type = detail::nullable_if_t<detail::any_nullable<Left>, bool>;

    template <class Scope>
    static constexpr void write(sql::writer& w) {
        Left::template write<Scope>(w);
        w.put(" ? ");
        w.put_placeholder();
        w.put("::text");
    }
    void bind(parameters& out) const {
        left.bind(out);
        out.add_borrowed(key);
    }

    [[no_unique_address]] Left left;
    std::string key;

    key_test(Left l, std::string k) : left{std::move(l)}, key{std::move(k)} {}
};

}  // namespace sark
