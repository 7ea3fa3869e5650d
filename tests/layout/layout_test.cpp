// SPDX-License-Identifier: MIT
#include "layout.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "support/catch.hpp"

namespace {

namespace fs = std::filesystem;

constexpr char const* layers = R"(
layer 0 meta
layer 1 reflect sql
layer 3 query codec
sees query codec
layer 5 models db
layer 7 migrations
layer 8 upgrade validate
free version.hpp
top sark.hpp
top core.hpp meta reflect sql query
alone testing
never migrations models
door boost/pfr reflect
door pqxx db/detail
door libpq-fe.h db/detail
door nlohmann sql/json.hpp
system sys
)";

/// Is a small tree of headers in a temporary folder, all in order until a test adds one that is not.
class tree {
public:
    tree() : root_{fs::temp_directory_path() / ("sark-layout-" + std::to_string(std::random_device{}()))} {
        write("cmake/layers.txt", layers);
        header("version.hpp", "");
        header("meta/list.hpp", "#include <sys/types.h>\n#include <vector>\n#include <sark/version.hpp>\n");
        header("meta.hpp", "#include <sark/meta/list.hpp>\n");
        header("query/where.hpp", "#include <sark/query/detail/slot.hpp>\n");
        header("query/detail/slot.hpp", "#include <sark/meta.hpp>\n");
        header("query.hpp", "#include <sark/query/where.hpp>\n");
        header("db/detail/driver.hpp", "#include <pqxx/pqxx>\n#include <libpq-fe.h>\n");
        header("sark.hpp", "#include <sark/core.hpp>\n#include <sark/query.hpp>\n");
        header("core.hpp", "#include <sark/query.hpp>\n");
    }
    tree(tree const&) = delete;
    tree& operator=(tree const&) = delete;
    ~tree() { fs::remove_all(root_); }

    void write(std::string const& path, std::string const& text) {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream{root_ / path} << text;
    }
    void header(std::string const& path, std::string const& text) {
        write("include/sark/" + path, "// SPDX-License-Identifier: MIT\n#pragma once\n" + text);
    }

    /// Lists the headers as they should be, but for those left out, then checks.
    std::vector<std::string> check(std::string const& left_out = {}, std::string const& extra = {}) {
        std::string core = "set(SARK_CORE_HEADERS\n";
        std::string live = "set(SARK_SARK_HEADERS\n";
        for (auto const& entry : fs::recursive_directory_iterator{root_ / "include/sark"}) {
            std::string const path = fs::relative(entry.path(), root_).generic_string();
            if (!entry.is_regular_file() || path == "include/sark/" + left_out) continue;
            (path.starts_with("include/sark/db") ? live : core) += "    " + path + "\n";
        }
        write("cmake/headers.cmake", core + ")\n" + live + extra + ")\n");
        std::vector<std::string> said;
        for (auto const& [file, what] : sark::test::layout::check(root_.string())) said.push_back(file + ": " + what);
        return said;
    }

    [[nodiscard]] std::string path(std::string const& name) const { return (root_ / name).string(); }

private:
    fs::path root_;
};

