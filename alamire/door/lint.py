"""``alamire.lint``, as ``alamire lint`` calls it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from alamire.door.arguments import several
from alamire.errors import Problem


def lint(files: Path | str | Iterable[Path | str]) -> list[Problem]:
    """Return what is wrong in IIIF documents though the published schema lets it through.

    >>> alamire.lint("manifests/leuven-chansonnier.json")

    ``files`` are the paths of one or several documents of Presentation 3; what is no JSON is a problem too.
    """
    from alamire.iiif.lint import lint as examine

    problems: list[Problem] = []
    for file in map(Path, several(files, (str, Path), "files", "the path of a JSON document")):
        try:
            document = json.loads(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            message = f"cannot be read as JSON: {error}"
            problems.append(Problem.error("not-json", file, message))
            continue
        problems += examine(document, str(file))
    return problems
