"""Breaks what a fleet of workers stands on, and then asks whether anything is lost.

Many connections in many households are kept up to date by several workers and a server on PostgreSQL, while their banks
change and tell it by webhooks. Meanwhile

  1. workers and the server are killed (SIGKILL), again and again;
  2. the database is killed and started again, and its connections are cut;
  3. the primary dies under load, its standby is promoted, and the old primary comes back as if nothing had happened.

After each, every connection has to equal its bank, with no job lost, stuck or given up, no event missing or out of order
within its household, and nothing may have been written to the former primary.

    faults.py MAGPIE [--connections 28] [--workers 3] [--seconds 15] [--seed 1] [--patient] [--phase kills|restarts|failover]

Only Python's standard library and PostgreSQL are needed.
"""

import argparse
import collections
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

from cluster import Server, ServerLedger, end_when_asked
from crash import differences
from fleet import Fleet, Reader
from programs import Bank


class Trouble:
    """A fleet, its bank and its database, and what is wrong with them."""

    def __init__(self, options, folder):
        self.chance = random.Random(options.seed)
        self.options, self.folder, self.wrong = options, folder, []
        self.counts = collections.Counter()
        self.servers, self.readers = [], []
        self.bank, self.fleet, self.standby = None, None, None

    def settle_in(self):
        self.bank = Bank(self.options.magpie, self.folder, self.options.seed)
        self.primary = Server(self.folder, "one")
        self.servers.append(self.primary)
        self.primary.start()
        self.ledger = ServerLedger(self.primary)
        address = self.primary.address
        if self.options.phase in (None, "failover"):
            self.primary.stop()
            self.primary.start("synchronous_standby_names=*")
            self.standby = Server(self.folder, "two", copy_of=self.primary)
            self.servers.append(self.standby)
            self.standby.start("synchronous_standby_names=''")
            both = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
            address = address.replace(f"127.0.0.1:{self.primary.port}", both)
        self.fleet = Fleet(self.options.magpie, self.folder, self.bank, address)
        self.server = self.fleet.serve()
        self.fleet.open_house()
        self.fleet.link_all(self.options.connections)
        self.counts["links refused because the database was busy"] = self.fleet.busy
        self.workers = [self.fleet.worker() for _ in range(self.options.workers)]
        self.items = self.bank.items()
        self.readers = [Reader(self.fleet.door, self.key(house), house) for house in self.fleet.households[:6]]

    def key(self, household):
        return self.fleet.door.call(
            "POST", "/v1/api-keys", {"name": "reader", "scopes": ["read"]}, self.fleet.token, household)["key"]

    # What goes on meanwhile

    def stir(self, share=0.3):
        """Some banks have news, and tell it."""
        some = [item for item in self.items if self.chance.random() < share]
        for item in some:
            lever = self.chance.choice(["churn", "resend", "correct", "remove_rows"])
            body = {"item_id": item, "rows": 1 if lever == "remove_rows" else self.chance.randint(1, 5)}
            if lever == "correct":
                body["by_minor"] = self.chance.choice([-250, -1, 1, 99])
            self.bank.pull("item/" + lever, **body)
        self.counts["banks that had news"] += len(some)

    def under_load(self, seconds, happen):
        """Banks have news all the time, and every now and then something happens."""
        stop = threading.Event()

        def load():
            while not stop.is_set():
                self.stir(0.1)
                stop.wait(0.25)

        loading = threading.Thread(target=load)
        loading.start()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                time.sleep(self.chance.uniform(0.3, 1.6))
                happen()
        finally:
            stop.set()
            loading.join()

    def kill_one(self):
        if self.chance.random() < 0.2:
            self.server.kill()
            self.server = self.fleet.serve()
            self.counts["kills of the server"] += 1
            return
        index = self.chance.randrange(len(self.workers))
        held = self.primary.query("SELECT count(*) FROM job WHERE state = 'running'")[0][0]
        self.workers[index].kill()
        self.counts["kills of a worker"] += 1
        self.counts["kills while jobs ran"] += held > 0
        self.counts["jobs that ran when a worker was killed"] += held
        self.workers[index] = self.fleet.worker()

    def cut_one(self):
        if self.chance.random() < 0.25:
            self.primary.kill()
            time.sleep(self.chance.uniform(0, 2))
            self.primary.start(*(["synchronous_standby_names=*"] if self.standby else []))
            self.counts["kills of the database"] += 1
            return
        ended = self.primary.query(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'magpie'")
        self.counts["connections cut"] += ended[0][0]

    def fail_over(self):
        """The primary dies, its standby takes over, and the primary comes back without knowing of it."""
        self.under_load(4, lambda: None)
        stop = threading.Event()

        def load():
            while not stop.is_set():
                self.stir(0.1)
                stop.wait(0.25)

        loading = threading.Thread(target=load)
        loading.start()
        try:
            time.sleep(1.5)
            former, self.primary = self.primary, self.standby
            former.kill()
            time.sleep(1)
            self.primary.promote()
            self.ledger.server = self.primary
            began = time.monotonic()
            runs = self.primary.query("SELECT count(*) FROM sync_run WHERE outcome = 'applied'")[0][0]
            self.wait(lambda: self.primary.query(
                "SELECT count(*) FROM sync_run WHERE outcome = 'applied'")[0][0] > runs, 90, "a sync after the promotion")
            self.counts["seconds until a sync was applied after the promotion"] = round(time.monotonic() - began)
            (former.data / "standby.signal").unlink(missing_ok=True)
            former.start("synchronous_standby_names=''", "autovacuum=off")
            before = self.last_write(former)
            # Some know of the promotion; others begin now, and the former primary is the first in their address.
            for index in range(len(self.workers)):
                if index % 2 == 0:
                    self.workers[index].kill()
                    self.workers[index] = self.fleet.worker()
            time.sleep(6)
            self.server.kill()
            self.server = self.fleet.serve()
            time.sleep(2)
            after = self.last_write(former)
            if before != after:
                self.wrong.append(f"somebody wrote to the former primary: {before}, {after}")
            # It would have taken it: otherwise that nobody wrote would mean nothing.
            former.do("CREATE TABLE fork (n int)")
            if self.last_write(former) == after:
                self.wrong.append("a write to the former primary was not seen")
        finally:
            stop.set()
            loading.join()
        former.stop("immediate")

    @staticmethod
    def last_write(server):
        return server.query("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next")[0][0]

    # Afterwards

    def wait(self, is_so, seconds, what):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if is_so():
                    return True
            except RuntimeError:
                pass
            time.sleep(0.25)
        self.wrong.append(f"{what}: not within {seconds} s")
        return False

    def is_still(self):
        letters = self.bank.pull("webhooks/list")["waiting"]
        if letters:
            # Plaid would come again in a while; here a while is short.
            self.bank.pull("clock/advance", seconds=30)
            return False
        if not self.options.patient:
            self.hurry()
        return self.primary.query(
            """
            SELECT count(*) FROM job WHERE state = 'running' OR state = 'waiting' AND kind LIKE 'sync%'
              AND (attempt > 0 OR run_at <= (extract(epoch FROM now()) + 150) * 1000)
            """)[0][0] == 0

    def hurry(self):
        """Lets what only waits for time to pass, such as the lease of a process that is gone, wait no longer."""
        if self.primary.query("SELECT count(*) FROM job WHERE state = 'running'")[0][0] == 0:
            self.primary.do(
                """
                UPDATE connection SET lease_expires_at = 0 WHERE lease_owner IS NOT NULL;
                UPDATE job SET run_at = 0 WHERE state = 'waiting' AND kind LIKE 'sync%' AND attempt = 0
                """)

    def check(self, phase):
        began = time.monotonic()
        if not self.wait(self.is_still, 200, f"{phase}: all jobs done"):
            for row in self.primary.query("SELECT kind, state, attempt, owner, code, message FROM job LIMIT 10"):
                self.wrong.append(f"{phase}: left {row}")
        wrong, compared = differences(self.bank, self.ledger)
        query = self.primary.query
        for kind, code, message in query("SELECT kind, code, message FROM job WHERE state = 'dead'"):
            wrong.append(f"{kind} was given up: {code} {message}")
        for (owner,) in query("SELECT lease_owner FROM connection WHERE lease_owner IS NOT NULL"):
            wrong.append(f"a lease is still held by {owner}")
        for house, position, count, last in query(
            """
            SELECT h.id, h.event_position, count(e.position), max(e.position) FROM household h
            LEFT JOIN event e ON e.household_id = h.id GROUP BY h.id, h.event_position
            """
        ):
            if not position == count == (last or 0):
                wrong.append(f"household {house}: {count} events up to {last}, and its position is {position}")
        if query("SELECT count(*) FROM quarantine WHERE settled_at IS NULL")[0][0]:
            wrong.append("rows are in quarantine")
        untold = query(
            """
            SELECT count(*) FROM bank_transaction t WHERE NOT EXISTS (
              SELECT 1 FROM event e WHERE e.household_id = t.household_id AND e.kind LIKE 'transaction%')
            """)[0][0]
        if untold:
            wrong.append(f"of {untold} rows nothing was ever told")
        self.hear_out(wrong)
        self.counts["rows compared"] += compared
        self.wrong += [f"{phase}: {line}" for line in wrong]
        print(f"  {phase}: compared {compared} rows, settled in {time.monotonic() - began:.0f} s", flush=True)

    def hear_out(self, wrong):
        """Every reader has to have heard every position once, in order."""
        kept = dict(self.primary.query("SELECT household_id AS h, max(position) AS p FROM event GROUP BY household_id"))
        names = dict(self.primary.query("SELECT name AS n, id AS i FROM household"))
        for index, reader in enumerate(self.readers):
            last = kept.get(names[f"House {index}"], 0)
            end = time.monotonic() + 20
            while (reader.positions or [0])[-1] < last and time.monotonic() < end:
                time.sleep(0.1)
            if reader.positions != list(range(1, last + 1)):
                wrong.append(f"a reader heard {len(reader.positions)} events of {last}, the last {reader.positions[-3:]}")
            if reader.resets:
                wrong.append(f"a reader was told to begin anew {reader.resets} times")
        self.counts["events heard"] = sum(len(reader.positions) for reader in self.readers)
        self.counts["streams begun"] = sum(reader.connects for reader in self.readers)

    def end(self):
        """However far it came: nothing that was started here goes on."""
        for reader in self.readers:
            reader.is_done = True
        if self.fleet:
            self.fleet.stop()
        if self.bank:
            self.bank.process.kill()
            self.bank.process.wait()
        for server in self.servers:
            server.stop("immediate")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("magpie")
    parser.add_argument("--connections", type=int, default=28)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patient", action="store_true", help="wait for leases to run out by themselves")
    parser.add_argument("--phase", choices=["kills", "restarts", "failover"])
    options = parser.parse_args()
    end_when_asked()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-faults-"))
    began = time.monotonic()
    trouble = Trouble(options, folder)
    try:
        trouble.settle_in()
        print(f"  {options.connections} connections linked in {time.monotonic() - began:.0f} s", flush=True)
        if not options.patient:
            # Otherwise all of them are being read for the first time when the first worker is killed.
            trouble.check("the first reading")
        if options.phase in (None, "kills"):
            trouble.under_load(options.seconds, trouble.kill_one)
            trouble.check("kills")
        if options.phase in (None, "restarts"):
            trouble.under_load(options.seconds, trouble.cut_one)
            trouble.check("restarts")
        if options.phase in (None, "failover"):
            trouble.fail_over()
            trouble.check("failover")
    finally:
        trouble.end()
    for what, count in sorted(trouble.counts.items()):
        print(f"  {count:5} {what}")
    print(f"seed {options.seed}: {time.monotonic() - began:.0f} s")
    for line in trouble.wrong[:30]:
        print("WRONG " + line, file=sys.stderr)
    if trouble.wrong:
        print(f"{len(trouble.wrong)} things are wrong; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
