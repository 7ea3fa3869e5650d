# SPDX-License-Identifier: MIT
"""Other people's libraries at the same workloads, by the protocol of worker.hpp.

peers.py WORKLOAD CONTENDER RESOURCES COUNT    contender: psycopg2, core or orm (SQLAlchemy); DATABASE_URL is set
peers.py --check MODULE                        exit code 0 when the module is there

Each does what its manual recommends. Documents stay texts, as they do in the other programs.
"""
import datetime as dt
import io
import json
import os
import resource
import sys
import time

if sys.argv[1] == "--check":
    sys.exit(0 if __import__("importlib.util", fromlist=["util"]).find_spec(sys.argv[2]) else 1)

import psycopg2
import psycopg2.extras

WORKLOAD, CONTENDER = sys.argv[1:3]
RESOURCES, COUNT = int(sys.argv[3]), int(sys.argv[4])
WORD = 2**64
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
MICROSECOND = dt.timedelta(microseconds=1)
NAMES = ["id", "name", "protocol", "endpoint", "sensitivity_level", "metadata", "created_at", "updated_at"]
COLUMNS = ", ".join(NAMES)
COST = {
    "timestamp": EPOCH + dt.timedelta(microseconds=1_750_000_000_000_000),
    "principal_id": "user-1",
    "resource_id": "res-00000001",
    "capability_id": "cap-00000001",
    "estimated_cost": "12.3456",
    "metadata": '{"model": "small", "cached": false, "tokens_in": 12, "tokens_out": 7}',
}
TARGET = "resources_plain" if WORKLOAD == "W3" else "resources_indexed"


def ids():
    state, found = 88172645463325252, []
    for _ in range(COUNT):
        state ^= (state << 13) % WORD
        state ^= state >> 7
        state ^= (state << 17) % WORD
        found.append("res-%08x" % (1 + state % RESOURCES))
    return found


def micros(t):
    return (t - EPOCH) // MICROSECOND


def of_resource(r):
    return sum(map(len, r[:6])) + micros(r[6]) + micros(r[7])


def of_capability(c):
    return (sum(map(len, c[:3])) + (1 if c[3] is None else len(c[3])) + sum(map(len, c[4:8])) + micros(c[8])
            + micros(c[9]))


def of_pair(p):
    return of_capability(p[:10]) + of_resource(p[10:])


def of_cost(c):
    return c[0] + micros(c[1]) + sum(map(len, c[2:5])) + sum(1 if a is None else int(a.scaleb(8)) for a in c[5:7])


def total(of, rows):
    return len(rows), sum(map(of, rows))


def connect():
    opened = psycopg2.connect(os.environ["DATABASE_URL"])
    psycopg2.extras.register_default_jsonb(opened, loads=lambda text: text)
    return opened


