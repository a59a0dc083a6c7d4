"""Runs every fuzz target for a while, from the inputs that were kept.

    fuzz.py MAGPIE_FUZZ [--seconds 15] [--keep] [--only TARGET]

Each line of corpus/TARGET.txt is an input in base 64. With --keep, whatever reached something new is added to them.
An input that breaks something is written to .build/fuzz/found and named.
"""

import argparse
import base64
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
FOUND = HERE.parent.parent / ".build" / "fuzz" / "found"
KEPT_BYTES_MAX = 1_500
# Leaks are looked for elsewhere: pointers that Swift keeps with a tag in them look lost to the sanitizer.
OPTIONS = {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1", "SWIFT_BACKTRACE": "enable=no"}


def unpack(target, folder):
    lines = (HERE / "corpus" / f"{target}.txt").read_text().split()
    for index, line in enumerate(lines):
        (folder / f"kept-{index:04}").write_bytes(base64.b64decode(line))
    return len(lines)


def run(program, target, seconds, keep):
    with tempfile.TemporaryDirectory(prefix=f"magpie-fuzz-{target}-") as place:
        corpus, merged = pathlib.Path(place) / "corpus", pathlib.Path(place) / "merged"
        corpus.mkdir()
        merged.mkdir()
        kept = unpack(target, corpus)
        environment = os.environ | OPTIONS | {"FUZZ": target}
        words = [program, f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-max_len=4096",
                 "-print_final_stats=1", f"-artifact_prefix={FOUND}/{target}-", str(corpus)]
        done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", text=True)
        tried = re.search(r"number_of_executed_units: (\d+)", done.stdout)
        if done.returncode != 0 or not tried:
            return f"{target}: ended with {done.returncode}\n{done.stdout[-4000:]}", False
        coverage = re.findall(r"cov: (\d+)", done.stdout)[-1]
        if keep:
            subprocess.run([program, "-merge=1", str(merged), str(corpus)], env=environment, check=True, capture_output=True)
            inputs = sorted((file.read_bytes() for file in merged.iterdir()), key=lambda data: (len(data), data))
            lines = [base64.b64encode(data).decode() for data in inputs if 0 < len(data) <= KEPT_BYTES_MAX]
            (HERE / "corpus" / f"{target}.txt").write_text("\n".join(lines) + "\n")
            kept = len(lines)
        return f"{target:8} {int(tried.group(1)):>8} inputs, {coverage:>5} edges, {kept:>4} kept", int(tried.group(1)) > kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--only")
    words = parser.parse_args()
    FOUND.mkdir(parents=True, exist_ok=True)
    targets = subprocess.run([words.program], capture_output=True, text=True, check=True).stdout.split()
    targets = [target for target in targets if words.only in (None, target)]
    # Two at a time: as many as there are processors on a small machine.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda target: run(words.program, target, words.seconds, words.keep), targets))
    for text, _ in results:
        print(text)
    sys.exit(0 if all(isFine for _, isFine in results) else 1)


if __name__ == "__main__":
    main()
