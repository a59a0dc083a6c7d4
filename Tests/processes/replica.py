"""Reads from a standby: whoever reads what was just written finds it, whatever becomes of the standby.

Two servers share a primary and read from its streaming standby. What is written through one is read through the other at
once, while the standby follows, stands still, is killed and comes back, and at last is promoted by mistake and goes its own
way. Nobody may ever miss what was written, or see an error.

    replica.py MAGPIE

Only Python's standard library and PostgreSQL are needed.
"""

import contextlib
import pathlib
import random
import shutil
import sys
import tempfile
import time

from cluster import Server, end_when_asked, free_port
from fleet import Door, Fleet
from programs import Bank


class Pair(Fleet):
    """Two servers, and a person who uses both."""

    def second(self):
        self.other = Door(free_port())
        process = self.start("serve", "--port", str(self.other.port))
        process.wait_for(r"listens on")

    def tell(self, chance):
        """Makes a tag through one server, and looks for it through the other."""
        doors = chance.sample([self.door, self.other], 2)
        place = chance.choice(self.households)
        name = f"tag {chance.randrange(10**9)}"
        made = doors[0].call("POST", "/v1/tags", {"name": name}, self.token, place)
        tags = doors[1].call("GET", "/v1/tags", None, self.token, place)["data"]
        if made["id"] not in [tag["id"] for tag in tags]:
            return f"{name} is not there"
        doors[chance.randrange(2)].call("DELETE", f"/v1/tags/{made['id']}", None, self.token, place)
        tags = doors[1].call("GET", "/v1/tags", None, self.token, place)["data"]
        if made["id"] in [tag["id"] for tag in tags]:
            return f"{name} is still there"
        doors[0].call("GET", "/v1/transactions?limit=50", None, self.token, place)
        return None


def transactions(standby):
    """So many the standby has answered."""
    return standby.query("SELECT xact_commit AS n FROM pg_stat_database WHERE datname = 'postgres'")[0][0]


def askers(server):
    return server.query("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'magpie'")[0][0]


def try_out(house, primary, standby, chance):
    wrong = []

    def phase(what, seconds, is_followed):
        before, end, count = None, time.monotonic() + seconds, 0
        with contextlib.suppress(RuntimeError):
            before = transactions(standby)
        while time.monotonic() < end:
            if problem := house.tell(chance):
                wrong.append(f"{what}: {problem}")
            count += 1
        answered = None
        if is_followed:
            # What the server counts comes to the table a little later. Looking again and again would be counted as well.
            time.sleep(1.5)
            answered = transactions(standby) - before
            if answered < count:
                wrong.append(f"{what}: of {3 * count} questions the standby answered {answered}")
        print(f"  {what}: {count} tags written and read, {answered if is_followed else 'none'} answered by the standby")

    def wait_followed(what):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if problem := house.tell(chance):
                wrong.append(f"{what}: {problem}")
            if askers(standby):
                return
            time.sleep(0.2)
        wrong.append(f"{what}: nobody asks the standby")

    wait_followed("at first")
    phase("it follows", 5, True)
    standby.do("SELECT pg_wal_replay_pause()")
    phase("it stands still", 4, False)
    standby.do("SELECT pg_wal_replay_resume()")
    time.sleep(2.5)  # A standby that lagged is left alone for two seconds, and nothing tells from outside when they are over.
    phase("it follows again", 3, True)
    standby.kill()
    phase("it is killed", 3, False)
    standby.start()
    wait_followed("after it came back")
    phase("it came back", 3, True)
    standby.promote()
    phase("it was promoted by mistake", 4, False)
    recent = standby.query(
        """
        SELECT count(*) AS n FROM pg_stat_activity
        WHERE application_name = 'magpie' AND state_change > now() - interval '3 s'
        """)[0][0]
    if recent:
        wrong.append("a standby that is none any more is still asked")
    return wrong


def main():
    magpie, began = sys.argv[1], time.monotonic()
    end_when_asked()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="magpie-replica-"))
    with contextlib.ExitStack() as ends:
        bank = Bank(magpie, folder, 1)
        ends.callback(bank.process.wait)
        ends.callback(bank.process.kill)
        primary = Server(folder, "primary")
        ends.callback(primary.stop, "immediate")
        primary.start()
        standby = Server(folder, "standby", copy_of=primary)
        ends.callback(standby.stop, "immediate")
        standby.start()
        house = Pair(magpie, folder, bank, primary.address, DATABASE_READ_URL=standby.address)
        ends.callback(house.stop)
        house.serve()
        house.second()
        house.open_house()
        house.link_all(8)
        wrong = try_out(house, primary, standby, random.Random(1))
    print(f"reads from a standby: {time.monotonic() - began:.0f} s")
    for line in wrong[:20]:
        print("WRONG " + line, file=sys.stderr)
    if wrong:
        print(f"{len(wrong)} things are wrong; everything is kept in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
