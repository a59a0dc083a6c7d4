"""Measures Magpie while it keeps banks up to date; a part of scripts/bench.

webhooks: how soon a webhook is answered when 1,000 a second are sent, whatever comes back; and how long it takes from a
webhook to the committed row at 100 a second, with a bank that answers at once.
fleet: connections that are read in a second of the workers' processors, one update each, with one worker process and with
four, on SQLite and on PostgreSQL; once more with a bank that takes 300 ms for each answer. The banks tell in no order.
streams: 1,000 open event streams on one process: what memory they take, and how soon each hears of a change.

MAGPIE_BENCH_LETTERS (10000), MAGPIE_BENCH_FLEET (10000), MAGPIE_BENCH_STREAMS (1000) and MAGPIE_BENCH_STORES
(sqlite,postgres) make it shorter, for trying. The simulated bank runs on the same processors, and on the same machine
whoever asks.
"""

import asyncio
import concurrent.futures
import os
import pathlib
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time

LETTERS = int(os.environ.get("MAGPIE_BENCH_LETTERS", "10000"))
FLEET = int(os.environ.get("MAGPIE_BENCH_FLEET", "10000"))
STREAMS = int(os.environ.get("MAGPIE_BENCH_STREAMS", "1000"))
STORES = os.environ.get("MAGPIE_BENCH_STORES", "sqlite,postgres").split(",")
# The part that counts may be wrapped by whoever runs this, to keep other work on the machine away meanwhile.
TICKS = os.sysconf("SC_CLK_TCK")


def quantile(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))]


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0


