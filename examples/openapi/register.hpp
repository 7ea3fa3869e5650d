// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "../support/registering.hpp"
#include "mapping.hpp"

namespace openapi {

using support::outcome;

/// Says which rows are this adapter's.
struct adapter {
    static constexpr std::string_view same_id_cure = "Give the documents different titles.";

    /// An operation says how it is called; what others added to the resource does not.
    [[nodiscard]] static bool made(sark::json_tree const& metadata) {
        return metadata.find("method") != nullptr && metadata.find("path") != nullptr;
    }

    /// A row of this id is ours when it came from a document of the same name or URL, or serves the same endpoint.
    static void meet(sark::transaction& tx, sark::Resource const& stored, registration const& r, sark::Resource&) {
        using sark::Resource, sark::col;
        if (stored.protocol == r.resource.protocol && stored.endpoint == r.resource.endpoint) return;
        // The condition implies the protocol: another adapter's openapi_url is another thing.
        if (tx.count(sark::from<Resource>().where(col<&Resource::id> == r.resource.id,
                                                  sark::meta<&sark::HttpMetadata::openapi_url> == r.openapi_url)) > 0)
            return;
        throw bad_input{printable(r.source) + ": the id " + r.resource.id +
                        " belongs to another resource, with another endpoint and from another document. Change the "
                        "title, or give the --url it was registered with."};
    }
};

/// Registers all documents in one transaction: all of them or none. Rows that are as they should be are not written.
inline std::vector<outcome> register_all(sark::connection& db, std::vector<registration> const& all) {
    return support::register_all<adapter>(db, all);
}

/// Writes the line of one document: `petstore.json: Petstore (http) 19 operations: 19 new, 0 changed, …`.
[[nodiscard]] inline std::string line_of(registration const& r, outcome const& done) {
    return support::line_of(r, done, "operation");
}

}  // namespace openapi
