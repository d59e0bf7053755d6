"""How long ``alamire --help`` takes, beside Python starting and importing click.

Run it by itself: ``python tests/benchmarks/help.py``. Nothing is asserted; the aim is 0.3 s.
"""

from __future__ import annotations

import subprocess
import sys
import time


def seconds(*arguments: str, times: int = 7) -> float:
    """The median of several runs of Python with these arguments."""
    spans = []
    for _ in range(times):
        before = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        spans.append(time.perf_counter() - before)
    return sorted(spans)[times // 2]


def main() -> None:
    """Print both and their ratio."""
    click = seconds("-c", "import click")
    own = seconds("-m", "alamire", "--help")
    ratio = own / click
    print(f"alamire --help: {own:.2f} s (aim: under 0.30 s), {ratio:.1f} × importing click ({click:.2f} s)")


if __name__ == "__main__":
    main()
