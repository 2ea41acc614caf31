#!/usr/bin/env python3
"""Makes the screenshots of the report page that the README shows, and measures how long
a page of 40,000 rows takes to open and how smoothly it scrolls.

    python3 .github/images/report.py target/debug/graph-photo [chromium]

It needs Chromium, and nothing else beside Python. The journals are made here, with people
whose pictures are drawn here.
"""

import base64
import json
import os
import pathlib
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import uuid
import zlib

HERE = pathlib.Path(__file__).parent
FIRST = "Adele Alex Christie Debra Diego Emily Grady Henrietta Irvin Isaiah Johanna Joni Lee Lidia Lynne Megan Miriam Nestor Patti Pradeep".split()
LAST = "Vance Wilber Cline Berger Siciliani Braun Archie Mueller Sayers Langer Lorenz Sherman Gu Holloway Robbins Bowen Graham Wilke Fernandez Gupta".split()

FAILURES = [
    ("failed", 404, "ErrorNonExistentMailbox", "Graph answered 404 Not Found (ErrorNonExistentMailbox): The user has no mailbox; hint: there is no Exchange Online mailbox, and so no place for a photo; give the account a licence with one"),
    ("failed", 403, "ErrorAccessDenied", "Graph answered 403 Forbidden (ErrorAccessDenied): Access is denied; hint: an administrator may have restricted photo updates for the tenant"),
    ("failed", 500, "ErrorStoreInternalServerError", "Graph answered 500 Internal Server Error (ErrorStoreInternalServerError): An internal server error occurred; hint: Exchange could not store the photo; try again later"),
    ("refused", None, None, "the bytes are a PNG image, not a JPEG; convert it to JPEG first"),
]

SCHEMA = """
PRAGMA application_id = 1735420015;
PRAGMA user_version = 1;
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE photo (
    target TEXT, file TEXT, state TEXT, reason TEXT, status INTEGER, code TEXT, request_id TEXT,
    client_request_id TEXT, attempts INTEGER, bytes INTEGER, sha256 TEXT, source_sha256 TEXT,
    fit TEXT, started TEXT, finished TEXT
);
CREATE VIEW photos AS SELECT * FROM photo;
"""


def portrait(chance, side=96):
    """A PNG of a head and shoulders before a wall, in colours of chance."""
    wall = [chance.randrange(120, 235) for _ in range(3)]
    shirt = [chance.randrange(30, 190) for _ in range(3)]
    skin = chance.choice([(244, 208, 177), (224, 172, 138), (189, 130, 92), (141, 85, 54), (90, 56, 37)])
    hair = chance.choice([(38, 28, 24), (92, 60, 36), (196, 154, 92), (150, 150, 150), (120, 50, 30)])
    rows = []
    for y in range(side):
        row = bytearray([0])
        for x in range(side):
            across, down = x / side - 0.5, y / side
            colour = [part - int(40 * down) for part in wall]
            if across**2 / 0.16 + (down - 1.05) ** 2 / 0.10 < 1:
                colour = shirt
            if abs(across) < 0.08 and 0.5 < down < 0.78:
                colour = [part - 18 for part in skin]
            if across**2 + (down - 0.36) ** 2 / 1.15 < 0.050:
                colour = hair
            if across**2 / 0.030 + (down - 0.43) ** 2 / 0.045 < 1:
                colour = skin
            row += bytes(max(0, min(255, part)) for part in colour)
        rows.append(bytes(row))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


def make_journal(folder, count):
    """A journal of so many people, some of whom failed, and the files of their photos."""
    chance = random.Random(count)
    pictures = [portrait(chance) for _ in range(40)]
    photos = folder / "photos"
    photos.mkdir()
    journal = sqlite3.connect(folder / "photos.journal.sqlite")
    journal.executescript(SCHEMA)
    meta = {"version": "1", "base_url": "https://graph.microsoft.com/v1.0", "tenant": "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
            "source": "/srv/hr/photos", "photos": str(photos), "shard": "1/1", "created": "2026-11-25T20:00:00.000Z"}
    journal.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    for number in range(count):
        name = f"{chance.choice(FIRST)}.{chance.choice(LAST)}{number or ''}@contoso.com".lower()
        file = f"{name}.png"
        (photos / file).write_bytes(chance.choice(pictures))
        state, status, code, reason = "stored", 200, None, None
        if chance.random() < 0.09:
            state, status, code, reason = chance.choices(FAILURES, [5, 2, 1, 3])[0]
        is_sent = state != "refused"
        second = 72000 + int(number / max(count, 1) * 9000)
        time = f"2026-11-25T{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{chance.randrange(1000):03}Z"
        ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) if is_sent else None for _ in range(2)]
        digest = "%064x" % chance.getrandbits(256)
        journal.execute(
            "INSERT INTO photo VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)",
            (f"/users/{name}", file, state, reason, status, code, *ids, int(is_sent),
             chance.randrange(20_000, 90_000), digest, time if is_sent else None, time if is_sent else None))
    journal.commit()
    journal.close()
    return folder / "photos.journal.sqlite"


