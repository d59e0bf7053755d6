"""Check the scripts of the pages, and their tests: types by TypeScript, the rest by Biome.

``python tests/scripts/check.py [--fix]``, which ``make lint`` runs. Both tools come through npm into
``build/scripts``, in the versions that ``package.json`` names. Where they cannot be had nothing is checked,
and that is said. The exit code is 1 where something is wrong with a script. ``--fix`` formats.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = ROOT / "build" / "scripts"
SCRIPTS = ("alamire/server/review/static", "alamire/publication/static", "tests/scripts")
INSTALL = (
    "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
    "--fetch-retries=0",  # off the net that is said at once
)  # fmt: skip
TIMEOUT = 180  # seconds


class NoTools(Exception):
    """The tools cannot be had; the message says why."""


def fetch_tools() -> None:
    """Have the tools that package.json names in TOOLS; NoTools where that cannot be."""
    wanted = (HERE / "package.json").read_text("utf-8")
    fetched = TOOLS / "fetched.json"
    if fetched.exists() and fetched.read_text("utf-8") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NoTools("npm is not installed")
    TOOLS.mkdir(parents=True, exist_ok=True)
    (TOOLS / "package.json").write_text(wanted, "utf-8")
    try:
        subprocess.run(
            [npm, *INSTALL], cwd=TOOLS, check=True, capture_output=True, text=True, timeout=TIMEOUT
        )
    except subprocess.CalledProcessError as error:
        first, *_ = [*error.stderr.strip().splitlines(), "npm says nothing of why"]
        raise NoTools(f"npm could not fetch the tools ({first})") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoTools(f"npm could not fetch the tools ({error})") from error
    fetched.write_text(wanted, "utf-8")


def check(*, fix: bool = False) -> int:
    """Return 0 where both tools are content with all scripts, or cannot be had."""
    try:
        fetch_tools()
    except NoTools as error:
        print(f"The scripts of the pages are not checked: {error}")
        return 0
    tools = TOOLS / "node_modules" / ".bin"
    rules = ["--error-on-warnings", "--config-path", HERE / "lint.json"]
    biome = [tools / "biome", "check", *rules, *["--write"] * fix, *SCRIPTS]
    types = [tools / "tsc", "--project", HERE]
    return max(subprocess.run(command, cwd=ROOT).returncode for command in (biome, types))


if __name__ == "__main__":
    sys.exit(check(fix="--fix" in sys.argv[1:]))
