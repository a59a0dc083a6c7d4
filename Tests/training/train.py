"""Trains the classifier of statement lines: `make train DATA=folder`.

The folder holds train.csv.gz and brands_public.csv.gz. What a line shows is read by the product's own code
(magpie-accuracy features); here only the weights are fitted: one multinomial logistic regression, whose weights are
rounded to bytes. Names of brands are added as fingerprints. Writes Sources/CWords/data/model.bin and prints the record.
"""

import csv
import gzip
import hashlib
import math
import os
import random
import re
import struct
import subprocess
import sys
import time
from collections import Counter, defaultdict

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import LogisticRegression

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, ".build", "release", "magpie-accuracy")
WORK = os.path.join(ROOT, ".build", "train")
BITS = 17
CLASSES = [
    "INCOME", "TRANSFER_IN", "TRANSFER_OUT", "LOAN_PAYMENTS", "BANK_FEES", "ENTERTAINMENT", "FOOD_AND_DRINK",
    "GENERAL_MERCHANDISE", "HOME_IMPROVEMENT", "MEDICAL", "PERSONAL_CARE", "GENERAL_SERVICES",
    "GOVERNMENT_AND_NON_PROFIT", "TRANSPORTATION", "TRAVEL", "RENT_AND_UTILITIES",
]  # fmt: skip
# What lines of real statements are about, roughly: templates are not drawn as people spend.
PRIOR = dict(zip(CLASSES, [3, 3, 5, 3, 2, 6, 26, 18, 4, 5, 4, 10, 3, 9, 5, 5]))
SOURCES = {"curated": 1.0, "nsi": 1.0, "alltheplaces": 0.6, "generated_local": 0.7, "generated_template": 1.0,
           "birmingham_ogl": 1.2, "nyc_open_data": 1.5}  # fmt: skip
NEAR = {"US", "GB"}
KIN = {"CA", "IE", "AU", "NZ", "ZA"}


def primary(detailed):
    return max((c for c in CLASSES if detailed.startswith(c)), key=len, default=None)


def brands(folder):
    with gzip.open(os.path.join(folder, "brands_public.csv.gz"), "rt") as file:
        return list(csv.DictReader(file))


def weight_of_place(countries):
    places = set(countries.split())
    if not places or places & NEAR or "*" in places or "001" in places:
        return 1.0
    return 0.6 if places & KIN else 0.25


def shelf(name):
    """The product's own lists: (section, label, entry)."""
    section = ""
    for line in open(os.path.join(ROOT, "Sources", "CWords", "data", name), encoding="utf-8"):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line[1:-1]
            continue
        label = re.match(r"([A-Za-z]+): ", line)
        rest = line[label.end():] if label else line
        for entry in rest.split(";"):
            if entry.strip():
                yield section, label and label.group(1), entry.strip()


FIRST = ("joe maria green blue golden sunny royal city park river lake oak maple hill main street union star silver "
         "old new little big happy lucky best first central north south east west grand premier elite crown king "
         "queen tony luigi mario anna sam ben rosa kim lee patel singh murphy brown smith jones wilson taylor village "
         "corner station bridge market high church mill harbour ocean mountain valley garden rose lion fox bear eagle "
         "the a1 uptown downtown metro american british london boston harvard cambridge pacific atlantic liberty").split()


def rows_of_terms(rng):
    """Businesses named after nobody, with the words that say what they do."""
    for section, _, entry in shelf("terms.txt"):
        for _ in range(6):
            names = [rng.choice(FIRST) for _ in range(rng.choice([0, 1, 1, 2]))]
            words = names + [entry.lower()] if rng.random() < 0.8 else [entry.lower()] + names
            yield " ".join(words).upper(), section


def held_out(merchant):
    """Real lines that a model is measured on while it is made (HOLD=1); the shipped one has seen them all."""
    return os.environ.get("HOLD") and hashlib.md5(merchant.encode()).digest()[0] % 2 == 0


def gather(folder):
    rng = random.Random(20260101)
    places = {b["brand"]: b["countries"] for b in brands(folder)}
    rows = []
    with gzip.open(os.path.join(folder, "train.csv.gz"), "rt") as file:
        for row in csv.DictReader(file):
            weight = SOURCES[row["source"]]
            if row["source"] == "birmingham_ogl" and held_out(row["merchant"]):
                continue
            if row["source"] in ("nsi", "alltheplaces"):
                weight *= weight_of_place(places.get(row["merchant"], ""))
            rows.append((row["description"], row["amount"], row["primary"], weight, row["source"]))
    for description, detailed in rows_of_terms(rng):
        if primary(detailed):
            rows.append((description, "10", primary(detailed), 0.8, "terms"))
    for section, _, entry in shelf("merchants.txt"):
        if section == "COMMON" or not primary(section):
            continue
        for name in entry.lstrip("~").split("|"):
            rows.append((name.upper(), "10", primary(section), 0.7, "merchants"))
    return rows


