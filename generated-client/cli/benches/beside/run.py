#!/usr/bin/env python3
"""Compares `graph-photo sync` with loops over Microsoft's clients for JavaScript and Python:
2,000 photos of 64 KiB to the emulator, over TLS.

    .ci/clients     # installs Microsoft's clients below target/
    cargo build --release -p graph-photo -p graph-photo-emulator
    python3 generated-client/cli/benches/beside/run.py

The loops send one photo after the other, as their users write them; `sync` sends eight at
once, and its rate is not limited here. One process after the other.
"""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
HERE = Path(__file__).resolve().parent
PROGRAMS = ROOT / "target/release"
CLIENTS = ROOT / "target/clients"
JPEG = (ROOT / "tests/emulator/tests/fixtures/emulator-test.jpg").read_bytes()
COUNT = 2000
COMMENT = 65_000


def main():
    with tempfile.TemporaryDirectory() as folder:
        photo, table = Path(folder, "photo.jpg"), Path(folder, "people.csv")
        length = (COMMENT + 2).to_bytes(2)
        photo.write_bytes(JPEG[:2] + b"\xff\xfe" + length + b" " * COMMENT + JPEG[2:])
        rows = (f"user{number}@contoso.com,photo.jpg\n" for number in range(COUNT))
        table.write_text("user,photo\n" + "".join(rows))
        print(f"{'':>32}{'wall, s':>10}{'CPU, s':>10}{'MiB':>8}")
        sync = [PROGRAMS / "graph-photo", "sync", table, "--rate", "1000000", "--base-url"]
        loops = {
            "graph-photo sync": lambda url: [*sync, url],
            "JavaScript, one at a time": lambda url: ["node", HERE / "loop.mjs", url, str(COUNT), photo],
            "Python, one at a time": lambda url: [
                CLIENTS / "python/bin/python", HERE / "loop.py", url, str(COUNT), photo
            ],
        }
        for name, command in loops.items():
            wall, cpu, memory = measure(command)
            print(f"{name:>32}{wall:>10.1f}{cpu:>10.1f}{memory:>8.0f}")


def measure(command):
    """Wall time, CPU time and peak memory of a command, with an emulator of its own."""
    emulator = subprocess.Popen(
        [PROGRAMS / "graph-photo-emulator", "--port", "0", "--tls", "--quiet"],
        stdout=subprocess.PIPE, text=True,
    )
    try:
        environment, url = os.environ.copy(), None
        is_application = False
        for line in emulator.stdout:
            words = line.split()
            url = url or next((word for word in words if word.startswith("https://")), None)
            for word in words:
                name, _, value = word.partition("=")
                if name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"):
                    environment[name] = value
            is_application |= line.startswith("A token of the app itself")
            if is_application and len(words) == 1:
                environment["GRAPH_ACCESS_TOKEN"] = words[0]
                is_application = False
            if line.startswith("Ctrl-C"):
                break
        return run(command(url), environment, url)
    finally:
        emulator.send_signal(signal.SIGTERM)
        emulator.wait()


def run(command, environment, url):
    start = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, cwd=CLIENTS / "npm", stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"error: `{command[0]}` ended with status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


main()
