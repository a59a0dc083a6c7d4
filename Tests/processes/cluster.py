"""PostgreSQL servers of a test's own: started, killed, copied to a standby, promoted. The system's cluster is untouched."""

import glob
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time

from crash import Ledger


def programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise SystemExit("PostgreSQL is missing: scripts/deps installs it")
    return pathlib.Path(found[-1])


def end_when_asked():
    """Whoever is asked to end ends what it started first."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_port():
    while True:
        port = random.randint(20_000, 60_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Server:
    """One server. What it committed survives being killed: the machine itself does not fail here."""

    def __init__(self, folder, name, copy_of=None):
        self.programs, self.port = programs(), free_port()
        self.folder = folder / name
        self.data = self.folder / "data"
        self.folder.mkdir()
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            subprocess.run(["chown", "postgres", self.folder], check=True)
            for parent in [folder, *folder.parents]:
                if parent != pathlib.Path("/") and parent != pathlib.Path("/tmp"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        if copy_of:
            self.run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", "-h", "127.0.0.1",
                     "-p", copy_of.port, "-U", "magpie")
        else:
            self.run("initdb", "-D", self.data, "-U", "magpie", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def run(self, program, *words, check=True):
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*before, self.programs / program, *map(str, words)], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if check and done.returncode:
            raise SystemExit(f"{program} failed: {done.stdout}")
        return done

    def start(self, *settings):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        for setting in ["fsync=off", "full_page_writes=off", "max_connections=300", "jit=off", *settings]:
            options += f" -c {setting}"
        for attempt in range(20):
            # The last children of one that was killed may still hold its memory.
            started = self.run(
                "pg_ctl", "-D", self.data, "-w", "-l", self.data / "server.log", "-o", options, "start", check=False)
            if started.returncode == 0:
                return
            time.sleep(0.3)
        raise SystemExit((self.data / "server.log").read_text()[-2000:])

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop", check=False)

    def kill(self):
        """SIGKILL to it and everything it started."""
        main = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        children = []
        for status in glob.glob("/proc/[0-9]*/stat"):
            try:
                text = pathlib.Path(status).read_text()
            except OSError:
                continue
            if int(text.rsplit(")", 1)[1].split()[1]) == main:
                children.append(int(status.split("/")[2]))
        for process in [main, *children]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    @property
    def address(self):
        return f"postgres://magpie@127.0.0.1:{self.port}/postgres"

    def query(self, sql):
        """Rows as lists of values."""
        done = subprocess.run(
            [self.programs / "psql", "-XAtq", "-d", self.address, "-v", "ON_ERROR_STOP=1", "-c",
             f"SELECT to_json(found) FROM ({sql}) found"],
            capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [list(json.loads(line).values()) for line in done.stdout.splitlines()]

    def do(self, sql):
        done = subprocess.run(
            [self.programs / "psql", "-XAtq", "-d", self.address, "-v", "ON_ERROR_STOP=1", "-c", sql],
            capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()


class ServerLedger(Ledger):
    """Magpie's database on a server, looked at from outside."""

    def __init__(self, server):
        self.file, self.server = None, server

    def query(self, _, sql):
        return self.server.query(sql)
