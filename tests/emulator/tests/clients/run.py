"""Runs programs that share nothing with this workspace against the emulator: Microsoft's
clients for JavaScript and Python, curl, a validating proxy and Schemathesis.

    python run.py [OPTION...]

`.ci/clients` installs what this needs. All checks run, and the exit code is 1 if one failed.
Options are handed on to the emulator: with `--fail 'every=2;status=201'`, for example, each
check has to fail.
"""

import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from validating_proxy import Proxy

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SPEC = ROOT / "spec/openapi.yaml"
PROGRAMS = ROOT / "target/debug"
NODE_MODULES = ROOT / "target/clients/npm"
JPEG = (HERE.parent / "fixtures/emulator-test.jpg").read_bytes()
# In seconds.
RETRY_AFTER = 2


class Failure(Exception):
    """What a check found wrong."""


class Emulator:
    """The program while it runs; `with` stops it."""

    def __init__(self, *options):
        command = [PROGRAMS / "graph-photo-emulator", "--quiet", *options, *sys.argv[1:]]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        lines = iter(self.process.stdout.readline, "")
        self.introduction = ""
        for line in lines:
            self.introduction += line
            if "Ctrl-C" in line:
                break
        self.base_url = re.search(r"https?://\S+", self.introduction)[0]
        self.token = re.search(r"eyJ\S+", self.introduction)[0]
        self.certificate = re.search(r"SSL_CERT_FILE='?([^'\s]+)", self.introduction)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def environment(self):
        """What a client needs, as the introduction says."""
        variables = {"GRAPH_ACCESS_TOKEN": self.token, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        if self.certificate:
            file = self.certificate[1]
            variables |= {"SSL_CERT_FILE": file, "NODE_EXTRA_CA_CERTS": file}
        return os.environ | variables

    def line(self, program):
        """The line to paste that runs a program."""
        lines = self.introduction.splitlines()
        return next(line.strip() for line in lines if f"{program} " in line)

    def control(self, path, body=None):
        """A request to the emulator itself."""
        url = self.base_url.rsplit("/", 1)[0] + f"/_emulator/{path}"
        trusted = self.certificate and ssl.create_default_context(cafile=self.certificate[1])
        data = None if body is None else body.encode()
        request = urllib.request.Request(url, data)
        with urllib.request.urlopen(request, context=trusted) as response:
            return json.load(response)


@contextmanager
def photos():
    """A folder with two photos, one of them large and with all values of a byte in a comment."""
    comment = b"\xff\xfe\xf0\x02" + bytes(range(256)) * 240
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "photo.jpg"), Path(folder, "second.jpg")
        first.write_bytes(JPEG)
        second.write_bytes(JPEG[:2] + comment * 20 + JPEG[2:])
        yield first, second


def run(command, **options):
    """Runs a program, whose output counts only if it fails."""
    result = subprocess.run(command, text=True, capture_output=True, timeout=300, **options)
    if result.returncode != 0:
        name = "the line" if isinstance(command, str) else Path(command[0]).name
        raise Failure(f"failed to run `{name}`:\n{result.stdout}{result.stderr}")
    return result.stdout


def expect(condition, message):
    if not condition:
        raise Failure(message)


def check_retry(emulator):
    """Checks the record of a client that sent and read two photos, and was told to wait."""
    requests = emulator.control("requests")
    outcomes = [f"{request['method']} {request['outcome']}" for request in requests]
    expected = ["PUT stored", "GET read", "PUT fault", "PUT stored", "GET read"]
    expect(outcomes == expected, f"the record is {outcomes} instead of {expected}")
    early = [request["earlySeconds"] for request in requests]
    expect(early == [None] * 5, f"the client came back too early: {early}")
    times = [datetime.fromisoformat(request["time"].rstrip("Z")) for request in requests]
    waited = (times[3] - times[2]).total_seconds()
    expect(waited >= RETRY_AFTER, f"the client came back after {waited} s")
    for request in requests:
        types = [value for name, value in request["headers"] if name.lower() == "content-type"]
        is_upload = request["method"] == "PUT"
        expect(not is_upload or types == ["image/jpeg"], f"the photo was sent as {types}")
    return waited


