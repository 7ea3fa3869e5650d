// SPDX-License-Identifier: MIT
//
// The library's contenders: see worker.hpp.

#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <sark/db.hpp>
#include <sark/jsonb.hpp>
#include <sark/models.hpp>
#include <sark/query.hpp>
#include <sark/schema.hpp>

#include "counting_new.hpp"
#include "worker.hpp"

using sark::Capability, sark::CostTracking, sark::Resource, sark::col, sark::from;

namespace {

// Targets of the inserts: the same columns, in tables of their own.
struct plain_resource {
    std::string id{}, name{}, protocol{}, endpoint{};
    sark::Sensitivity sensitivity_level = sark::Sensitivity::medium;
    sark::json metadata_{};
    sark::timestamp created_at{}, updated_at{};
};
struct indexed_resource {
    std::string id{}, name{}, protocol{}, endpoint{};
    sark::Sensitivity sensitivity_level = sark::Sensitivity::medium;
    sark::json metadata_{};
    sark::timestamp created_at{}, updated_at{};
};
// The tables that grow.
struct grown_resource {
    std::string id{}, name{}, protocol{}, endpoint{};
    sark::Sensitivity sensitivity_level = sark::Sensitivity::medium;
    sark::json metadata_{};
    sark::timestamp created_at{}, updated_at{};
};
struct grown_document {
    std::string id{}, name{};
    sark::json metadata_{};
};
struct grown_cost {
    std::int64_t id = 0;
    sark::timestamp timestamp_{};
    std::string principal_id{}, resource_id{}, capability_id{};
    std::optional<sark::money> estimated_cost{};
};
struct single_cost {
    std::int64_t id = 0;
    sark::timestamp timestamp_{};
    std::string principal_id{}, resource_id{}, capability_id{};
    std::optional<sark::money> estimated_cost{};
    sark::json metadata_{};
};

}  // namespace

template <>
inline constexpr auto sark::table_of<plain_resource> = sark::table(
    "resources_plain", sark::column<&plain_resource::sensitivity_level>{.type = "varchar(20)"},
    sark::primary_key<&plain_resource::id>{});
template <>
inline constexpr auto sark::table_of<indexed_resource> = sark::table(
    "resources_indexed", sark::column<&indexed_resource::sensitivity_level>{.type = "varchar(20)"},
    sark::primary_key<&indexed_resource::id>{});
template <>
inline constexpr auto sark::table_of<grown_resource> = sark::table(
    "resources_grown", sark::column<&grown_resource::sensitivity_level>{.type = "varchar(20)"},
    sark::primary_key<&grown_resource::id>{}, sark::gin<&grown_resource::metadata_>{});
template <>
inline constexpr auto sark::table_of<grown_document> = sark::table(
    "documents_grown", sark::column<&grown_document::id>{.type = "text"},
    sark::column<&grown_document::name>{.type = "text"},
    sark::gin_for<&grown_document::metadata_, sark::json_predicate::contains>{});
template <>
inline constexpr auto sark::table_of<grown_cost> = sark::table(
    "cost_grown", sark::column<&grown_cost::id>{.type = "bigserial"},
    sark::primary_key<&grown_cost::timestamp_, &grown_cost::id>{});
template <>
inline constexpr auto sark::table_of<single_cost> = sark::table(
    "cost_single", sark::column<&single_cost::id>{.type = "bigserial"}, sark::primary_key<&single_cost::id>{});

