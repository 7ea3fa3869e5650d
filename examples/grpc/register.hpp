// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "../support/registering.hpp"
#include "mapping.hpp"

namespace grpc {

using support::outcome;

/// Says which rows are this adapter's.
struct adapter {
    static constexpr std::string_view same_id_cure = "They describe one service in two ways; give one of them.";

    [[nodiscard]] static bool made(sark::json_tree const& metadata) {
        return metadata.find("rpc") != nullptr && metadata.find("streaming") != nullptr;
    }

    /// The id holds the service's full name, so a row of protocol grpc is about the same one. Its endpoint stays where
    /// none was given, and so does what others wrote into its metadata.
    static void meet(sark::transaction&, sark::Resource const& stored, registration const& r, sark::Resource& mine) {
        if (stored.protocol != mine.protocol)
            throw support::bad_input{support::printable(r.source) + ": the id " + mine.id +
                                     " belongs to a resource of another protocol. Rename or remove that one."};
        if (!r.has_endpoint) mine.endpoint = stored.endpoint;
        mine.metadata_ = support::with_members_of_others(
            mine.metadata_, stored.metadata_, {"service", "proto_package", "proto_file", "description", "deprecated"});
    }
};

/// Leaves out what stands there in the same words already: two sets often describe a service that both import.
[[nodiscard]] inline std::vector<registration> without_repetitions(std::vector<registration> all) {
    auto const same = [](registration const& a, registration const& b) {
        if (a.resource.id != b.resource.id || a.resource.metadata_.text() != b.resource.metadata_.text() ||
            a.capabilities.size() != b.capabilities.size())
            return false;
        for (std::size_t i = 0; i < a.capabilities.size(); ++i) {
            sark::Capability const& x = a.capabilities[i];
            sark::Capability const& y = b.capabilities[i];
            if (x.id != y.id || x.description != y.description || x.metadata_.text() != y.metadata_.text() ||
                x.input_schema.text() != y.input_schema.text() || x.output_schema.text() != y.output_schema.text())
                return false;
        }
        return true;
    };
    std::vector<registration> kept;
    for (registration& r : all)
        if (std::none_of(kept.begin(), kept.end(), [&](registration const& k) { return same(k, r); }))
            kept.push_back(std::move(r));
    return kept;
}

/// Registers all services in one transaction: all of them or none. Rows that are as they should be are not written.
inline std::vector<outcome> register_all(sark::connection& db, std::vector<registration> const& all) {
    return support::register_all<adapter>(db, all);
}

/// Writes the line of a service: `library.binpb: acme.library.v1.Library (grpc) 5 methods: 5 new, 0 changed, …`.
[[nodiscard]] inline std::string line_of(registration const& r, outcome const& done) {
    return support::line_of(r, done, "method");
}

}  // namespace grpc
