"""The composition of many processes, started from its own definitions without a container engine.

`deploy/compose/many.yml` says which processes there are, with which words and settings, and `deploy/compose/haproxy.cfg`
what stands in front. HAProxy and PostgreSQL are Debian's; addresses of the network between containers become ports of this
machine, and nothing else is changed. Then people use it while servers and workers come and go.

    composition.py MAGPIE
"""

import collections
import contextlib
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import yaml

from cluster import Server, ServerLedger, end_when_asked, free_port
from crash import differences
from fleet import BANKS, Answer, Door, Fleet, Process, Reader
from programs import Bank

DEPLOY = pathlib.Path(__file__).parent.parent.parent / "deploy" / "compose"
NAME = "money.example"


class NamedDoor(Door):
    """Asks by the name that people type."""

    def call(self, *words, **more):
        return super().call(*words, **more, Host=NAME)


def services():
    os.environ["MAGPIE_HOST_NAME"] = NAME
    text = (DEPLOY / "many.yml").read_text().replace("${MAGPIE_HOST_NAME:?the name people type}", NAME)
    return yaml.safe_load(text)["services"]


class Composition(Fleet):
    """The services of the file as processes."""

    def __init__(self, magpie, folder, bank, database):
        super().__init__(magpie, folder, bank, database.address)
        self.services = services()
        self.ports = {"one": free_port(), "two": free_port()}
        self.door = NamedDoor(free_port())
        self.environment["MAGPIE_PUBLIC_URL"] = f"https://{NAME}"
        key = subprocess.run([magpie, "keys", "new"], capture_output=True, text=True, check=True).stdout.strip()
        self.shared = {**self.environment, "MAGPIE_ENCRYPTION_KEY": key}
        self.environment = dict(self.shared)
        self.running = {}

    def settings(self, name):
        """What the file says of a service, with the network's addresses as this machine's."""
        said = {key: str(value) for key, value in self.services[name]["environment"].items()}
        assert said["MAGPIE_HOST"] == "0.0.0.0" and said["MAGPIE_PUBLIC_URL"] == f"https://{NAME}", said
        assert self.services[name]["read_only"] and self.services[name]["cap_drop"] == ["ALL"]
        said["MAGPIE_TRUSTED_PROXIES"] += ",127.0.0.1"
        # Each container has a data folder of its own, which forgets.
        data = self.folder / f"data-{name}"
        return {**self.shared, **said, "MAGPIE_DATA_DIR": str(data), "MAGPIE_PORT": str(self.ports.get(name, 0))}

    def up(self, name, number=0):
        words = self.services[name].get("command", "serve").split()
        process = Process(self.magpie, self.folder, self.settings(name), *words)
        self.processes.append(process)
        self.running[name, number] = process
        return process

    def everything(self):
        migration = self.up("migration")
        if migration.process.wait(60):
            raise SystemExit(migration.said())
        for name in ["one", "two"]:
            self.up(name)
        for number in range(self.services["worker"]["deploy"]["replicas"]):
            self.up("worker", number)
        for name in ["one", "two"]:
            self.running[name, 0].wait_for("listens on")
        environment = {
            "PATH": os.environ["PATH"], "HAPROXY_BIND": f"127.0.0.1:{self.door.port}",
            **{f"HAPROXY_{name.upper()}": f"127.0.0.1:{port}" for name, port in self.ports.items()},
        }
        self.proxy = subprocess.Popen(
            ["/usr/sbin/haproxy", "-db", "-f", DEPLOY / "haproxy.cfg"], env=environment,
            stdout=open(self.folder / "haproxy.log", "w"), stderr=subprocess.STDOUT)
        self.wait_ready()

    def wait_ready(self):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                return self.door.call("GET", "/ready")
            except (Answer, OSError):
                time.sleep(0.2)
        raise SystemExit("nobody answers behind the proxy: " + (self.folder / "haproxy.log").read_text())

    def open_house(self):
        """With the folder of one server, as `docker compose exec one magpie setup-link` would."""
        self.environment = self.settings("one")
        self.folder.joinpath("data").symlink_to(self.folder / "data-one")
        super().open_house()

    def stop(self):
        super().stop()
        if hasattr(self, "proxy"):
            self.proxy.kill()
            self.proxy.wait()