namespace {

std::shared_ptr<sark::connection> connect(bench::request const& r) { return std::make_shared<sark::connection>(r.url); }

/// The ways to read many rows: all at once, one by one, by COPY.
template <class Query>
std::function<bench::outcome()> reading(bench::request const& r, std::shared_ptr<sark::connection> db, Query query) {
    if (r.contender == "all") return [=] { return bench::total(db->all(query)); };
    if (r.contender == "stream")
        return [=] {
            bench::outcome o;
            for (auto const& row : db->stream(query)) bench::add(o, row);
            return o;
        };
    if (r.contender == "copy_out")
        return [=] {
            bench::outcome o;
            db->copy_out(query, [&](auto const& row) { bench::add(o, row); });
            return o;
        };
    bench::unknown(r);
}

template <class Target>
bench::job writing(bench::request const& r, std::shared_ptr<sark::connection> db) {
    std::vector<Target> rows;
    for (Resource& s : db->all(from<Resource>()))
        rows.push_back({std::move(s.id), std::move(s.name), std::move(s.protocol), std::move(s.endpoint),
                        s.sensitivity_level, std::move(s.metadata_), s.created_at, s.updated_at});
    auto const stock = std::make_shared<std::vector<Target> const>(std::move(rows));
    bench::job j;
    j.before = [db, table = bench::target_table(r.workload)] { db->execute("TRUNCATE " + table); };
    if (r.contender == "copy_in")
        j.work = [=] { return bench::outcome{static_cast<std::size_t>(db->copy_in(*stock))}; };
    else if (r.contender == "insert_many")
        j.work = [=] { return bench::outcome{static_cast<std::size_t>(db->insert_many(*stock))}; };
    else if (r.contender == "insert_many_returning")
        j.work = [=] { return bench::outcome{db->template insert_many_returning<&Target::id>(*stock).size()}; };
    else
        bench::unknown(r);
    return j;
}

template <class Row>
bench::job containing(bench::request const& r, std::shared_ptr<sark::connection> db) {
    return {[db, n = r.count] {
        bench::outcome o;
        for (std::size_t i = 0; i < n; ++i)
            for (std::string const& name : db->all(from<Row>()
                                                       .where(col<&Row::metadata_>.contains(sark::json{bench::team(i)}))
                                                       .select(col<&Row::name>)))
                bench::add(o, name);
        return o;
    }};
}

bench::job make_job(bench::request const& r, std::shared_ptr<sark::connection> const& db) {
    if (r.workload == "W1") {
        auto const ids = bench::ids(r);
        if (r.contender == "all")
            return {[=] {
                bench::outcome o;
                for (std::string const& id : ids)
                    for (Resource const& row : db->all(from<Resource>().where(col<&Resource::id> == id)))
                        bench::add(o, row);
                return o;
            }};
        if (r.contender == "find_many")
            return {[=] {
                bench::outcome o;
                for (auto const& row : db->find_many<Resource>(ids))
                    if (row) bench::add(o, *row);
                return o;
            }};
        if (r.contender == "pipeline")
            return {[=] {
                return db->pipeline([&](sark::pipeline& p) {
                    std::vector<sark::pending<std::vector<Resource>>> found;
                    found.reserve(ids.size());
                    for (std::string const& id : ids)
                        found.push_back(p.all(from<Resource>().where(col<&Resource::id> == id)));
                    bench::outcome o;
                    for (auto& one : found)
                        for (Resource const& row : one.get()) bench::add(o, row);
                    return o;
                });
            }};
        bench::unknown(r);
    }
    if (r.workload == "W2b") return {reading(r, db, from<sark::typed<bench::service>>())};
    if (r.workload == "W2") return {reading(r, db, from<Resource>())};
    if (r.workload == "W3") return writing<plain_resource>(r, db);
    if (r.workload == "W3i") return writing<indexed_resource>(r, db);
    if (r.workload == "W4" && r.contender == "insert_into")
        return {[db, n = r.count] {
                    bench::outcome o;
                    for (std::size_t i = 0; i < n; ++i) {
                        auto const id = db->one(
                            sark::insert_into<single_cost>()
                                .set(col<&single_cost::timestamp_>, sark::timestamp::from_unix_micros(bench::cost_time))
                                .set(col<&single_cost::principal_id>, "user-1")
                                .set(col<&single_cost::resource_id>, "res-00000001")
                                .set(col<&single_cost::capability_id>, "cap-00000001")
                                .set(col<&single_cost::estimated_cost>, sark::money{bench::cost_amount})
                                .set(col<&single_cost::metadata_>, sark::json{bench::cost_metadata})
                                .returning(col<&single_cost::id>));
                        bench::add(o, id);
                    }
                    return o;
                },
                [db] { db->execute("TRUNCATE cost_single RESTART IDENTITY"); }};
    if (r.workload == "W5" && r.contender == "all")
        return {[db, n = r.count] {
            bench::outcome o;
            for (std::size_t i = 0; i < n; ++i)
                for (Resource const& row :
                     db->all(from<Resource>().where(col<&Resource::metadata_>.contains(sark::json{bench::team(i)}))))
                    bench::add(o, row);
            return o;
        }};
    if (r.workload == "G1") {
        auto const ids = bench::ids(r);
        return {[=] {
            bench::outcome o;
            for (std::string const& id : ids)
                bench::add(o, db->one(from<grown_resource>()
                                          .where(col<&grown_resource::id> == id)
                                          .select(col<&grown_resource::name>)));
            return o;
        }};
    }
    if (r.workload == "G5") return containing<grown_resource>(r, db);
    if (r.workload == "G6") return containing<grown_document>(r, db);
    if (r.workload == "G4")
        return {[db, n = r.count] {
            bench::outcome o;
            for (std::size_t i = 0; i < n; ++i) {
                std::string const number = std::to_string(i % 97);
                static_cast<void>(
                    db->one(sark::insert_into<grown_cost>()
                                .set(col<&grown_cost::timestamp_>, sark::timestamp::from_unix_micros(bench::cost_time))
                                .set(col<&grown_cost::principal_id>, "user-" + number)
                                .set(col<&grown_cost::resource_id>, "res-000000" + number)
                                .set(col<&grown_cost::capability_id>, "cap-000000" + number)
                                .set(col<&grown_cost::estimated_cost>, sark::money{bench::cost_amount})
                                .returning(col<&grown_cost::id>)));
                ++o.rows;
            }
            return o;
        }};
    if (r.workload == "W6" && r.contender == "all") {
        auto const query = from<Capability>()
                               .join<Resource>()
                               .where(col<&Resource::protocol> == "grpc")
                               .select(col<&Capability::id>, col<&Capability::resource_id>, col<&Capability::name>,
                                       col<&Capability::description>, col<&Capability::input_schema>,
                                       col<&Capability::output_schema>, col<&Capability::sensitivity_level>,
                                       col<&Capability::metadata_>, col<&Capability::created_at>,
                                       col<&Capability::updated_at>, col<&Resource::id>, col<&Resource::name>,
                                       col<&Resource::protocol>, col<&Resource::endpoint>,
                                       col<&Resource::sensitivity_level>, col<&Resource::metadata_>,
                                       col<&Resource::created_at>, col<&Resource::updated_at>);
        return {reading(r, db, query)};
    }
    if (r.workload == "W7")
        return {reading(r, db,
                        from<CostTracking>()
                            .select(col<&CostTracking::id>, col<&CostTracking::timestamp_>,
                                    col<&CostTracking::principal_id>, col<&CostTracking::resource_id>,
                                    col<&CostTracking::capability_id>, col<&CostTracking::estimated_cost>,
                                    col<&CostTracking::actual_cost>)
                            .order_by(col<&CostTracking::timestamp_>, col<&CostTracking::id>)
                            .limit(static_cast<std::int64_t>(r.count)))};
    bench::unknown(r);
}

bench::job make(bench::request const& r) {
    auto const db = connect(r);
    bench::job j = make_job(r, db);
    j.backend = std::stoi(*db->query_text("SELECT pg_backend_pid()").front()[0]);
    return j;
}

}  // namespace

int main(int count, char** arguments) { return bench::serve(count, arguments, &make); }
