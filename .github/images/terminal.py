#!/usr/bin/env python3
"""Makes terminal.png and sync.png, the terminals of the READMEs: runs the commands below with
the real program against the real emulator, and renders what they print in headless Chromium.

    python3 .github/images/terminal.py

Needs Rust, Chromium and the font DejaVu Sans Mono (Debian: chromium, fonts-dejavu-core).
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"

# For each picture: the photos by their names in the commands, whether the token is that of an
# app, and the commands.
PICTURES = {
    "terminal.png": (
        {"me.png": "look-alike.png", "me.jpg": "xmp-gps.jpg"},
        False,
        ["graph-photo set /me me.png", "graph-photo set /me me.jpg --base-url $EMULATOR"],
    ),
    "sync.png": (
        {
            "photos/adele@contoso.com.jpg": "xmp-gps.jpg",
            "photos/diego@contoso.com.png": "look-alike.png",
            "photos/lee@contoso.com.jpg": "xmp-gps.jpg",
            "photos/megan@contoso.com.jpg": "xmp-gps.jpg",
        },
        True,
        [
            "graph-photo sync photos --dry-run",
            "graph-photo sync photos --fix --crop square --base-url $EMULATOR",
        ],
    ),
}

# Of the terminal: characters in a line; pixels of a line, around the text, around the window.
COLUMNS, LINE, PADDING, TITLE, MARGIN = 84, 23, 18, 30, 12
FONT = "15px/23px 'DejaVu Sans Mono'"
# The advance of the font, as a part of its size.
ADVANCE = 0.602
# What the program styles its diagnostics with (SGR parameters of ECMA-48).
STYLES = {"1": "b", "31": "r", "32": "g", "33": "y"}

PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: MARGINpx; }
main { width: WIDTHpx; background: #16181d; border-radius: 10px; padding-bottom: PADDINGpx;
       box-shadow: 0 3px 9px #0006; overflow: hidden; }
header { height: TITLEpx; background: #23262d; margin-bottom: PADDINGpx; }
header i { float: left; width: 12px; height: 12px; margin: 9px -4px 0 14px; border-radius: 50%; }
pre { font: FONT; color: #d7dae0; margin: 0 PADDINGpx; }
.p { color: #7d8590; } .c { color: #fff; } .b { font-weight: bold; }
.r { color: #ff7b72; } .g { color: #56d364; } .y { color: #e3b341; }
</style><main><header><i style="background:#ff5f57"></i><i style="background:#febc2e"></i>
<i style="background:#28c840"></i></header><pre>TEXT</pre></main>"""


def emulator():
    """Starts the emulator; returns its process and its base URL."""
    program = [ROOT / "target/debug/graph-photo-emulator", "--quiet"]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    return process, re.search(r"http://\S+", process.stdout.readline()).group()


def token(base_url, is_application):
    """A token that the emulator accepts."""
    url = base_url.removesuffix("/v1.0") + "/_emulator/token"
    wanted = json.dumps({"application": is_application}).encode()
    request = urllib.request.Request(url, wanted, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["access_token"]


def run(command, folder, environment):
    """What a command prints, as a terminal mixes it."""
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(["sh", "-c", command], cwd=folder, env=environment, **output).stdout


def session(photos, is_application, commands):
    """Runs the commands; returns each with what it printed."""
    process, base_url = emulator()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, fixture in photos.items():
                Path(folder, name).parent.mkdir(exist_ok=True)
                shutil.copy(FIXTURES / fixture, Path(folder, name))
            environment = os.environ | {
                "PATH": f"{ROOT}/target/debug:{os.environ['PATH']}",
                "GRAPH_ACCESS_TOKEN": token(base_url, is_application),
                "EMULATOR": base_url,
                "CLICOLOR_FORCE": "1",
            }
            environment.pop("NO_COLOR", None)
            return [(command, run(command, folder, environment)) for command in commands]
    finally:
        process.kill()
        process.wait()


def wrapped(line):
    """Breaks a line between words; escape sequences take no room."""
    lines, width = [""], 0
    for word in re.findall(r"\S+ ?| ", line):
        room = len(re.sub(r"\x1b\[[\d;]*m", "", word))
        if width and width + room > COLUMNS:
            lines.append("")
            width = 0
        lines[-1] += word
        width += room
    return lines


def as_html(line):
    """A line with its styles as elements."""
    text, *styled = re.split(r"\x1b\[([\d;]*)m", line)
    result, active = html.escape(text), []
    for parameters, text in zip(styled[::2], styled[1::2]):
        for parameter in parameters.split(";"):
            active = [] if parameter in ("", "0") else active + [STYLES[parameter]]
        result += f'<span class="{" ".join(active)}">{html.escape(text)}</span>'
    return result


def page(session):
    """The session as a page, with its width and height."""
    lines = []
    for command, output in session:
        shown = f'<span class="p">$</span> <span class="c">{html.escape(command)}</span>'
        printed = [as_html(part) for line in output.splitlines() for part in wrapped(line)]
        lines += [shown, *printed, ""]
    del lines[-1]
    width = round(COLUMNS * 15 * ADVANCE) + 2 * PADDING
    height = TITLE + 2 * PADDING + len(lines) * LINE
    names = {"WIDTH": width, "MARGIN": MARGIN, "PADDING": PADDING, "TITLE": TITLE, "FONT": FONT}
    text = PAGE
    for name, value in names.items():
        text = text.replace(name, str(value))
    return text.replace("TEXT", "\n".join(lines)), width + 2 * MARGIN, height + 2 * MARGIN


def render(picture, text, width, height):
    """Renders a page into a picture, at twice its size for sharp letters."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("error: failed to find Chromium; install it, on Debian by `apt install chromium`")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.html").write_text(text, encoding="utf-8")
        options = [
            "--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=2",
            "--default-background-color=00000000", f"--window-size={width},{height}",
            f"--user-data-dir={folder}/profile", f"--screenshot={picture}",
        ]
        page = f"file://{folder}/page.html"
        subprocess.run([chromium, *options, page], check=True, stderr=subprocess.DEVNULL)


def main():
    packages = ["--package", "graph-photo", "--package", "graph-photo-emulator"]
    subprocess.run(["cargo", "build", "--quiet", *packages], cwd=ROOT, check=True)
    for name, setting in PICTURES.items():
        picture = Path(__file__).with_name(name)
        render(picture, *page(session(*setting)))
        print(f"wrote {picture.relative_to(ROOT)}, {picture.stat().st_size} bytes")


if __name__ == "__main__":
    main()