def with_psycopg2():
    db = connect()
    db.autocommit = True
    cursor = db.cursor()

    def fetch(sql, values=None):
        cursor.execute(sql, values)
        return cursor.fetchall()

    every = f"SELECT {COLUMNS} FROM resources"
    before = None
    if WORKLOAD == "W1":
        wanted = ids()

        def work():
            return total(of_resource, [fetch(every + " WHERE id = %s", (i,))[0] for i in wanted])

    elif WORKLOAD == "W2":

        def work():
            return total(of_resource, fetch(every))

    elif WORKLOAD in ("W3", "W3i"):
        rows = fetch(every)

        def before():
            cursor.execute(f"TRUNCATE {TARGET}")

        def work():
            lines = io.StringIO()
            for r in rows:
                lines.write("\t".join([*(x.replace("\\", "\\\\") for x in r[:6]), str(r[6]), str(r[7])]) + "\n")
            lines.seek(0)
            cursor.copy_expert(f"COPY {TARGET} ({COLUMNS}) FROM STDIN", lines)
            return len(rows), 0

    elif WORKLOAD == "W4":
        sql = (f"INSERT INTO cost_single ({', '.join(COST)}) VALUES ({', '.join('%s' for _ in COST)}) "
               "RETURNING id")
        values = tuple(COST.values())

        def before():
            cursor.execute("TRUNCATE cost_single RESTART IDENTITY")

        def work():
            return COUNT, sum(fetch(sql, values)[0][0] for _ in range(COUNT))

    elif WORKLOAD == "W5":

        def work():
            found = [total(of_resource, fetch(every + " WHERE metadata @> %s", (f'{{"team": "team-{i}"}}',)))
                     for i in range(COUNT)]
            return sum(n for n, _ in found), sum(s for _, s in found)

    elif WORKLOAD == "W6":
        c = ("id, resource_id, name, description, input_schema, output_schema, sensitivity_level, metadata, "
             "created_at, updated_at").split(", ")
        sql = (f"SELECT {', '.join('c.' + n for n in c)}, {', '.join('r.' + n for n in NAMES)} FROM capabilities c "
               "JOIN resources r ON r.id = c.resource_id WHERE r.protocol = 'grpc'")

        def work():
            return total(of_pair, fetch(sql))

    else:

        def work():
            return total(of_cost, fetch(
                "SELECT id, timestamp, principal_id, resource_id, capability_id, estimated_cost, actual_cost FROM "
                "cost_tracking ORDER BY timestamp, id LIMIT %s", (COUNT,)))

    return work, before, db.get_backend_pid()