def try_out(house, bank, ledger, chance):
    wrong, counts = [], collections.Counter()
    house.everything()
    house.open_house()
    house.link_all(len(BANKS) * 2)
    items = bank.items()

    def is_quiet():
        return ledger.query(None, "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')")[0][0] == 0

    def wait(is_so, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_so():
                return True
            time.sleep(0.25)
        return False

    if not wait(is_quiet, 120):
        wrong.append("the workers did not read everything")
    key = house.door.call(
        "POST", "/v1/api-keys", {"name": "reader", "scopes": ["read"]}, house.token, house.households[0])["key"]
    reader = Reader(house.door, key, house.households[0])
    stop = threading.Event()

    def ask():
        """A person who looks at pages: nobody may notice that a server is gone."""
        while not stop.is_set():
            try:
                house.door.call("GET", "/v1/accounts", None, house.token, house.households[0])
                counts["pages shown"] += 1
            except (Answer, OSError) as error:
                counts["pages not shown"] += 1
                counts[f"because {str(error)[:120]}"] += 1

    people = [threading.Thread(target=ask) for _ in range(4)]
    for person in people:
        person.start()
    for round in range(4):
        for item in items:
            bank.pull("item/churn", item_id=item, rows=2)
        name = ["one", "two"][round % 2]
        if round < 2:
            # As a new version is rolled out: asked to stop, and started again.
            house.running[name, 0].stop()
            counts["servers stopped"] += 1
        else:
            house.running["worker", round % 2].kill()
            house.up("worker", round % 2)
            counts["workers killed"] += 1
        for connection in chance.sample(house.connections, 7):
            index = house.connections.index(connection) // len(BANKS)
            house.door.call("POST", f"/v1/connections/{connection}/sync?wait=0", {}, house.token, house.households[index])
        if round < 2:
            house.up(name).wait_for("listens on")
            time.sleep(2.5)  # HAProxy looks every second.
    stop.set()
    for person in people:
        person.join()
    for number, connection in enumerate(house.connections):
        place = house.households[number // len(BANKS)]


        def is_read():
            # Not at once where a worker that was killed held it.
            answer = house.door.call("POST", f"/v1/connections/{connection}/sync?wait=60", {}, house.token, place)
            return answer["outcome"] == "applied"

        if not wait(is_read, 150):
            wrong.append(f"{connection} cannot be read")
    wait(is_quiet, 120)
    found, compared = differences(bank, ledger)
    wrong += found
    last = dict(ledger.query(None, "SELECT name AS n, event_position AS p FROM household"))["House 0"]
    wait(lambda: (reader.positions or [0])[-1] >= last, 30)
    if reader.positions != list(range(1, last + 1)):
        wrong.append(f"the event stream behind the proxy heard {len(reader.positions)} of {last}")
    reader.is_done = True
    counts["rows compared"], counts["events heard"] = compared, len(reader.positions)
    if counts["pages not shown"]:
        wrong.append("people noticed that a server was gone")
    for what, count in sorted(counts.items()):
        print(f"  {count:5} {what}")
    return wrong


def main():
    magpie = sys.argv[1]
    began = time.monotonic()
    end_when_asked()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-composition-"))
    # Whatever does not start, such as a program that is not there: what did is ended.
    with contextlib.ExitStack() as ends:
        bank = Bank(magpie, folder, 1)
        ends.callback(bank.process.wait)
        ends.callback(bank.process.kill)
        database = Server(folder, "database")
        ends.callback(database.stop, "immediate")
        database.start()
        house = Composition(magpie, folder, bank, database)
        ends.callback(house.stop)
        wrong = try_out(house, bank, ServerLedger(database), random.Random(1))
    print(f"the composition of many processes: {time.monotonic() - began:.0f} s")
    for line in wrong[:20]:
        print("WRONG " + line, file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} things are wrong; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
