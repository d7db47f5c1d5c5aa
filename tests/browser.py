"""A page in headless Chromium, without any further library: a script is put into a copy of it, and the page is dumped.

The script's findings stand in the dumped page; errors of the console come on Chromium's log.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
    "--enable-logging=stderr", "--v=0", "--virtual-time-budget=20000", "--run-all-compositor-stages-before-draw",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
REPORT = """
<script>
addEventListener("load", () => {
  const failures = [];
  let found = {};
  try { found = (() => { %s })(); } catch (cause) { failures.push(String(cause)); }
  const out = document.createElement("textarea");
  out.id = "findings";
  out.textContent = JSON.stringify({ ...found, failures, errors: window.errorsSeen });
  document.body.append(out);
});
</script>
"""
EARLY = """<script>
window.errorsSeen = [];
addEventListener("error", (e) => window.errorsSeen.push(String(e.message)));
addEventListener("securitypolicyviolation", (e) => window.errorsSeen.push(`refused: ${e.blockedURI}`));
for (const kind of ["error", "warn"]) {
  const old = console[kind];
  console[kind] = (...words) => { window.errorsSeen.push(words.join(" ")); old(...words); };
}
</script>"""


def chromium() -> str | None:
    return next((place for name in NAMES if (place := shutil.which(name))), None)


@dataclass(frozen=True)
class Visit:
    """What the script returned, with `errors` and `failures`; and the lines of Chromium's log about the console."""

    found: dict[str, Any]
    console: list[str]


def visited(page: str, script: str, folder: Path, width: int = 1280, dark: bool = False, seconds: float = 240) -> Visit:
    """The page after the script, a function body, has run in it."""
    program = chromium()
    assert program is not None
    place = folder / f"visit-{width}.html"
    place.write_text(
        page.replace("<head>", "<head>" + EARLY, 1).replace("</body>", REPORT % script + "</body>"), encoding="utf-8"
    )
    flags = [*FLAGS, f"--window-size={width},900", f"--user-data-dir={folder / 'profile'}"]
    flags += ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else []
    done = subprocess.run([program, *flags, "--dump-dom", place.as_uri()], capture_output=True, text=True, timeout=seconds)
    match = re.search(r'<textarea id="findings">(.*?)</textarea>', done.stdout, re.DOTALL)
    assert match is not None, done.stderr[-2000:]
    return Visit(json.loads(html.unescape(match[1])), [line for line in done.stderr.splitlines() if ":CONSOLE" in line])
