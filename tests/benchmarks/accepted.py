"""What was measured when the weights were committed, and how far a figure may be from it on another machine.

``accepted.json`` keeps the figures of each benchmark of the reader; each has a margin, within which nothing
has changed: the answers of a network differ a little from processor to processor. Run these benchmarks before
weights, decoding or checks are committed, and accept what is better with ``--accept``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ACCEPTED = Path(__file__).with_name("accepted.json")


@dataclass(frozen=True)
class Figure:
    """A measured value, how far it may be from what was accepted, and whether more of it is better."""

    value: float
    margin: float
    more_is_better: bool = False

    def worse_than(self, accepted: float) -> bool:
        """Whether this lies beyond the margin, on the worse side."""
        behind = accepted - self.value if self.more_is_better else self.value - accepted
        return behind > self.margin


def judged(benchmark: str, figures: Mapping[str, Figure], *, accept: bool = False) -> list[str]:
    """Print the figures beside those accepted, and return the names of those beyond their margin.

    With ``accept`` they become the accepted ones.
    """
    kept = json.loads(ACCEPTED.read_text("utf-8")) if ACCEPTED.exists() else {}
    before = kept.get(benchmark, {})
    worse = []
    print(f"{'':58}{'measured':>10}{'accepted':>10}{'margin':>8}")
    for name, figure in figures.items():
        told = f"{before[name]:10.3f}" if name in before else f"{'–':>10}"
        behind = name in before and figure.worse_than(before[name])
        print(f"{name:58}{figure.value:10.3f}{told}{figure.margin:8.3f}{'  worse' if behind else ''}")
        worse += [name] if behind else []
    if accept:
        kept[benchmark] = {**before, **{name: round(figure.value, 4) for name, figure in figures.items()}}
        ACCEPTED.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", "utf-8")
        return []
    return worse
