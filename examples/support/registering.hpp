// SPDX-License-Identifier: MIT
#pragma once

// What every adapter does with the rows it has made: one resource with its capabilities, written only where they differ
// from what is stored, and counted.

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/sark.hpp>

#include "main.hpp"
#include "registration.hpp"

namespace support {

/// Counts what registering a resource did to its capabilities.
struct outcome {
    std::size_t inserted = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
    std::size_t removed = 0;
    sark::upserted resource = sark::upserted::unchanged;
};

namespace detail {

/// Refuses sources that would fight for one id, before anything is written.
template <class Adapter, class Registration>
void refuse_same_resource(std::vector<Registration> const& all) {
    std::map<std::string_view, std::string_view> sources;
    for (Registration const& r : all) {
        auto const [other, is_new] = sources.emplace(r.resource.id, r.source);
        if (!is_new)
            throw bad_input{printable(r.source) + ": the id " + printable(r.resource.id) + " is also that of " +
                            printable(other->second) + ". " + std::string{Adapter::same_id_cure}};
    }
}

/// Removes the adapter's capabilities that are no longer there; what others added to the resource stays.
template <class Adapter>
std::size_t remove_missing(sark::transaction& tx, registration const& r) {
    using sark::Capability, sark::col;
    std::set<std::string_view> present;
    for (Capability const& c : r.capabilities) present.insert(c.id);
    std::vector<std::string> missing;
    auto const stored = tx.all(sark::from<Capability>()
                                   .where(col<&Capability::resource_id> == r.resource.id)
                                   .select(col<&Capability::id>, col<&Capability::metadata_>));
    for (auto const& [id, metadata] : stored) {
        if (present.contains(id) || !id.starts_with(r.resource.id + '/')) continue;
        if (Adapter::made(sark::parse_json(metadata.text()))) missing.push_back(id);
    }
    if (missing.empty()) return 0;
    return tx.erase(sark::from<Capability>().where(col<&Capability::id>.in(missing)));
}

template <class Adapter, class Registration>
outcome register_one(sark::transaction& tx, Registration const& given) {
    using sark::Resource, sark::col;
    outcome done;
    sark::Resource mine = given.resource;
    if (auto const stored = tx.first(sark::from<Resource>().where(col<&Resource::id> == mine.id)))
        Adapter::meet(tx, *stored, given, mine);
    done.resource = tx.upsert(mine);
    done.removed = remove_missing<Adapter>(tx, given);
    for (sark::Capability const& c : given.capabilities) {
        switch (tx.upsert(c)) {
            case sark::upserted::inserted: ++done.inserted; break;
            case sark::upserted::updated: ++done.updated; break;
            case sark::upserted::unchanged: ++done.unchanged; break;
        }
    }
    return done;
}

}  // namespace detail

/// Registers everything in one transaction: all of it or nothing. Rows that are as they should be are not written.
///
/// What is different between adapters stands in `Adapter`:
/// `same_id_cure` is what to do about two sources with one id;
/// `made(metadata)` says whether a capability is one of the adapter's, by its metadata;
/// `meet(tx, stored, given, mine)` is called when the resource is there already: it throws when that is not the
/// adapter's to write, and takes over into `mine` what has to stay.
template <class Adapter, class Registration>
std::vector<outcome> register_all(sark::connection& db, std::vector<Registration> const& all) {
    detail::refuse_same_resource<Adapter>(all);
    // Two runs at once wait for each other instead of locking each other out: both go by the id.
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return all[a].resource.id < all[b].resource.id; });
    return db.transaction([&](sark::transaction& tx) {
        std::vector<outcome> done(all.size());
        for (std::size_t const i : order) done[i] = detail::register_one<Adapter>(tx, all[i]);
        return done;
    });
}

/// Writes the line of one source: `petstore.json: Petstore (http) 19 operations: 19 new, 0 changed, …`.
[[nodiscard]] inline std::string line_of(registration const& r, outcome const& done, std::string const& noun) {
    std::size_t const n = r.capabilities.size();
    std::string line = printable(r.source) + ": " + printable(r.resource.name, 80) + " (" + r.resource.protocol + ") " +
                       std::to_string(n) + ' ' + noun + (n == 1 ? ": " : "s: ") + std::to_string(done.inserted) +
                       " new, " + std::to_string(done.updated) + " changed, " + std::to_string(done.unchanged) +
                       " unchanged, " + std::to_string(done.removed) + " removed";
    if (done.resource == sark::upserted::updated) line += ", its description changed";
    return line;
}

/// Brings the schema up to date where that is allowed, and else refuses a database that is not.
inline void prepare(sark::connection& db, bool may_migrate) {
    if (may_migrate) {
        sark::migrate::upgrade(db, sark::migrations::chain);
        return;
    }
    auto const status = sark::migrate::status(db, sark::migrations::chain);
    if (status.trouble) throw not_ready{status.trouble->message};
    if (!status.pending.empty())
        throw not_ready{"the database's schema is at " + status.current + " and has to be at " + status.head +
                        ". Run this once with --migrate."};
}

/// Sorts capabilities for a list: the most sensitive first, then by id.
inline void sort_by_sensitivity(std::vector<sark::Capability>& all) {
    std::sort(all.begin(), all.end(), [](sark::Capability const& a, sark::Capability const& b) {
        return a.sensitivity_level != b.sensitivity_level ? a.sensitivity_level > b.sensitivity_level : a.id < b.id;
    });
}

/// Writes a level as wide as the widest, for a list.
[[nodiscard]] inline std::string level_column(sark::Sensitivity level) {
    std::string text{sark::label_of(level)};
    text.resize(9, ' ');
    return text;
}

}  // namespace support
