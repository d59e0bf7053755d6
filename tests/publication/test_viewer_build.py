"""Getting Mirador while the package is built."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alamire.publication import viewer_build
from alamire.publication.static_files import MIRADOR
from tests.conftest import ROOT


def hook(root: Path) -> tuple[Any, list[str]]:
    """Return the build hook for a project in a folder, and the list that its warnings go to."""
    warnings: list[str] = []
    made: Any = object.__new__(viewer_build.ViewerBuildHook)
    made.__class__ = type(
        "Hook",
        (viewer_build.ViewerBuildHook,),
        {"root": str(root), "app": SimpleNamespace(display_warning=warnings.append)},
    )
    return made, warnings


def test_without_npm_the_build_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook says why Mirador is absent and how to get it later, and fails nothing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    made, warnings = hook(tmp_path)
    made.initialize("editable", {})
    assert "npm is not installed" in warnings[0]
    assert "python -m alamire.publication.viewer_build" in warnings[0]


def test_it_is_put_where_the_pages_look_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that the build fills, that the pages are served from and that the package takes is one."""
    filled: list[Path] = []
    monkeypatch.setattr(viewer_build, "fetch_mirador", filled.append)
    made, _ = hook(ROOT)
    made.initialize("editable", {})
    assert filled == [MIRADOR.parent]
    inside = filled[0].relative_to(ROOT).as_posix()
    assert f'"{inside}/*"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"/{inside}/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_a_failing_npm_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What npm says on failing is passed on."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho network down >&2; exit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(viewer_build.NoViewer, match="network down"):
        viewer_build.fetch_mirador(tmp_path / "out")


def test_what_is_there_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its files in place nothing is run."""
    monkeypatch.setenv("PATH", "")
    for name in viewer_build.FILES.values():
        (tmp_path / name).touch()
    assert viewer_build.fetch_mirador(tmp_path) is False
