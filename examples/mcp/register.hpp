// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "../support/registering.hpp"
#include "mapping.hpp"

namespace mcp {

using support::outcome;

/// Says which rows are this adapter's.
struct adapter {
    static constexpr std::string_view same_id_cure = "Name one of them by --as.";

    [[nodiscard]] static bool made(sark::json_tree const& metadata) { return metadata.find("tool") != nullptr; }

    /// A row of this id is ours when it is about the same command. Owner, team, tags, state of health and whatever else
    /// others wrote into its metadata stay.
    static void meet(sark::transaction&, sark::Resource const& stored, registration const& r, sark::Resource& mine) {
        if (stored.protocol != mine.protocol || stored.endpoint != mine.endpoint)
            throw support::bad_input{r.source + ": the id " + mine.id +
                                     " belongs to another resource or to another command. Name this one by --as, or "
                                     "replace the command by --replace."};
        keep_what_others_wrote(stored, mine);
    }

    static void keep_what_others_wrote(sark::Resource const& stored, sark::Resource& mine) {
        mine.metadata_ = support::with_members_of_others(mine.metadata_, stored.metadata_,
                                                         {"transport", "command", "endpoint", "mcp_version",
                                                          "capabilities", "description", "server_name",
                                                          "server_version"});
    }
};

/// Is the adapter for a server whose command has changed: what is there of protocol mcp is taken over.
struct replacing_adapter : adapter {
    static void meet(sark::transaction&, sark::Resource const& stored, registration const& r, sark::Resource& mine) {
        if (stored.protocol != mine.protocol)
            throw support::bad_input{r.source + ": the id " + mine.id +
                                     " belongs to a resource of another protocol. Name this one by --as."};
        keep_what_others_wrote(stored, mine);
    }
};

/// Registers a server with its tools in one transaction. Rows that are as they should be are not written.
inline outcome register_server(sark::connection& db, registration const& server, bool replaces = false) {
    std::vector const one{server};
    return replaces ? support::register_all<replacing_adapter>(db, one).front()
                    : support::register_all<adapter>(db, one).front();
}

/// Writes the line of a server: `npx -y some-server: Some Server (mcp) 19 tools: 19 new, 0 changed, …`.
[[nodiscard]] inline std::string line_of(registration const& r, outcome const& done) {
    return support::line_of(r, done, "tool");
}

}  // namespace mcp
