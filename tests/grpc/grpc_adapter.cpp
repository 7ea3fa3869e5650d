// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/database.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <sark/sark.hpp>

#include "grpc/register.hpp"

namespace {

namespace pb = google::protobuf;

std::string bytes_of_kinds() { return support::read_file(SARK_KINDS, 1'000'000); }

grpc::descriptor_set kinds() { return grpc::check_descriptors("kinds.binpb", bytes_of_kinds()); }

std::string refusal(std::string const& content) {
    try {
        static_cast<void>(grpc::map_services(grpc::check_descriptors("a.binpb", content)));
    } catch (support::bad_input const& e) { return e.what(); }
    return "";
}

/// Makes a set of one file with one service.
pb::FileDescriptorSet small() {
    pb::FileDescriptorSet set;
    pb::FileDescriptorProto& file = *set.add_file();
    file.set_name("s.proto");
    file.add_message_type()->set_name("M");
    pb::ServiceDescriptorProto& service = *file.add_service();
    service.set_name("S");
    for (char const* name : {"A", "B"}) {
        pb::MethodDescriptorProto& method = *service.add_method();
        method.set_name(name);
        method.set_input_type(".M");
        method.set_output_type(".M");
    }
    return set;
}

std::vector<grpc::registration> mapped(pb::FileDescriptorSet const& set) {
    return grpc::map_services(grpc::check_descriptors("a.binpb", set.SerializeAsString()));
}

sark::Capability const& named(grpc::registration const& r, std::string_view name) {
    return *std::find_if(r.capabilities.begin(), r.capabilities.end(), [&](auto const& c) { return c.name == name; });
}

/// Lists the references within a schema that lead nowhere.
std::string dangling(sark::json_tree const& at, sark::json_tree const& root) {
    std::string out;
    for (auto const& [key, value] : at.members()) {
        if (key == "$ref" && value.text() != "#") {
            std::string const name = value.text().substr(std::string_view{"#/$defs/"}.size());
            auto const* const definitions = root.find("$defs");
            if (definitions == nullptr || definitions->find(name) == nullptr) out += value.text() + ' ';
        }
        out += dangling(value, root);
    }
    for (sark::json_tree const& item : at.items()) out += dangling(item, root);
    return out;
}

}  // namespace

TEST_CASE("grpc: a message becomes the schema of its JSON", "[grpc]") {
    auto const set = kinds();
    auto const all = grpc::map_services(set).at(0);
    sark::json_tree const schema = sark::parse_json(named(all, "Take").input_schema.text());
    CHECK(schema.find("type")->text() == "object");
    CHECK(schema.find("required")->to_string() == R"(["aNumber"])");
    sark::json_tree const& properties = *schema.find("properties");
    std::string const one_of = R"([{"required":["first"]},{"required":["second"]},{"not":{"anyOf":)"
                               R"([{"required":["first"]},{"required":["second"]}]}}])";
    CHECK(schema.find("allOf")->to_string() == "[{\"oneOf\":" + one_of + "}]");
    for (auto const& [name, expected] : std::vector<std::pair<std::string, std::string>>{
             {"aNumber", R"({"type":"integer","minimum":-2147483648,"maximum":2147483647,"default":-7})"},
             {"longNumber",
              R"({"type":"string","format":"int64","pattern":"^-?[0-9]{1,19}$","default":"-9223372036854775808"})"},
             {"unsignedNumber", R"({"type":"string","format":"uint64","pattern":"^[0-9]{1,20}$"})"},
             {"small", R"({"type":"integer","minimum":0,"maximum":4294967295,"description":"Of its kind."})"},
             {"ratio",
              R"({"anyOf":[{"type":"number"},{"enum":["NaN","Infinity","-Infinity"]}],"default":"-Infinity"})"},
             {"data", R"({"type":"string","contentEncoding":"base64"})"},
             {"flag", R"({"type":"boolean","default":true,"deprecated":true})"},
             {"theText", R"({"type":"string","default":"a\"b"})"},
             {"color", R"({"$ref":"#/$defs/kinds.Color","default":"RED"})"},
             {"byNumber", R"({"type":"object","additionalProperties":{"$ref":"#/$defs/kinds.Loop"},)"
                          R"("propertyNames":{"pattern":"^-?[0-9]+$"}})"},
             {"byFlag", R"({"type":"object","additionalProperties":{"$ref":"#/$defs/kinds.Color"},)"
                        R"("propertyNames":{"enum":["true","false"]}})"},
             {"bySmall", R"({"type":"object","additionalProperties":{"anyOf":[{"type":"number"},{"enum":)"
                         R"(["NaN","Infinity","-Infinity"]}]},"propertyNames":{"pattern":"^[0-9]+$"}})"},
             {"old", R"({"$ref":"#/$defs/kinds.All.Old"})"},
             {"any", R"({"type":"object","properties":{"@type":{"type":"string"}},"required":["@type"]})"},
             {"duration", R"({"type":"string","pattern":"^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$"})"},
             {"mask", R"({"type":"string"})"},
             {"object", R"({"type":"object"})"},
             {"value", "{}"},
             {"list", R"({"type":"array"})"},
             {"nothing", R"({"type":"null"})"},
             {"at", R"({"type":"string","format":"date-time"})"},
             {"maybe", R"({"anyOf":[{"type":"string","format":"int64","pattern":"^-?[0-9]{1,19}$"},{"type":"null"}]})"},
             {"names", R"({"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]}})"},
             {"inner", R"({"$ref":"#/$defs/kinds.All.Inner"})"}}) {
        INFO(name);
        REQUIRE(properties.find(name) != nullptr);
        CHECK(*properties.find(name) == sark::parse_json(expected));
    }
    CHECK(properties.members().size() == 27);
    CHECK(schema.find("$defs")->find("kinds.Color")->to_string() ==
          R"({"type":"string","enum":["NONE","RED","GREEN"],"description":"Of a lamp."})");
}

