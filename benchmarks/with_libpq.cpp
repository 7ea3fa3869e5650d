// SPDX-License-Identifier: MIT
//
// libpq by hand, as its author would defend it: prepared, fields by position, members filled in place. Contenders are
// `binary` and `text`, the form in which rows travel; many rows in are one COPY. See worker.hpp.

#include <algorithm>
#include <memory>

#include <libpq-fe.h>

#include <nlohmann/json.hpp>

#include "counting_new.hpp"
#include "text_by_hand.hpp"
#include "worker.hpp"

using sark::Capability, sark::Resource;

namespace {

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;
using connection = std::shared_ptr<PGconn>;

constexpr std::int64_t postgres_epoch = 946'684'800'000'000;

result ok(connection const& on, PGresult* r) {
    auto const status = PQresultStatus(r);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN)
        throw std::runtime_error{PQerrorMessage(on.get())};
    return {r, &PQclear};
}
result run(connection const& on, std::string const& sql) { return ok(on, PQexec(on.get(), sql.c_str())); }
void prepare(connection const& on, std::string const& sql) {
    ok(on, PQprepare(on.get(), "q", sql.c_str(), 0, nullptr));
}
result call(connection const& on, bool binary, std::initializer_list<char const*> values = {}) {
    return ok(on, PQexecPrepared(on.get(), "q", static_cast<int>(values.size()), values.begin(), nullptr, nullptr,
                                 binary ? 1 : 0));
}

template <class I>
I network(char const* from) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(I); ++i) bits = bits << 8U | static_cast<unsigned char>(from[i]);
    return static_cast<I>(bits);
}

/// Fields of a result in one of the two forms.
template <bool Binary>
struct fields {
    PGresult* r;
    int row;

    std::string_view view(int c) const {
        return {PQgetvalue(r, row, c), static_cast<std::size_t>(PQgetlength(r, row, c))};
    }
    bool null(int c) const { return PQgetisnull(r, row, c) != 0; }
    std::string text(int c) const { return std::string{view(c)}; }
    sark::json json(int c) const {
        // One byte before the text says the version of jsonb.
        return sark::json{std::string{view(c).substr(Binary ? 1 : 0)}};
    }
    sark::timestamp time(int c) const {
        if constexpr (Binary)
            return sark::timestamp::from_unix_micros(network<std::int64_t>(PQgetvalue(r, row, c)) + postgres_epoch);
        else
            return bench::time_of(view(c));
    }
    std::int64_t integer(int c) const {
        if constexpr (Binary) return network<std::int64_t>(PQgetvalue(r, row, c));
        return std::strtoll(PQgetvalue(r, row, c), nullptr, 10);
    }
    std::optional<sark::money> amount(int c) const {
        if (null(c)) return std::nullopt;
        if constexpr (!Binary) return sark::money{view(c)};
        char const* const p = PQgetvalue(r, row, c);
        int const digits = network<std::int16_t>(p);
        sark::money::units_type units = 0;
        for (int d = 0; d < digits; ++d) units = units * 10'000 + network<std::int16_t>(p + 8 + std::ptrdiff_t{2} * d);
        for (int at = network<std::int16_t>(p + 2) - digits + 1; at > -2; --at) units *= 10'000;
        return sark::money::from_units(units);
    }
};