bool says(std::vector<std::string> const& said, std::string const& text) {
    for (std::string const& line : said) UNSCOPED_INFO(line);
    return std::any_of(said.begin(), said.end(),
                       [&](std::string const& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("layout: a tree in order has nothing to say") {
    tree t;
    CHECK(t.check().empty());
}

TEST_CASE("layout: an include points upward") {
    tree t;
    t.header("meta/list.hpp", "#include <sark/query.hpp>\n");
    CHECK(says(t.check(), "meta/list.hpp: includes <sark/query.hpp>: layer 0 (meta) may not see layer 3 (query)"));
}

TEST_CASE("layout: an include points sideways") {
    tree t;
    t.header("upgrade/run.hpp", "#include <sark/validate/check.hpp>\n");
    t.header("validate/check.hpp", "");
    CHECK(
        says(t.check(), "upgrade/run.hpp: includes <sark/validate/check.hpp>: layer 8 (upgrade) may not see layer 8"));
}

TEST_CASE("layout: a look sideways that the table allows, one way only") {
    tree t;
    t.header("codec/row.hpp", "");
    t.header("codec.hpp", "#include <sark/codec/row.hpp>\n");
    t.header("query/where.hpp", "#include <sark/codec/row.hpp>\n");
    CHECK(t.check().empty());
    t.header("query/where.hpp", "");
    t.header("codec/row.hpp", "#include <sark/query/where.hpp>\n");
    CHECK(
        says(t.check(), "codec/row.hpp: includes <sark/query/where.hpp>: layer 3 (codec) may not see layer 3 (query)"));
}

TEST_CASE("layout: migrations never see models, though they are lower") {
    tree t;
    t.header("models/resource.hpp", "");
    t.header("models.hpp", "#include <sark/models/resource.hpp>\n");
    t.header("migrations/v001.hpp", "#include <sark/models.hpp>\n");
    CHECK(says(t.check(), "migrations/v001.hpp: includes <sark/models.hpp>; migrations never sees models"));
}

TEST_CASE("layout: detail of another folder") {
    tree t;
    t.header("models/resource.hpp", "#include <sark/query/detail/slot.hpp>\n");
    CHECK(says(t.check(), "models/resource.hpp: includes <sark/query/detail/slot.hpp>, private to query"));
}

TEST_CASE("layout: umbrellas of a user are for users") {
    tree t;
    t.header("models/resource.hpp", "#include <sark/core.hpp>\n");
    t.header("core.hpp", "#include <sark/db/detail/driver.hpp>\n");
    t.header("query/where.hpp", "#include <sark/sark.hpp>\n");
    auto const said = t.check();
    CHECK(says(said, "query/where.hpp: includes <sark/sark.hpp>, which is for users only"));
    CHECK(says(said, "models/resource.hpp: includes <sark/core.hpp>, which is for users only"));
    CHECK(says(said, "core.hpp: includes <sark/db/detail/driver.hpp>, which does not belong in it"));
}

TEST_CASE("layout: version.hpp includes nothing of ours") {
    tree t;
    t.header("version.hpp", "#include <sark/meta.hpp>\n");
    CHECK(says(t.check(), "version.hpp: includes <sark/meta.hpp>, but includes nothing of ours"));
}

TEST_CASE("layout: testing stands alone, both ways") {
    tree t;
    t.header("testing/postgres.hpp", "#include <sark/meta.hpp>\n");
    t.header("testing.hpp", "#include <sark/testing/postgres.hpp>\n");
    t.header("query/where.hpp", "#include <sark/testing.hpp>\n");
    auto const said = t.check();
    CHECK(says(said, "testing/postgres.hpp: includes <sark/meta.hpp>; testing stands alone"));
    CHECK(says(said, "query/where.hpp: includes <sark/testing.hpp>; testing is for tests"));
}

TEST_CASE("layout: libraries enter through their doors") {
    tree t;
    t.header("query/where.hpp",
             "#include <boost/pfr.hpp>\n# include <pqxx/pqxx>\n#include <nlohmann/json.hpp>\n#include <fmt/core.h>\n");
    t.header("models/resource.hpp", "#include <libpq-fe.h>\n#include <boost/pfr/core.hpp>\n");
    t.header("reflect/fields.hpp", "#include <boost/pfr.hpp>\n#include <boost/pfr/core.hpp>\n");
    auto const said = t.check();
    CHECK(says(said, "query/where.hpp: includes <boost/pfr.hpp> outside its door reflect"));
    CHECK(says(said, "query/where.hpp: includes <pqxx/pqxx> outside its door db/detail"));
    CHECK(says(said, "query/where.hpp: includes <nlohmann/json.hpp> outside its door"));
    CHECK(says(said, "query/where.hpp: includes <fmt/core.h>, a library that has no door"));
    CHECK(says(said, "models/resource.hpp: includes <libpq-fe.h> outside its door db/detail"));
    CHECK(says(said, "models/resource.hpp: includes <boost/pfr/core.hpp> outside its door reflect"));
    CHECK_FALSE(says(said, "reflect/fields.hpp: includes"));
}

TEST_CASE("layout: includes that lead nowhere, or are written in quotes") {
    tree t;
    t.header("query/where.hpp", "#include <sark/query/nowhere.hpp>\n#include \"slot.hpp\"\n");
    auto const said = t.check();
    CHECK(says(said, "query/where.hpp: includes <sark/query/nowhere.hpp>, which does not exist"));
    CHECK(says(said, "query/where.hpp: includes \"slot.hpp\": write <sark/...>"));
}

TEST_CASE("layout: an umbrella is missing, or misses a header") {
    tree t;
    t.header("query/select.hpp", "");
    t.header("sql/text.hpp", "");
    t.header("models/v1/user.hpp", "");
    t.header("models/v1.hpp", "");
    t.header("models.hpp", "");
    auto const said = t.check();
    CHECK(says(said, "query.hpp: does not include <sark/query/select.hpp>"));
    CHECK(says(said, "sql.hpp: does not exist; it is the umbrella of sql/"));
    CHECK(says(said, "models/v1.hpp: does not include <sark/models/v1/user.hpp>"));
    CHECK_FALSE(says(said, "models.hpp: does not include"));
    CHECK_FALSE(says(said, "query.hpp: does not include <sark/query/detail"));
}

TEST_CASE("layout: the text of a header") {
    tree t;
    t.write("include/sark/query/where.hpp", "#pragma once\n");
    std::string long_text;
    for (int i = 0; i < 399; ++i) long_text += "\n";
    t.header("meta/list.hpp", long_text);
    t.header("query/detail/slot.hpp", "using namespace std;\nvoid f() { std::cout << 1; std::printf(\"x\"); }\n");
    auto const said = t.check();
    CHECK(says(said, "query/where.hpp: the first line is not '// SPDX-License-Identifier: MIT'"));
    CHECK(says(said, "query/where.hpp: the second line is not '#pragma once'"));
    CHECK(says(said, "meta/list.hpp: has 401 lines"));
    CHECK(says(said, "query/detail/slot.hpp: 'using namespace' in a header"));
    CHECK(says(said, "query/detail/slot.hpp: prints: cout"));
    CHECK(says(said, "query/detail/slot.hpp: prints: printf("));
}

TEST_CASE("layout: comments, texts and longer words are not code") {
    tree t;
    t.header("query/where.hpp",
             "#include <cerrno>\n// using namespace std; std::cout\n/* printf( */\nauto a = \"std::cerr\";\n"
             "auto b = R\"(using namespace)\";\nint c = 1'000'000; char d = '\"'; // \"\n"
             "void f() { std::snprintf(nullptr, 0, \"\"); }\n");
    CHECK(t.check().empty());
    t.header("query/where.hpp", "int c = 1'000; using namespace std;\n");
    CHECK(says(t.check(), "'using namespace' in a header"));
}

TEST_CASE("layout: a folder without a layer, a file that is no header, names that differ in case only") {
    tree t;
    t.header("attic/old.hpp", "");
    t.write("include/sark/query/notes.txt", "");
    t.header("query/Where.hpp", "");
    auto const said = t.check();
    CHECK(says(said, "attic/old.hpp: has no layer"));
    CHECK(says(said, "query/notes.txt: is not a .hpp file"));
    CHECK(says(said, "on systems that ignore case"));
}

TEST_CASE("layout: a cycle") {
    tree t;
    t.header("query/detail/slot.hpp", "#include <sark/query/where.hpp>\n");
    CHECK(says(t.check(), "a cycle"));
}

TEST_CASE("layout: the lists of headers and the disk") {
    tree t;
    CHECK(says(t.check("query/where.hpp"), "query/where.hpp: is not in cmake/headers.cmake"));
    CHECK(says(t.check({}, "    include/sark/gone.hpp\n"), "gone.hpp: is in cmake/headers.cmake but not on disk"));
    CHECK(says(t.check({}, "    include/sark/meta.hpp\n"), "meta.hpp: is in cmake/headers.cmake twice"));
    t.header("query/where.hpp", "#include <sark/db/detail/driver.hpp>\n");
    CHECK(says(t.check(), "query/where.hpp: is in the list of the core but includes <sark/db/detail/driver.hpp>"));
    t.header("query/where.hpp", "#include <nlohmann/json.hpp>\n");
    CHECK(says(t.check(), "query/where.hpp: is in the list of the core but includes <nlohmann/json.hpp>"));
}

TEST_CASE("layout: the weight of a translation unit") {
    tree t;
    t.write("unit.ii", "# 1 \"/usr/include/pqxx/pqxx.hxx\" 1\nint a;\n\n  \n# 2 \"a.cpp\"\nint b; int c;\n");
    auto const w = sark::test::layout::weigh(t.path("unit.ii"), {"pqxx", "nlohmann"});
    CHECK(w.lines == 2);
    CHECK(w.intruders == std::vector<std::string>{"/usr/include/pqxx/pqxx.hxx"});
    t.write("ceilings.txt", "# header lines megabytes\nsark/models.hpp 2000 100\n");
    CHECK(sark::test::layout::ceiling_of(t.path("ceilings.txt"), "sark/models.hpp").lines == 2000);
    CHECK(sark::test::layout::ceiling_of(t.path("ceilings.txt"), "sark/models.hpp").megabytes == 100);
    CHECK(sark::test::layout::ceiling_of(t.path("ceilings.txt"), "sark/other.hpp").lines == -1);
    t.write("unit.report", " phase parsing   :   0.06 ( 75%)   0.04 ( 80%)   0.10 ( 77%)  9000k ( 71%)\n"
                           " TOTAL           :   0.08          0.05          0.13            12M\n");
    CHECK(sark::test::layout::megabytes_of(t.path("unit.report")) == 12);
    t.write("unit.report", "unit.cpp: error\n");
    CHECK(sark::test::layout::megabytes_of(t.path("unit.report")) == -1);
}