TEST_CASE("grpc: messages that contain themselves end, and every reference resolves", "[grpc]") {
    auto const set = kinds();
    auto const all = grpc::map_services(set).at(0);
    for (sark::Capability const& c : all.capabilities)
        for (sark::json const* schema : {&c.input_schema, &c.output_schema}) {
            sark::json_tree const tree = sark::parse_json(schema->text());
            CHECK(dangling(tree, tree) == "");
        }
    CHECK(named(all, "Take").output_schema ==
          sark::json{R"({"type":"object","properties":{"other":{"$ref":"#/$defs/kinds.Other"}},"$defs":{"kinds.Other":
              {"type":"object","properties":{"loop":{"$ref":"#"},"self":{"$ref":"#/$defs/kinds.Other"}}}}})"});
}

TEST_CASE("grpc: a service becomes a resource, its methods capabilities", "[grpc]") {
    auto const set = kinds();
    auto const all = grpc::map_services(set).at(0);
    CHECK(all.resource.id == "grpc:kinds.Kinds");
    CHECK(all.resource.name == "kinds.Kinds");
    CHECK(all.resource.protocol == "grpc");
    CHECK(all.resource.endpoint == "/kinds.Kinds");
    CHECK(all.resource.sensitivity_level == sark::Sensitivity::high);
    auto const metadata = sark::from_json<sark::GrpcMetadata>(all.resource.metadata_);
    CHECK(metadata.service == "Kinds");
    CHECK(metadata.proto_package == "kinds");
    CHECK(metadata.proto_file == "kinds.proto");
    CHECK(sark::parse_json(all.resource.metadata_.text()).find("deprecated")->is_true());

    sark::Capability const& take = named(all, "Take");
    CHECK(take.id == "grpc:kinds.Kinds/Take");
    CHECK(take.description == " Two lines,\n\nand one more.");
    CHECK(take.metadata_ == sark::json{R"({"rpc":"/kinds.Kinds/Take","streaming":"none","input_type":"kinds.All",
                                           "output_type":"kinds.Loop"})"});
    std::string told;
    for (sark::Capability const& c : all.capabilities) {
        auto const how = sark::from_json<grpc::method_metadata>(c.metadata_);
        told += c.name + ' ' + how.streaming + ' ' + how.idempotency.value_or("-") + ' ' +
                std::string{sark::label_of(c.sensitivity_level)} + '\n';
    }
    CHECK(told == "Take none - medium\nDeleted server idempotent medium\nDelete client no_side_effects high\n"
                  "Peek both no_side_effects low\n");
    CHECK(grpc::map_services(set, {"kinds"}).size() == 1);
    CHECK(grpc::map_services(set, {"kinds.Kinds"}).size() == 1);
    CHECK(grpc::map_services(set, {"kind", "kinds.K", "kinds.Kinds.Take"}).empty());
}

TEST_CASE("grpc: what is no descriptor set is refused in one sentence", "[grpc]") {
    CHECK_THAT(refusal(""), ContainsSubstring("a.binpb: the file is empty."));
    CHECK_THAT(refusal("syntax = \"proto3\";"), ContainsSubstring("this is the source of definitions"));
    CHECK_THAT(refusal("\n // c\nsyntax"), ContainsSubstring("this is the source of definitions"));
    CHECK_THAT(refusal("{\"openapi\":\"3.0.0\"}"), ContainsSubstring("this is no descriptor set"));
    CHECK_THAT(refusal(std::string{"\x10\x01", 2}),
               ContainsSubstring("this is no descriptor set. "));  // another message
    CHECK_THAT(refusal(std::string{"\x0A\x00", 2}), ContainsSubstring("a file of the set has no name."));
    // Cut anywhere: never accepted with something missing in silence.
    std::string const whole = bytes_of_kinds();
    std::string const kept = refusal(whole);
    CHECK(kept.empty());
    std::size_t accepted = 0;
    for (std::size_t n = 0; n < whole.size(); n += 7) accepted += refusal(whole.substr(0, n)).empty() ? 1 : 0;
    CHECK(accepted == 0);
}