def play_client(name, command, emulator, base_url=None, folder=HERE):
    """Lets a client send and read two photos, the second of which it is to send again."""
    emulator.control("faults", f"method=PUT;every=2;times=1;status=429;retry-after={RETRY_AFTER}")
    with photos() as files:
        arguments = [*command, base_url or emulator.base_url, *files]
        run(arguments, env=emulator.environment(), cwd=folder)
    waited = check_retry(emulator)
    print(f"{name}: two photos stored and read back, a 429 obeyed for {waited:.2f} s")


def paste(name, line, emulator):
    """Runs a line of the introduction by a shell, as if it were pasted."""
    with photos() as (first, _):
        environment = {"PATH": emulator.environment()["PATH"], "HOME": str(first.parent)}
        run(line, shell=True, cwd=first.parent, env=environment)
    request = emulator.control("requests")[-1]
    expect(request["outcome"] == "stored", f"it was {request['outcome']}: {request['why']}")
    expect(request["bodyBytes"] == len(JPEG), f"it sent {request['bodyBytes']} bytes")
    print(f"{name}: the line to paste stores a photo")


PYTHON = [sys.executable, HERE / "kiota_client.py"]


def check_pasted_lines():
    for options in [[], ["--tls"]]:
        with Emulator(*options) as emulator:
            for program in ["curl", "graph-photo"]:
                paste(" ".join([program, *options]), emulator.line(program), emulator)


def check_javascript():
    with Emulator("--tls") as emulator:
        command = ["node", HERE / "graph_client.mjs"]
        play_client("microsoft-graph-client", command, emulator, folder=NODE_MODULES)


def check_python():
    with Emulator("--tls") as emulator:
        play_client("msgraph-core", PYTHON, emulator)


def check_by_proxy():
    with Emulator() as emulator, Proxy(SPEC, emulator.base_url) as proxy:
        try:
            play_client("msgraph-core by the validating proxy", PYTHON, emulator, proxy.base_url)
            line = emulator.line("graph-photo").replace(emulator.base_url, proxy.base_url)
            paste("graph-photo by the validating proxy", line, emulator)
        finally:
            expect(not proxy.violations, "\n".join(proxy.violations))
        # Three PUTs of the client and one of graph-photo; the file has no GET.
        expect(proxy.checked == {"requests": 4, "responses": 4}, f"checked were {proxy.checked}")
        expect(proxy.unknown == 2, f"{proxy.unknown} requests were read")
        print(f"validating proxy: {proxy.checked}, no violation; {proxy.unknown} not in the spec")


def check_by_schemathesis():
    with Emulator() as emulator, photos() as (photo, _):
        token = emulator.control("token", '{"administrator": true}')["access_token"]
        command = [Path(sys.executable).with_name("schemathesis"), "--config-file"]
        command += [HERE / "schemathesis.toml", "run", SPEC, "--url", emulator.base_url]
        command += ["--header", f"Authorization: Bearer {token}", "--seed", "1"]
        command += ["--max-examples", "50"]
        hooks = {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": HERE, "PHOTO": photo}
        run(command, env=os.environ | hooks, cwd=photo.parent)
        outcomes = [request["outcome"] for request in emulator.control("requests")]
        counts = {name: outcomes.count(name) for name in ["stored", "read", "refused"]}
        expect(min(counts.values()) > 100, f"too little was tested: {counts}")
        print(f"Schemathesis: {counts}, no failure")


def main():
    failed = 0
    for check in [
        check_pasted_lines,
        check_javascript,
        check_python,
        check_by_proxy,
        check_by_schemathesis,
    ]:
        try:
            check()
        except Failure as failure:
            failed += 1
            print(f"error: {check.__name__}: {failure}", file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
