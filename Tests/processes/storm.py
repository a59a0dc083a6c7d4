"""A storm of webhooks, and a hundred people who listen meanwhile.

The simulated bank signs webhooks for many connections; they are shuffled, a tenth comes twice, a tenth more is forged, and
all are sent as fast as the server takes them. A hundred event streams listen and are cut again and again. Afterwards each
genuine webhook has to be kept once and no forged one, every connection has to equal its bank, and every stream must have
heard every event once and in order.

    storm.py MAGPIE [--webhooks 3000] [--streams 100] [--connections 14] [--postgres] [--seed 1]
"""

import argparse
import collections
import pathlib
import random
import shutil
import sys
import tempfile
import time

from cluster import Server, ServerLedger
from crash import Ledger, differences
from fleet import Fleet, Reader
from letters import Collector, send_all
from programs import Bank


def forged(letter, chance, other):
    """What a stranger might send: a changed body, a signature of another letter, or one that was changed."""
    body, signature = letter
    kind = chance.randrange(3)
    if kind == 0:
        return body.replace(b'"', b'" ', 1), signature
    if kind == 1:
        return body + b" ", other[1]
    head, claims, sign = signature.split(".")
    place = chance.randrange(8, len(sign) - 8)
    return body, ".".join([head, claims, sign[:place] + ("A" if sign[place] != "A" else "B") + sign[place + 1:]])


def wait(is_so, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.25)
    return False


def weather(options, folder, bank, server):
    """Everything from the first link to the last comparison; gives what is wrong."""
    chance, wrong, counts = random.Random(options.seed), [], collections.Counter()
    collector = Collector()
    fleet = Fleet(options.magpie, folder, bank, server.address if server else None, MAGPIE_PUBLIC_URL=collector.url)
    ledger = ServerLedger(server) if server else Ledger(folder / "data" / "magpie.db")
    try:
        fleet.serve()
        fleet.open_house()
        fleet.link_all(options.connections)
        items = bank.items()

        def is_quiet():
            return ledger.query(ledger.file, "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")[0][0] == 0

        if not wait(is_quiet, 120):
            wrong.append("the first reading did not end")
        genuine = collector.collect(bank, items, options.webhooks * 5 // 6)
        twice = chance.sample(genuine, options.webhooks // 12)
        false = [forged(letter, chance, chance.choice(genuine)) for letter in chance.sample(genuine, options.webhooks // 12)]
        letters = genuine + twice + false
        labels = ["genuine"] * (len(genuine) + len(twice)) + ["forged"] * len(false)
        order = chance.sample(range(len(letters)), len(letters))
        keys = {}
        readers = []
        for number in range(options.streams):
            house = fleet.households[number % len(fleet.households)]
            if house not in keys:
                keys[house] = fleet.door.call(
                    "POST", "/v1/api-keys", {"name": "reader", "scopes": ["read"]}, fleet.token, house)["key"]
            readers.append(Reader(fleet.door, keys[house], house, cut_after=chance.randint(3, 30)))
        began = time.monotonic()
        answers = send_all(fleet.door.port, [letters[number] for number in order])
        spent = time.monotonic() - began
        for number, (status, said) in zip(order, answers):
            counts[labels[number], status, said if status == 200 else b""] += 1
        print(f"  {len(letters)} webhooks in {spent:.1f} s: {len(letters) / spent:.0f} a second")
        for (label, status, said), count in sorted(counts.items()):
            print(f"  {count:5} {label}: {status} {said.decode()}")
        expected = {("genuine", 200, b'{"status":"taken"}'): len(genuine),
                    ("genuine", 200, b'{"status":"known"}'): len(twice), ("forged", 401, b""): len(false)}
        if counts != expected:
            wrong.append(f"answers: {dict(counts)}, expected {expected}")
        kept = ledger.query(ledger.file, "SELECT count(*) FROM webhook_event")[0][0]
        if kept != len(genuine):
            wrong.append(f"{kept} webhooks were kept of {len(genuine)}")
        if not wait(is_quiet, 120):
            wrong.append("jobs are left")
        found, compared = differences(bank, ledger)
        wrong += found
        print(f"  {compared} rows compared with the banks")
        houses = dict(ledger.query(ledger.file, "SELECT name AS n, event_position AS p FROM household"))
        heard = 0
        for number, reader in enumerate(readers):
            last = houses[f"House {number % len(fleet.households)}"]
            wait(lambda: (reader.positions or [0])[-1] >= last, 90)
            if reader.positions != list(range(1, last + 1)) or reader.resets:
                wrong.append(f"stream {number} heard {len(reader.positions)} of {last}, the last {reader.positions[-3:]}")
            heard += len(reader.positions)
        print(f"  {heard} events heard by {len(readers)} readers in {sum(r.connects for r in readers)} streams")
        if sum(reader.connects for reader in readers) < 2 * len(readers):
            wrong.append("hardly a stream was cut: the test proves little")
        for reader in readers:
            reader.is_done = True
    finally:
        fleet.stop()
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("magpie")
    parser.add_argument("--webhooks", type=int, default=3000)
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--connections", type=int, default=14)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-storm-"))
    server = None
    if options.postgres:
        server = Server(folder, "one")
        server.start("synchronous_commit=off")
    bank = Bank(options.magpie, folder, options.seed)
    try:
        wrong = weather(options, folder, bank, server)
    finally:
        bank.process.kill()
        bank.process.wait()
        if server:
            server.stop("immediate")
    print(f"seed {options.seed}, {'PostgreSQL' if server else 'SQLite'}: {time.monotonic() - began:.0f} s")
    for line in wrong[:20]:
        print("WRONG " + line, file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} things are wrong; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
