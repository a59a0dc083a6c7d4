"""Looks for secrets in everything a program wrote, in every form in which they might have got there."""

import base64
import ctypes
import ctypes.util
import sqlite3
import urllib.parse


def forms(secret, raw=None):
    """A secret as it stands, and as base 64 (at any offset, in both alphabets), hexadecimal and URL-encoded.

    raw: the bytes behind a secret that is a text of them, such as a key in base 64.
    """
    found = {"as it stands": secret.encode()}
    for name, data in [("text", secret.encode())] + ([("bytes", raw)] if raw else []):
        if name == "bytes":
            found["its bytes"] = data
        found[f"hex of {name}"] = data.hex().encode()
        found[f"HEX of {name}"] = data.hex().upper().encode()
        for offset in range(3):
            # What stands before and after shares letters with the ends: only the middle is always the same.
            whole = base64.b64encode(b"\0" * offset + data).rstrip(b"=")
            inner = whole[-(-offset * 8 // 6):]
            inner = inner[: len(inner) - (1 if (offset + len(data)) % 3 else 0)]
            found[f"base64 of {name}, offset {offset}"] = inner
            found[f"base64url of {name}, offset {offset}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    quoted = urllib.parse.quote(secret, safe="")
    found["URL-encoded"] = quoted.encode()
    found["every letter URL-encoded"] = "".join(f"%{byte:02X}" for byte in secret.encode()).encode()
    found["JSON-escaped"] = secret.replace("/", "\\/").encode()
    distinct = {}
    for name, form in found.items():
        if len(form) >= 12 and form not in distinct.values():
            distinct[name] = form
    return distinct


class Searcher:
    def __init__(self):
        self.forms = []
        self.secrets = set()
        self.places = 0
        self.bytes = 0

    def add(self, kind, secret, raw=None):
        if not secret or secret in self.secrets:
            return
        self.secrets.add(secret)
        for form, data in forms(secret, raw).items():
            self.forms.append((kind, form, data))

    def search(self, place, data, allowed=()):
        """Which secrets are in there: a list of sentences."""
        self.places += 1
        self.bytes += len(data)
        return [
            f"{kind} ({form}) in {place}" for kind, form, pattern in self.forms if kind not in allowed and pattern in data
        ]

    def search_database(self, file):
        """The file as it is, what SQLite keeps beside it, every value in it, and what is packed in values."""
        found = []
        for suffix in ("", "-wal", "-shm"):
            path = file.with_name(file.name + suffix)
            if path.exists():
                found += self.search(path.name, path.read_bytes())
        connection = sqlite3.connect(file, timeout=30)
        packed = 0
        try:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            for (table,) in tables:
                values = bytearray()
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        data = value.encode() if isinstance(value, str) else value
                        if not isinstance(data, bytes):
                            continue
                        values += data + b"\n"
                        plain = unpacked(data)
                        if plain is not None:
                            packed += 1
                            found += self.search(f"a packed value of {table}", plain)
                found += self.search(f"a value of {table}", bytes(values))
        finally:
            connection.close()
        return found, packed


_zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
_zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
_zstd.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
for _name in ("ZSTD_decompress", "ZSTD_compress"):
    getattr(_zstd, _name).restype = ctypes.c_size_t
_zstd.ZSTD_decompress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
_zstd.ZSTD_compress.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]


def unpacked(data):
    """What a Zstandard frame holds; None when the bytes are none."""
    if not data.startswith(b"\x28\xb5\x2f\xfd"):
        return None
    size = _zstd.ZSTD_getFrameContentSize(data, len(data))
    if size > 1 << 30:
        return None
    buffer = ctypes.create_string_buffer(max(1, size))
    count = _zstd.ZSTD_decompress(buffer, size, data, len(data))
    return buffer.raw[:count] if count == size else None


def packed(data):
    buffer = ctypes.create_string_buffer(len(data) + 1024)
    count = _zstd.ZSTD_compress(buffer, len(buffer), data, len(data), 3)
    return buffer.raw[:count]