def with_sqlalchemy(is_orm):
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql import JSONB
    from sqlalchemy.orm import Session, declarative_base

    engine = sa.create_engine("postgresql+psycopg2://", creator=connect, pool_size=1, future=True,
                              json_deserializer=lambda text: text, json_serializer=lambda text: text,
                              isolation_level="AUTOCOMMIT")
    base = declarative_base()
    text, when, amount = sa.String, lambda: sa.DateTime(timezone=True), lambda: sa.Numeric(20, 8)

    def resource_like(name, table):
        return type(name, (base,), {
            "__tablename__": table, "id": sa.Column(text, primary_key=True), "name": sa.Column(text),
            "protocol": sa.Column(text), "endpoint": sa.Column(text), "sensitivity_level": sa.Column(text),
            "metadata_": sa.Column("metadata", JSONB), "created_at": sa.Column(when()),
            "updated_at": sa.Column(when())})

    def cost_like(name, table):
        return type(name, (base,), {
            "__tablename__": table, "id": sa.Column(sa.BigInteger, primary_key=True), "timestamp": sa.Column(when()),
            "principal_id": sa.Column(text), "resource_id": sa.Column(text), "capability_id": sa.Column(text),
            "estimated_cost": sa.Column(amount()), "metadata_": sa.Column("metadata", JSONB),
            **({"actual_cost": sa.Column(amount())} if table == "cost_tracking" else {})})

    Resource, Target = resource_like("Resource", "resources"), resource_like("Target", TARGET)
    Cost, Single = cost_like("Cost", "cost_tracking"), cost_like("Single", "cost_single")

    class Capability(base):
        __tablename__ = "capabilities"
        id = sa.Column(text, primary_key=True)
        resource_id = sa.Column(text)
        name = sa.Column(text)
        description = sa.Column(text)
        input_schema = sa.Column(JSONB)
        output_schema = sa.Column(JSONB)
        sensitivity_level = sa.Column(text)
        metadata_ = sa.Column("metadata", JSONB)
        created_at = sa.Column(when())
        updated_at = sa.Column(when())

    r, c = Resource.__table__, Capability.__table__
    attributes = ["metadata_" if n == "metadata" else n for n in NAMES]
    capability_attributes = [*("id resource_id name description input_schema output_schema sensitivity_level metadata_ "
                               "created_at updated_at").split()]

    def members(row, names):
        return [getattr(row, n) for n in names]

    db = engine.connect()
    pid = db.execute(sa.text("SELECT pg_backend_pid()")).scalar()
    session = None

    def fresh():
        # A new session: objects of the repetition before would come out of its identity map.
        nonlocal session
        if is_orm:
            if session is not None:
                session.close()
            session = Session(bind=db, future=True)

    def resources(condition=None):
        query = sa.select(Resource if is_orm else r)
        if condition is not None:
            query = query.where(condition)
        if is_orm:
            return [members(o, attributes) for o in session.execute(query).scalars()]
        return db.execute(query).fetchall()

    before = fresh
    if WORKLOAD == "W1":
        wanted = ids()

        def work():
            return total(of_resource, [resources(r.c.id == i)[0] for i in wanted])

    elif WORKLOAD == "W2":

        def work():
            return total(of_resource, resources())

    elif WORKLOAD in ("W3", "W3i"):
        fresh()
        names = attributes if is_orm else NAMES
        rows = [dict(zip(names, row)) for row in resources()]

        def before():
            fresh()
            db.execute(sa.text(f"TRUNCATE {TARGET}"))

        def work():
            if is_orm:
                session.bulk_save_objects([Target(**row) for row in rows])
                session.commit()
            else:
                db.execute(sa.insert(Target.__table__), rows)
            return len(rows), 0

    elif WORKLOAD == "W4":
        values = {**COST}
        if is_orm:
            values["metadata_"] = values.pop("metadata")

        def before():
            fresh()
            db.execute(sa.text("TRUNCATE cost_single RESTART IDENTITY"))

        def work():
            total_of_ids = 0
            for _ in range(COUNT):
                if is_orm:
                    one = Single(**values)
                    session.add(one)
                    session.flush()
                    total_of_ids += one.id
                    session.commit()
                else:
                    total_of_ids += db.execute(sa.insert(Single.__table__).returning(Single.__table__.c.id),
                                               values).scalar()
            return COUNT, total_of_ids

    elif WORKLOAD == "W5":

        def work():
            found = [total(of_resource, resources(r.c.metadata.contains(f'{{"team": "team-{i}"}}')))
                     for i in range(COUNT)]
            return sum(n for n, _ in found), sum(s for _, s in found)

    elif WORKLOAD == "W6":

        def work():
            if is_orm:
                query = (sa.select(Capability, Resource).join(Resource, r.c.id == c.c.resource_id)
                         .where(r.c.protocol == "grpc"))
                return total(of_pair, [members(a, capability_attributes) + members(b, attributes)
                                       for a, b in session.execute(query)])
            columns = [getattr(c.c, n.rstrip("_")) for n in capability_attributes]
            return total(of_pair, db.execute(
                sa.select(*columns, *[r.c[n] for n in NAMES]).join(r, r.c.id == c.c.resource_id)
                .where(r.c.protocol == "grpc")).fetchall())

    else:
        t = Cost.__table__.c
        names = ["id", "timestamp", "principal_id", "resource_id", "capability_id", "estimated_cost", "actual_cost"]

        def work():
            if is_orm:
                query = sa.select(Cost).order_by(Cost.timestamp, Cost.id).limit(COUNT)
                return total(of_cost, [members(o, names) for o in session.execute(query).scalars()])
            return total(of_cost, db.execute(
                sa.select(*[t[n] for n in names]).order_by(t.timestamp, t.id).limit(COUNT)).fetchall())

    return work, before, pid


def backend_cpu(pid):
    try:
        with open(f"/proc/{pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e6
    except OSError:
        return -1.0


def peak_kb():
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    work, before, pid = with_psycopg2() if CONTENDER == "psycopg2" else with_sqlalchemy(CONTENDER == "orm")
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        if before:
            before()
        server, cpu, begin = backend_cpu(pid), time.process_time(), time.perf_counter()
        rows, checked = work()
        wall, used = time.perf_counter() - begin, time.process_time() - cpu
        print(json.dumps({"wall": wall * 1e3, "cpu": used * 1e3,
                          "server": -1.0 if server < 0 else backend_cpu(pid) - server, "allocations": None,
                          "peak_kb": peak_kb(), "rows": rows, "sum": str(checked % WORD)}), flush=True)


main()