class Browser:
    """Chromium, spoken to by the DevTools protocol through pipes."""

    def __init__(self, program, folder):
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def connect():
            # Above 4, so that neither is closed by the other's new place.
            read, write = os.dup(to_browser), os.dup(from_browser)
            os.dup2(read, 3)
            os.dup2(write, 4)

        arguments = [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--no-first-run", f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"]
        os.set_inheritable(to_browser, True)
        os.set_inheritable(from_browser, True)
        self.process = subprocess.Popen(arguments, preexec_fn=connect, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.last, self.rest, self.events, self.session = 0, b"", [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log"]:
            self.ask(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.rest:
            piece = os.read(self.reader, 1 << 20)
            if not piece:
                raise SystemExit("error: Chromium has ended")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            message = self.receive()
            if message.get("id") == self.last:
                if "error" in message:
                    raise SystemExit(f"error: {method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def open(self, page, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Emulation.setTimezoneOverride", timezoneId="UTC")
        self.events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        result = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"error: {result['exceptionDetails']}")
        return result["result"].get("value")

    def take(self, file):
        # Photos come once the list rests, and a little later as files.
        self.run("new Promise((done) => setTimeout(done, 1000))")
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def complaints(self):
        """What the page did wrong: exceptions, and what its policy blocked."""
        return [event for event in self.events
                if event.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")]

    def close(self):
        self.process.terminate()
        self.process.wait()


TIMES = """
(async () => {
  const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await settled();
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const rows = document.querySelectorAll(".row:not([hidden])").length;
  const load = performance.getEntriesByType("navigation")[0].loadEventEnd;
  return { paint: Math.round(paint), load: Math.round(load), rows };
})()
"""

SCROLL = """
(async () => {
  const list = document.getElementById("list");
  const frames = [];
  let last = performance.now();
  for (let step = 0; step < 240; step += 1) {
    list.scrollTop += 900;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  frames.sort((a, b) => a - b);
  return { median: frames[120].toFixed(1), p95: frames[228].toFixed(1), worst: frames[239].toFixed(1) };
})()
"""

SEARCH = """
(async () => {
  const search = document.getElementById("search");
  const start = performance.now();
  search.value = "bowen 404";
  search.dispatchEvent(new Event("input"));
  await new Promise(requestAnimationFrame);
  return { milliseconds: Math.round(performance.now() - start), shown: document.getElementById("shown").textContent };
})()
"""


def report(program, folder, count):
    folder.mkdir()
    page = folder / "report.html"
    journal = make_journal(folder, count)
    subprocess.run([program, "report", journal, "--html", page], check=True, stdout=subprocess.DEVNULL)
    return page


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    chromium = sys.argv[2] if len(sys.argv) > 2 else "chromium"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        few, many = report(program, folder / "few", 180), report(program, folder / "many", 40_000)
        browser = Browser(chromium, folder / "profile")
        for scheme, name in [("light", "report.png"), ("dark", "report-dark.png")]:
            browser.open(few, scheme)
            browser.take(HERE / name)
        complaints = browser.complaints()
        browser.open(many, "light")
        print("40,000 rows:", many.stat().st_size >> 20, "MiB;", browser.run(TIMES))
        print("milliseconds for a frame while scrolling:", browser.run(SCROLL))
        print("search:", browser.run(SEARCH))
        complaints += browser.complaints()
        browser.close()
    if complaints:
        raise SystemExit(f"error: the page is not clean: {complaints}")


if __name__ == "__main__":
    main()
