// SPDX-License-Identifier: MIT
//
// libpqxx by hand: prepared, fields by position, times parsed by hand (libpqxx has no type for them), many rows in by
// its stream. One contender, `prepared`. See worker.hpp.

#include <memory>

#include <pqxx/pqxx>

#include "counting_new.hpp"
#include "text_by_hand.hpp"
#include "worker.hpp"

using sark::Capability, sark::Resource;

namespace {

using connection = std::shared_ptr<pqxx::connection>;

template <class... Values>
pqxx::result call(pqxx::nontransaction& on, Values const&... values) {
#if PQXX_VERSION_MAJOR < 8
    return on.exec_prepared("q", values...);
#else
    return on.exec(pqxx::prepped{"q"}, pqxx::params{values...});
#endif
}

template <class Field>
std::string_view view(Field const& f) {
    return {f.c_str(), f.size()};
}
template <class Field>
std::string text(Field const& f) {
    return std::string{view(f)};
}
template <class Field>
std::optional<sark::money> amount(Field const& f) {
    if (f.is_null()) return std::nullopt;
    return sark::money{view(f)};
}

template <class Fields>
void read(Fields const& f, Resource& r, int at = 0) {
    r = {text(f[at]),
         text(f[at + 1]),
         text(f[at + 2]),
         text(f[at + 3]),
         bench::level_of(view(f[at + 4])),
         sark::json{text(f[at + 5])},
         bench::time_of(view(f[at + 6])),
         bench::time_of(view(f[at + 7]))};
}
template <class Fields>
void read(Fields const& f, std::pair<Capability, Resource>& p) {
    std::optional<std::string> description;
    if (!f[3].is_null()) description = text(f[3]);
    p.first = {text(f[0]),
               text(f[1]),
               text(f[2]),
               std::move(description),
               sark::json{text(f[4])},
               sark::json{text(f[5])},
               bench::level_of(view(f[6])),
               sark::json{text(f[7])},
               bench::time_of(view(f[8])),
               bench::time_of(view(f[9]))};
    read(f, p.second, 10);
}
template <class Fields>
void read(Fields const& f, bench::cost& c) {
    c = {f[0].template as<std::int64_t>(),
         bench::time_of(view(f[1])),
         text(f[2]),
         text(f[3]),
         text(f[4]),
         amount(f[5]),
         amount(f[6])};
}
template <class Row>
std::vector<Row> rows_of(pqxx::result const& r) {
    std::vector<Row> rows(static_cast<std::size_t>(r.size()));
    std::size_t i = 0;
    for (auto const& fields : r) read(fields, rows[i++]);
    return rows;
}

bench::outcome copy(connection const& db, std::string const& table, std::vector<Resource> const& rows) {
    pqxx::work tx{*db};
#if PQXX_VERSION_MAJOR < 7
    pqxx::stream_to out{tx, table,
                        std::vector<std::string>{"id", "name", "protocol", "endpoint", "sensitivity_level", "metadata",
                                                 "created_at", "updated_at"}};
    for (Resource const& r : rows)
        out << std::make_tuple(r.id, r.name, r.protocol, r.endpoint, std::string{sark::label_of(r.sensitivity_level)},
                               std::string{r.metadata_.text()}, bench::text_of(r.created_at),
                               bench::text_of(r.updated_at));
#else
    auto out = pqxx::stream_to::table(
        tx, {table},
        {"id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at"});
    for (Resource const& r : rows)
        out.write_values(r.id, r.name, r.protocol, r.endpoint, std::string_view{sark::label_of(r.sensitivity_level)},
                         std::string_view{r.metadata_.text()}, bench::text_of(r.created_at),
                         bench::text_of(r.updated_at));
#endif
    out.complete();
    tx.commit();
    return {rows.size()};
}

bench::job make_job(bench::request const& r, connection const& db) {
    if (r.contender != "prepared") bench::unknown(r);
    // A nontransaction sends neither BEGIN nor COMMIT. It has to end before another transaction starts, so each
    // repetition has one of its own: that costs no round trip.
    if (r.workload == "W1") {
        db->prepare("q", bench::resource_by_id);
        return {[=, ids = bench::ids(r)] {
            pqxx::nontransaction tx{*db};
            bench::outcome o;
            for (std::string const& id : ids) {
                Resource row;
                read(call(tx, id)[0], row);
                bench::add(o, row);
            }
            return o;
        }};
    }
    if (r.workload == "W2" || r.workload == "W6") {
        bool const joined = r.workload == "W6";
        db->prepare("q", joined ? bench::capabilities_with_resource : bench::all_resources);
        return {[=] {
            pqxx::nontransaction tx{*db};
            pqxx::result const got = call(tx);
            return joined ? bench::total(rows_of<std::pair<Capability, Resource>>(got))
                          : bench::total(rows_of<Resource>(got));
        }};
    }
    if (r.workload == "W3" || r.workload == "W3i") {
        auto const table = bench::target_table(r.workload);
        auto const stock = [&] {
            pqxx::nontransaction tx{*db};
            return std::make_shared<std::vector<Resource> const>(rows_of<Resource>(tx.exec(bench::all_resources)));
        }();
        return {[=] { return copy(db, table, *stock); },
                [=] {
                    pqxx::nontransaction tx{*db};
                    tx.exec("TRUNCATE " + table);
                }};
    }
    if (r.workload == "W4") {
        db->prepare("q", bench::one_cost);
        return {[=, n = r.count] {
                    pqxx::nontransaction tx{*db};
                    bench::outcome o;
                    for (std::size_t i = 0; i < n; ++i)
                        bench::add(o, call(tx, bench::cost_time_text, "user-1", "res-00000001", "cap-00000001",
                                           bench::cost_amount, bench::cost_metadata)[0][0]
                                          .template as<std::int64_t>());
                    return o;
                },
                [=] {
                    pqxx::nontransaction tx{*db};
                    tx.exec("TRUNCATE cost_single RESTART IDENTITY");
                }};
    }
    if (r.workload == "W5") {
        db->prepare("q", bench::resources_that_contain);
        return {[=, n = r.count] {
            pqxx::nontransaction tx{*db};
            bench::outcome o;
            for (std::size_t i = 0; i < n; ++i)
                for (Resource const& row : rows_of<Resource>(call(tx, bench::team(i)))) bench::add(o, row);
            return o;
        }};
    }
    if (r.workload == "W7") {
        db->prepare("q", bench::some_costs);
        return {[=, n = r.count] {
            pqxx::nontransaction tx{*db};
            return bench::total(rows_of<bench::cost>(call(tx, n)));
        }};
    }
    bench::unknown(r);
}

bench::job make(bench::request const& r) {
    auto const db = std::make_shared<pqxx::connection>(r.url);
    bench::job j = make_job(r, db);
    j.backend = db->backendpid();
    return j;
}

}  // namespace

int main(int count, char** arguments) { return bench::serve(count, arguments, &make); }