TEST_CASE("grpc: a set that is wrong is refused with what is wrong", "[grpc]") {
    auto set = small();
    CHECK(mapped(set).at(0).capabilities.size() == 2);
    set.mutable_file(0)->mutable_service(0)->mutable_method(1)->set_input_type(".Nothing");
    CHECK(refusal(set.SerializeAsString()) == "a.binpb: s.proto is wrong: S.B: \".Nothing\" is not defined.");
    set = small();
    set.mutable_file(0)->add_dependency("t.proto");
    CHECK(refusal(set.SerializeAsString()) ==
          "a.binpb: s.proto imports t.proto, which the set lacks. Give protoc --include_imports.");
    auto& other = *set.add_file();
    other.set_name("t.proto");
    CHECK(refusal(set.SerializeAsString()).empty());  // in the other order than protoc's
    other.add_dependency("s.proto");
    CHECK(refusal(set.SerializeAsString()) == "a.binpb: s.proto imports itself by way of others.");
    set = small();
    *set.add_file() = set.file(0);
    CHECK(refusal(set.SerializeAsString()) == "a.binpb: the set has s.proto twice.");
    set = small();
    set.mutable_file(0)->clear_service();
    CHECK(refusal(set.SerializeAsString()) == "a.binpb: the set describes no service.");

    pb::LogSilencer const silence;
    // Comments are bytes to protobuf, and text to PostgreSQL.
    for (std::string const& comment : {std::string{"\xFF"}, std::string{"a\0b", 3}})
        for (std::vector<int> const& path : {std::vector{6, 0}, std::vector{6, 0, 2, 1}, std::vector{4, 0}}) {
            set = small();
            auto& location = *set.mutable_file(0)->mutable_source_code_info()->add_location();
            for (int const step : path) location.add_path(step);
            for (int const at : {0, 0, 1}) location.add_span(at);
            location.set_leading_comments(comment);
            CHECK_THAT(refusal(set.SerializeAsString()), ContainsSubstring("a comment or a name that is not UTF-8"));
        }
}

TEST_CASE("grpc: registering twice writes once, and what is gone is removed", "[grpc]") {
    sark::test::database const database;
    sark::connection db{database.url()};
    sark::migrate::upgrade(db, sark::migrations::chain);
    auto const state = [&] {
        return database.ask("SELECT coalesce(string_agg(t, E'\\n' ORDER BY t), '') FROM ("
                            "SELECT 'r ' || xmin::text || resources::text AS t FROM resources UNION ALL "
                            "SELECT 'c ' || xmin::text || capabilities::text FROM capabilities) AS rows");
    };
    auto const line = [&](std::vector<grpc::registration> const& all) {
        return grpc::line_of(all.at(0), grpc::register_all(db, all).at(0));
    };
    auto set = small();
    CHECK(line(mapped(set)) == "a.binpb: S (grpc) 2 methods: 2 new, 0 changed, 0 unchanged, 0 removed");
    std::string before = state();
    CHECK(line(mapped(set)) == "a.binpb: S (grpc) 2 methods: 0 new, 0 changed, 2 unchanged, 0 removed");
    CHECK(state() == before);

    // An endpoint stays until another one is given, and so does what others know.
    auto const moved = grpc::map_services(grpc::check_descriptors("a.binpb", set.SerializeAsString()), {}, "host:443");
    CHECK(grpc::register_all(db, moved).at(0).resource == sark::upserted::updated);
    database.execute("UPDATE resources SET metadata = metadata || '{\"reflection\":true,\"deprecated\":true}'");
    set.mutable_file(0)->mutable_service(0)->mutable_method()->RemoveLast();
    set.mutable_file(0)->mutable_service(0)->mutable_method(0)->mutable_options()->set_deprecated(true);
    db.insert(sark::Capability{.id = "grpc:S/mine", .resource_id = "grpc:S", .name = "by hand"});
    CHECK(line(mapped(set)) ==
          "a.binpb: S (grpc) 1 method: 0 new, 1 changed, 0 unchanged, 1 removed, its description changed");
    CHECK(database.ask(
              "SELECT endpoint || (metadata->>'reflection') || (metadata ? 'deprecated')::text FROM resources") ==
          "host:443truefalse");
    CHECK(database.ask("SELECT string_agg(id, ' ' ORDER BY id) FROM capabilities") == "grpc:S/A grpc:S/mine");

    // Two sets with the same service are one; with another one of its name they are refused, and nothing is written.
    before = state();
    std::vector<grpc::registration> both = mapped(set);
    both.push_back(both.front());
    CHECK(grpc::without_repetitions(both).size() == 1);
    both.back().capabilities.clear();
    CHECK(grpc::without_repetitions(both).size() == 2);
    CHECK_THROWS_WITH(grpc::register_all(db, both), ContainsSubstring("is also that of a.binpb"));
    database.execute("UPDATE resources SET protocol = 'http'");
    before = state();
    CHECK_THROWS_WITH(grpc::register_all(db, mapped(set)), ContainsSubstring("a resource of another protocol"));
    CHECK(state() == before);
}