class House:
    """An installation with its bank and its database, made and taken away again."""

    def __init__(self, bench, store, collector=False, **settings):
        self.bench, self.store = bench, store
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-bench-"))
        self.server = None
        if store == "postgres":
            self.server = bench.cluster.Server(self.folder, "database")
            self.server.start("shared_buffers=256MB", "max_wal_size=2GB")
        self.bank = bench.programs.Bank(bench.magpie, self.folder, 1)
        self.collector = bench.letters.Collector() if collector else None
        if self.collector:
            settings["MAGPIE_PUBLIC_URL"] = self.collector.url
        self.fleet = bench.fleet.Fleet(
            bench.magpie, self.folder, self.bank, self.server.address if self.server else None, rows=5, **settings)
        file = self.folder / "data" / "magpie.db"
        self.ledger = bench.cluster.ServerLedger(self.server) if self.server else bench.crash.Ledger(file)

    def query(self, sql):
        return self.ledger.query(self.ledger.file, sql)

    def open(self, connections):
        self.serving = self.fleet.serve()
        self.fleet.open_house()
        banks = self.bench.fleet.BANKS
        houses = [self.fleet.household() for _ in range((connections + len(banks) - 1) // len(banks))]
        made = 0
        # One after the other in each household, several households at a time.
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for start in range(0, len(houses), 60):
                self.fleet.sign_in()

                def fill(index):
                    for place, institution in enumerate(banks):
                        number = index * len(banks) + place
                        if number < connections:
                            self.fleet.link(houses[index], institution, number)

                list(pool.map(fill, range(start, min(start + 60, len(houses)))))
                made = len(self.fleet.connections)
                print(f"  {made} connections", file=sys.stderr, flush=True)

    def jobs(self):
        return self.query("SELECT count(*) FROM job WHERE kind LIKE 'sync%' AND state IN ('waiting', 'running')")[0][0]

    def wait_for_jobs(self, seconds=600, pause=0.5):
        end = time.monotonic() + seconds
        while self.jobs():
            if time.monotonic() > end:
                sys.exit("the jobs do not end")
            time.sleep(pause)

    def close(self):
        self.fleet.stop()
        self.bank.process.kill()
        self.bank.process.wait()
        if self.server:
            self.server.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


async def offer(port, letters, rate, connections=64):
    """Sends letters at a fixed rate, whatever comes back; gives the seconds from when each was due to its answer."""
    times, statuses = [], []
    free = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def send(due, body, signature):
        reader, writer = await free.get()
        writer.write(
            b"POST /v1/webhooks/plaid HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Plaid-Verification: " + signature.encode() + b"\r\nContent-Length: " + str(len(body)).encode()
            + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - due)
        statuses.append(int(head[9:12]))
        free.put_nowait((reader, writer))

    begin = time.perf_counter() + 0.2
    tasks = []
    for number, (body, signature) in enumerate(letters):
        due = begin + number / rate
        if (rest := due - time.perf_counter()) > 0:
            await asyncio.sleep(rest)
        tasks.append(asyncio.create_task(send(due, body, signature)))
    await asyncio.gather(*tasks)
    return times, statuses


class Running:
    def __init__(self, root, build):
        sys.path.insert(0, os.path.join(root, "Tests", "processes"))
        import cluster
        import crash
        import fleet
        import letters
        import programs

        self.cluster, self.crash, self.fleet, self.letters, self.programs = cluster, crash, fleet, letters, programs
        self.magpie = os.path.join(build, "magpie")

    def webhooks(self):
        results = []
        for store in STORES:
            house = House(self, store, collector=True, MAGPIE_WORKERS="8")
            try:
                house.open(70)
                house.wait_for_jobs()
                items = house.bank.items()
                letters = house.collector.collect(house.bank, items, LETTERS)
                times, statuses = asyncio.run(offer(house.fleet.door.port, letters, 1_000))
                results.append(
                    {"name": f"webhooks.answer.{store}", "value": round(quantile(times, 0.99) * 1000, 1), "unit": "ms",
                     "p50_ms": round(quantile(times, 0.5) * 1000, 1), "most_ms": round(max(times) * 1000, 1),
                     "sent": len(letters), "taken": statuses.count(200)})
            finally:
                house.close()
        for store in STORES:
            house = House(self, store)
            try:
                house.open(350)
                house.wait_for_jobs()
                items = house.bank.items()
                chance = random.Random(1)
                since = int(time.time() * 1000)
                begin = time.perf_counter()
                count = 0
                while (now := time.perf_counter() - begin) < 20:
                    if now * 100 >= count:
                        house.bank.pull("item/resend", item_id=chance.choice(items), rows=1)
                        count += 1
                    else:
                        time.sleep(0.001)
                house.wait_for_jobs()
                rows = house.query(
                    f"""
                    SELECT w.received_at AS r, min(s.ended_at) AS e FROM webhook_event w
                    JOIN sync_run s ON s.household_id = w.household_id AND s.connection_id = w.connection_id
                      AND s.started_at >= w.received_at AND s.outcome = 'applied'
                    WHERE w.received_at >= {since} GROUP BY w.id, w.received_at
                    """)
                waits = [end - received for received, end in rows]
                results.append(
                    {"name": f"webhooks.committed.{store}", "value": quantile(waits, 0.5), "unit": "ms",
                     "p99_ms": quantile(waits, 0.99), "mean_ms": round(statistics.mean(waits)), "webhooks": len(waits),
                     "a_second": round(count / 20)})
            finally:
                house.close()
        return results

    def one_fleet(self, house, processes, delay):
        """One update for each connection: how many in a second of the workers' processors, and in one of the wall's."""
        items = house.bank.items()
        letters = house.collector.collect(house.bank, items, len(items))
        # Banks tell in no order of ours: those of one household do not come together.
        random.Random(1).shuffle(letters)
        # What is refused for want of room is sent again, as a bank does; what was taken twice is one job.
        for _ in range(5):
            _, statuses = asyncio.run(offer(house.fleet.door.port, letters, 100_000))
            waiting = house.jobs()
            if waiting >= len(items):
                break
        if waiting < len(items):
            sys.exit(f"{len(items)} connections, {len(letters)} webhooks, {statuses.count(200)} taken, {waiting} jobs")
        if delay:
            house.bank.pull("faults/add", fault="slow=300", endpoint="/transactions/sync")
            # Who waits costs nothing: with this bank's leave as many may wait as it takes to keep the processors busy.
            house.fleet.environment.update(MAGPIE_PROVIDER_JOBS="1000", MAGPIE_BANK_JOBS="1000")
        # Their starting counts: the first is at work before the last has said that it is.
        began = time.perf_counter()
        workers = [house.fleet.worker(64 if delay else 8) for _ in range(processes)]
        house.wait_for_jobs(pause=0.2)
        spent = time.perf_counter() - began
        used = sum(processor_seconds(worker.process.pid) for worker in workers)
        for worker in workers:
            worker.stop()
        if delay:
            house.bank.pull("faults/remove")
        return {"value": round(waiting / used), "unit": "/cpu s", "connections": waiting, "seconds": round(spent, 1),
                "processors_busy": round(used / spent, 2)}

    def fleets(self):
        results = []
        for store in STORES:
            house = House(self, store, collector=True)
            try:
                house.open(FLEET)
                house.wait_for_jobs()
                # From now on it only answers.
                house.serving.stop()
                house.fleet.environment["MAGPIE_WORKERS"] = "0"
                house.fleet.serve()
                for processes in (1, 4):
                    results.append({"name": f"fleet.{store}.{processes}", **self.one_fleet(house, processes, False)})
                results.append({"name": f"fleet.{store}.4.slow_bank", **self.one_fleet(house, 4, True)})
            finally:
                house.close()
        return results

    def streams(self):
        house = House(self, "sqlite")
        try:
            house.open(14)
            house.wait_for_jobs()
            return asyncio.run(self.listen(house))
        finally:
            house.close()

    async def listen(self, house):
        door, pid = house.fleet.door, house.serving.process.pid
        place = house.fleet.households[0]
        key = door.call(
            "POST", "/v1/api-keys", {"name": "reader", "scopes": ["read"]}, house.fleet.token, place)["key"]
        before = resident_megabytes(pid)
        heard, opened = [], []

        async def stream():
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(
                f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
            await reader.readuntil(b"retry: 2000")
            opened.append(writer)
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    heard.append((int(line[4:]), time.perf_counter()))

        tasks = [asyncio.create_task(stream()) for _ in range(STREAMS)]
        while len(opened) < STREAMS:
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        after = resident_megabytes(pid)
        delays = []
        for turn in range(20):
            begin = len(heard)
            # One event, and the moment in which it was committed at the latest.
            await asyncio.to_thread(
                door.call, "POST", "/v1/tags", {"name": f"tag {turn}"}, house.fleet.token, place)
            committed = time.perf_counter()
            end = committed + 10
            while len(heard) < begin + STREAMS and time.perf_counter() < end:
                await asyncio.sleep(0.02)
            delays += [at - committed for _, at in heard[begin:]]
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        return [
            {"name": "streams.delivery", "value": round(quantile(delays, 0.5) * 1000), "unit": "ms",
             "p99_ms": round(quantile(delays, 0.99) * 1000), "most_ms": round(max(delays) * 1000),
             "heard": len(delays), "expected": 20 * STREAMS},
            {"name": "streams.memory", "value": round(after - before, 1), "unit": "MB", "streams": STREAMS,
             "kb_each": round((after - before) * 1024 / STREAMS), "whole_mb": round(after, 1)}]