def fit(folder):
    rows = gather(folder)
    counts = Counter()
    for _, _, label, weight, _ in rows:
        counts[label] += weight
    total = sum(counts.values())
    balance = {c: PRIOR[c] / sum(PRIOR.values()) / (counts[c] / total) for c in counts}
    os.makedirs(WORK, exist_ok=True)
    path = os.path.join(WORK, "rows.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["description", "amount", "primary", "weight"])
        for description, amount, label, weight, _ in rows:
            out.writerow([description, amount, label, round(weight * min(balance[label], 6), 4)])
    subprocess.run([TOOL, "features", path, os.path.join(WORK, "rows")], check=True)
    heads = np.fromfile(os.path.join(WORK, "rows.rows"), dtype=np.uint32).reshape(-1, 3)
    pairs = np.fromfile(os.path.join(WORK, "rows.features"), dtype=np.uint32).reshape(-1, 2)
    labels = heads[:, 0].astype(np.int64)
    weights = heads[:, 1].copy().view(np.float32).astype(np.float64)
    starts = np.concatenate([[0], np.cumsum(heads[:, 2].astype(np.int64))])
    matrix = sparse.csr_matrix(
        (pairs[:, 1].copy().view(np.float32), pairs[:, 0].astype(np.int64), starts), shape=(len(labels), 1 << BITS))
    matrix.sum_duplicates()
    began = time.time()
    model = LogisticRegression(C=float(os.environ.get("C", "2")), max_iter=int(os.environ.get("ITERATIONS", "60")))
    model.fit(matrix, labels, sample_weight=weights)
    print("rows", Counter(r[4] for r in rows), "features", matrix.nnz, "seconds", round(time.time() - began))
    return model


def known_names(folder):
    """Fingerprints of brands: names of words that others bear, too, are left out."""
    names = defaultdict(Counter)
    where = defaultdict(set)
    for brand in brands(folder):
        group = primary(brand["detailed"])
        if group is None:
            continue
        weight = weight_of_place(brand["countries"])
        for name in [brand["brand"]] + [a for a in brand["aliases"].split("|") if a]:
            letters = re.sub(r"[^A-Za-z0-9]", "", name)
            if len(letters) < 4:
                continue
            names[name][group] += weight
            where[name] |= set(brand["countries"].split())
    path = os.path.join(WORK, "names.txt")
    ordered = sorted(names)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(name.replace("\n", " ") for name in ordered))
    subprocess.run([TOOL, "keys", path, path + ".keys"], check=True)
    keys = [int(line) for line in open(path + ".keys")]
    assert len(keys) == len(ordered)
    entries = {}
    for name, key in zip(ordered, keys):
        group, _ = names[name].most_common(1)[0]
        entry = CLASSES.index(group)
        if where[name] & {"US", "001"} or not where[name]:
            entry |= 0x20
        if where[name] & {"GB", "001"} or not where[name]:
            entry |= 0x40
        old = entries.get(key)
        if old is None or (entry & 0x60).bit_count() > (old & 0x60).bit_count():
            entries[key] = entry
    return entries


def write(model, names, path):
    count = len(CLASSES)
    dense = np.zeros((1 << BITS, count), dtype=np.float64)
    biases = np.full(count, -20.0)
    for row, label in enumerate(model.classes_):
        dense[:, label] = model.coef_[row]
        biases[label] = model.intercept_[row]
    limit = np.quantile(np.abs(dense[dense != 0]), 0.9999)
    scales = np.full(count, limit / 127)
    rounded = np.clip(np.rint(dense / scales), -127, 127).astype(np.int8)
    with open(path, "wb") as file:
        file.write(b"MAGPIEW1" + struct.pack("<I", BITS))
        file.write(scales.astype("<f4").tobytes() + biases.astype("<f4").tobytes() + rounded.tobytes())
        file.write(struct.pack("<I", len(names)))
        for key in sorted(names):
            file.write(key.to_bytes(5, "little") + bytes([names[key]]))
    print("bytes", os.path.getsize(path), "names", len(names), "largest weight", round(float(limit), 3))


if __name__ == "__main__":
    folder = sys.argv[1]
    target = os.path.join(ROOT, "Sources", "CWords", "data", "model.bin")
    os.makedirs(WORK, exist_ok=True)
    names = known_names(folder)
    if "--names" in sys.argv:
        # The known names are features, too: they must stand in the tool before the rows are read.
        class Nothing:
            classes_, coef_, intercept_ = [], [], []
        write_names = np.zeros(0)
        with open(target, "wb") as file:
            count = len(CLASSES)
            file.write(b"MAGPIEW1" + struct.pack("<I", BITS) + b"\0" * (8 * count) + b"\0" * (count << BITS))
            file.write(struct.pack("<I", len(names)))
            for key in sorted(names):
                file.write(key.to_bytes(5, "little") + bytes([names[key]]))
        print("names", len(names))
    else:
        write(fit(folder), names, target)
