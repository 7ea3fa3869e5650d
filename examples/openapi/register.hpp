// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/sark.hpp>

#include "mapping.hpp"

namespace openapi {

/// Counts what registering a document did to its operations.
struct outcome {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
    std::size_t removed = 0;
    sark::upserted resource = sark::upserted::unchanged;
};

namespace detail {

/// Refuses documents that would fight for one id, before anything is written.
inline void refuse_same_resource(std::vector<registration> const& all) {
    std::map<std::string_view, std::string_view> files;
    for (registration const& r : all) {
        auto const [other, is_new] = files.emplace(r.resource.id, r.file);
        if (!is_new)
            throw bad_input{printable(r.file) + ": the id " + r.resource.id + " is also that of " +
                            printable(other->second) + ". Give the documents different titles."};
    }
}

/// A row of this id is ours when it came from a document of the same name or URL, or serves the same endpoint.
inline void refuse_other_owner(sark::transaction& tx, registration const& r) {
    using sark::Resource, sark::col;
    auto const known = tx.first(sark::from<Resource>().where(col<&Resource::id> == r.resource.id));
    if (!known || (known->protocol == r.resource.protocol && known->endpoint == r.resource.endpoint)) return;
    // The condition implies the protocol: another adapter's openapi_url is another thing.
    if (tx.count(sark::from<Resource>().where(col<&Resource::id> == r.resource.id,
                                              sark::meta<&sark::HttpMetadata::openapi_url> == r.openapi_url)) > 0)
        return;
    throw bad_input{printable(r.file) + ": the id " + r.resource.id +
                    " belongs to another resource, with another endpoint and from another document. Change the title, "
                    "or give the --url it was registered with."};
}

/// Removes the operations that the document no longer has; what others added to the resource stays.
inline std::size_t remove_missing(sark::transaction& tx, registration const& r) {
    using sark::Capability, sark::col;
    std::set<std::string_view> present;
    for (Capability const& c : r.capabilities) present.insert(c.id);
    std::vector<std::string> missing;
    auto const stored = tx.all(sark::from<Capability>()
                                   .where(col<&Capability::resource_id> == r.resource.id)
                                   .select(col<&Capability::id>, col<&Capability::metadata_>));
    for (auto const& [id, metadata] : stored) {
        if (present.contains(id) || !id.starts_with(r.resource.id + '/')) continue;
        sark::json_tree const tree = sark::parse_json(metadata.text());
        if (tree.find("method") != nullptr && tree.find("path") != nullptr) missing.push_back(id);
    }
    if (missing.empty()) return 0;
    return tx.erase(sark::from<Capability>().where(col<&Capability::id>.in(missing)));
}

inline outcome register_document(sark::transaction& tx, registration const& r) {
    refuse_other_owner(tx, r);
    outcome done;
    done.resource = tx.upsert(r.resource);
    done.removed = remove_missing(tx, r);
    for (sark::Capability const& c : r.capabilities) {
        switch (tx.upsert(c)) {
            case sark::upserted::inserted: ++done.inserted; break;
            case sark::upserted::updated: ++done.updated; break;
            case sark::upserted::unchanged: ++done.unchanged; break;
        }
    }
    return done;
}

}  // namespace detail

/// Registers all documents in one transaction: all of them or none. Rows that are as they should be are not written.
inline std::vector<outcome> register_all(sark::connection& db, std::vector<registration> const& all) {
    detail::refuse_same_resource(all);
    // Two runs at once wait for each other instead of locking each other out: both go by the id.
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return all[a].resource.id < all[b].resource.id; });
    return db.transaction([&](sark::transaction& tx) {
        std::vector<outcome> done(all.size());
        for (std::size_t const i : order) done[i] = detail::register_document(tx, all[i]);
        return done;
    });
}

/// Writes the line of one document: `petstore.json: Petstore (http) 19 operations: 19 new, 0 changed, …`.
[[nodiscard]] inline std::string line_of(registration const& r, outcome const& done) {
    std::size_t const n = r.capabilities.size();
    std::string line = printable(r.file) + ": " + printable(r.resource.name, 80) + " (" + r.resource.protocol + ") " +
                       std::to_string(n) + (n == 1 ? " operation: " : " operations: ") + std::to_string(done.inserted) +
                       " new, " + std::to_string(done.updated) + " changed, " + std::to_string(done.unchanged) +
                       " unchanged, " + std::to_string(done.removed) + " removed";
    if (done.resource == sark::upserted::updated) line += ", its description changed";
    return line;
}

}  // namespace openapi
