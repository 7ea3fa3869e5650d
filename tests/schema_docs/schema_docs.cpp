// SPDX-License-Identifier: MIT
//
// Writes docs/schema from the chain (`write <folder>`), or asks that it is what the chain builds (`check <folder>`).
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sark/migrate/fold.hpp>
#include <sark/migrations/chain.hpp>
#include <sark/schema/diagram.hpp>
#include <sark/schema/markdown.hpp>

int main(int count, char** words) {
    std::string_view const what = count == 3 ? words[1] : "";
    if (what != "write" && what != "check") {
        std::cerr << "usage: schema_docs write|check <folder>\n";
        return 3;
    }
    std::string const folder = words[2];
    sark::schema::definition const head = sark::migrate::fold(sark::migrations::chain);
    std::vector<std::pair<std::string, std::string>> const documents = {
        {"schema.mmd", sark::schema::mermaid(head)},
        {"schema.dot", sark::schema::graphviz(head)},
        {"schema.md", sark::schema::markdown(head)},
    };
    int state = 0;
    for (auto const& [name, text] : documents) {
        std::string const path = folder + '/' + name;
        if (what == "write") {
            std::ofstream out{path, std::ios::binary};
            if (!(out << text) || !out.flush()) {
                std::cerr << "cannot write " << path << '\n';
                state = 2;
            }
            continue;
        }
        std::ifstream in{path, std::ios::binary};
        std::string const found{std::istreambuf_iterator<char>{in}, {}};
        if (found == text) continue;
        std::cerr << path << " is not what the chain builds. Renew it: cmake --build <build> --target schema_docs\n";
        state = 1;
    }
    return state;
}