template <bool B>
void read(fields<B> const& f, Resource& r, int at = 0) {
    r = {f.text(at),     f.text(at + 1), f.text(at + 2), f.text(at + 3), bench::level_of(f.view(at + 4)),
         f.json(at + 5), f.time(at + 6), f.time(at + 7)};
}
template <bool B>
void read(fields<B> const& f, std::pair<Resource, bench::service>& p) {
    read(f, p.first);
    auto const document = nlohmann::json::parse(p.first.metadata_.text());
    bench::service& s = p.second;
    document.at("team").get_to(s.team);
    document.at("region").get_to(s.region);
    document.at("version").get_to(s.version);
    document.at("tier").get_to(s.tier);
    document.at("active").get_to(s.active);
    document.at("tags").get_to(s.tags);
    if (auto const l = document.find("limits"); l != document.end())
        s.limits = {l->at("rps").get<std::int64_t>(), l->at("burst").get<std::int64_t>()};
    if (auto const c = document.find("contact"); c != document.end()) s.contact = c->get<std::string>();
}
template <bool B>
void read(fields<B> const& f, std::pair<Capability, Resource>& p) {
    std::optional<std::string> description;
    if (!f.null(3)) description = f.text(3);
    p.first = {
        f.text(0), f.text(1), f.text(2), std::move(description), f.json(4), f.json(5), bench::level_of(f.view(6)),
        f.json(7), f.time(8), f.time(9)};
    read(f, p.second, 10);
}
template <bool B>
void read(fields<B> const& f, bench::cost& c) {
    c = {f.integer(0), f.time(1), f.text(2), f.text(3), f.text(4), f.amount(5), f.amount(6)};
}
template <bool B, class Row>
std::vector<Row> rows_of(result const& r) {
    std::vector<Row> rows(static_cast<std::size_t>(PQntuples(r.get())));
    for (std::size_t i = 0; i < rows.size(); ++i) read(fields<B>{r.get(), static_cast<int>(i)}, rows[i]);
    return rows;
}
template <class Row>
bench::outcome total(bool binary, result const& r) {
    return bench::total(binary ? rows_of<true, Row>(r) : rows_of<false, Row>(r));
}

// --- many rows in ----------------------------------------------------------------------------------------------------

template <class I>
void put(std::string& out, I value) {
    for (int shift = static_cast<int>(sizeof(I) * 8) - 8; shift >= 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift));
}
void put_binary(std::string& out, Resource const& r) {
    auto const text = [&](std::string_view value) {
        put(out, static_cast<std::int32_t>(value.size()));
        out += value;
    };
    auto const time = [&](sark::timestamp value) {
        put(out, std::int32_t{8});
        put(out, value.unix_micros() - postgres_epoch);
    };
    put(out, std::int16_t{8});
    for (auto const* s : {&r.id, &r.name, &r.protocol, &r.endpoint}) text(*s);
    text(sark::label_of(r.sensitivity_level));
    put(out, static_cast<std::int32_t>(r.metadata_.text().size() + 1));
    out += '\x01';
    out += r.metadata_.text();
    time(r.created_at);
    time(r.updated_at);
}
void put_text(std::string& out, Resource const& r) {
    auto const text = [&](std::string_view value) {
        for (char const c : value) switch (c) {
                case '\\': out += "\\\\"; break;
                case '\t': out += "\\t"; break;
                case '\n': out += "\\n"; break;
                case '\r': out += "\\r"; break;
                default: out += c;
            }
        out += '\t';
    };
    for (auto const* s : {&r.id, &r.name, &r.protocol, &r.endpoint}) text(*s);
    text(sark::label_of(r.sensitivity_level));
    text(r.metadata_.text());
    text(bench::text_of(r.created_at));
    out += bench::text_of(r.updated_at);
    out += '\n';
}

bench::outcome copy(connection const& db, bool binary, std::string const& table, std::vector<Resource> const& rows) {
    auto const send = [&](std::string& out) {
        if (PQputCopyData(db.get(), out.data(), static_cast<int>(out.size())) != 1)
            throw std::runtime_error{PQerrorMessage(db.get())};
        out.clear();
    };
    run(db, "COPY " + table + " (" + bench::resource_columns + ") FROM STDIN" + (binary ? " (FORMAT binary)" : ""));
    std::string out;
    if (binary) out.append("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (Resource const& r : rows) {
        binary ? put_binary(out, r) : put_text(out, r);
        if (out.size() > 65'536) send(out);
    }
    if (binary) put(out, std::int16_t{-1});
    send(out);
    if (PQputCopyEnd(db.get(), nullptr) != 1) throw std::runtime_error{PQerrorMessage(db.get())};
    while (PGresult* const r = PQgetResult(db.get())) ok(db, r);
    return {rows.size()};
}

// --- look-ups without waiting for each -------------------------------------------------------------------------------

/// Sends a window of look-ups, then reads its answers: so many fit into the buffers of the socket.
bench::outcome look_up_in_a_pipeline(connection const& db, std::vector<std::string> const& ids) {
    constexpr std::size_t window = 500;
    auto const sure = [&](int done) {
        if (done != 1) throw std::runtime_error{PQerrorMessage(db.get())};
    };
    bench::outcome o;
    sure(PQenterPipelineMode(db.get()));
    for (std::size_t first = 0; first < ids.size(); first += window) {
        std::size_t const end = std::min(first + window, ids.size());
        for (std::size_t i = first; i < end; ++i) {
            char const* const value = ids[i].c_str();
            sure(PQsendQueryPrepared(db.get(), "q", 1, &value, nullptr, nullptr, 1));
        }
        sure(PQpipelineSync(db.get()));
        for (std::size_t i = first; i < end; ++i) {
            result const got = ok(db, PQgetResult(db.get()));
            Resource row;
            read(fields<true>{got.get(), 0}, row);
            bench::add(o, row);
            result const end_of_answer{PQgetResult(db.get()), &PQclear};
        }
        result const synced{PQgetResult(db.get()), &PQclear};
        if (PQresultStatus(synced.get()) != PGRES_PIPELINE_SYNC) throw std::runtime_error{"out of step"};
    }
    sure(PQexitPipelineMode(db.get()));
    return o;
}

// --- the workloads ---------------------------------------------------------------------------------------------------

bench::job make_job(bench::request const& r, connection const& db) {
    bool const binary = r.contender == "binary";
    if (r.workload == "W1" && r.contender == "pipelined") {
        prepare(db, bench::resource_by_id);
        return {[=, ids = bench::ids(r)] { return look_up_in_a_pipeline(db, ids); }};
    }
    if (!binary && r.contender != "text") bench::unknown(r);
    if (r.workload == "W1") {
        prepare(db, bench::resource_by_id);
        return {[=, ids = bench::ids(r)] {
            bench::outcome o;
            for (std::string const& id : ids) {
                result const got = call(db, binary, {id.c_str()});
                Resource row;
                binary ? read(fields<true>{got.get(), 0}, row) : read(fields<false>{got.get(), 0}, row);
                bench::add(o, row);
            }
            return o;
        }};
    }
    if (r.workload == "W2") {
        prepare(db, bench::all_resources);
        return {[=] { return total<Resource>(binary, call(db, binary)); }};
    }
    if (r.workload == "W2b") {
        prepare(db, bench::http_resources);
        return {[=] { return total<std::pair<Resource, bench::service>>(binary, call(db, binary)); }};
    }
    if (r.workload == "W3" || r.workload == "W3i") {
        auto const table = bench::target_table(r.workload);
        auto const stock = std::make_shared<std::vector<Resource> const>(
            rows_of<false, Resource>(run(db, bench::all_resources)));
        return {[=] { return copy(db, binary, table, *stock); }, [=] { run(db, "TRUNCATE " + table); }};
    }
    if (r.workload == "W4") {
        prepare(db, bench::one_cost);
        return {[=, n = r.count] {
                    bench::outcome o;
                    for (std::size_t i = 0; i < n; ++i) {
                        result const got = call(db, binary,
                                                {bench::cost_time_text, "user-1", "res-00000001", "cap-00000001",
                                                 bench::cost_amount, bench::cost_metadata});
                        bench::add(o, binary ? fields<true>{got.get(), 0}.integer(0)
                                             : fields<false>{got.get(), 0}.integer(0));
                    }
                    return o;
                },
                [=] { run(db, "TRUNCATE cost_single RESTART IDENTITY"); }};
    }
    if (r.workload == "W5") {
        prepare(db, bench::resources_that_contain);
        return {[=, n = r.count] {
            bench::outcome o;
            for (std::size_t i = 0; i < n; ++i) {
                auto const part = total<Resource>(binary, call(db, binary, {bench::team(i).c_str()}));
                o.rows += part.rows;
                o.sum += part.sum;
            }
            return o;
        }};
    }
    if (r.workload == "W6") {
        prepare(db, bench::capabilities_with_resource);
        return {[=] { return total<std::pair<Capability, Resource>>(binary, call(db, binary)); }};
    }
    if (r.workload == "W7") {
        prepare(db, bench::some_costs);
        return {[=, n = std::to_string(r.count)] { return total<bench::cost>(binary, call(db, binary, {n.c_str()})); }};
    }
    bench::unknown(r);
}

bench::job make(bench::request const& r) {
    connection const db{PQconnectdb(r.url.c_str()), &PQfinish};
    if (PQstatus(db.get()) != CONNECTION_OK) throw std::runtime_error{PQerrorMessage(db.get())};
    bench::job j = make_job(r, db);
    j.backend = PQbackendPID(db.get());
    return j;
}

}  // namespace

int main(int count, char** arguments) { return bench::serve(count, arguments, &make); }
