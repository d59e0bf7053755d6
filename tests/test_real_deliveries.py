"""Real scans and real encodings go the whole way: ingest, list, show, verify, manifest, analyse, serve."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pandas
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from alamire.cli import main
from alamire.iiif.lint import lint
from alamire.server.app import create_app
from tests.deliveries import real as deliveries

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the command line on an archive that holds both deliveries."""
    folder = tmp_path_factory.mktemp("real")

    def call(*words: object, code: int = 0) -> Result:
        result = CliRunner().invoke(
            main, [str(word) for word in words], env={"ALAMIRE_ARCHIVE": str(folder / "archive")}
        )
        assert result.exit_code == code, result.output + str(result.exception)
        return result

    call("init", folder / "archive")
    call("ingest", deliveries.lauro_secco(real_data, folder / "lauro"))
    call("ingest", deliveries.leuven_kern(real_data, folder / "leuven"))
    call.folder = folder  # type: ignore[attr-defined]
    return call


def answer(run: Run, *words: object, code: int = 0) -> Any:
    """Return the JSON document that a command prints."""
    return json.loads(run(*words, "--json", code=code).stdout)


def test_both_sources_are_listed_and_shown(run: Run) -> None:
    """35 scans of seven madrigals, and nine songs whose pages were not photographed."""
    sources = {entry["source"]: entry for entry in answer(run, "list")["sources"]}
    assert (sources["lauro-secco"]["scans"], sources["lauro-secco"]["pieces"]) == (35, 7)
    assert (sources["leuven-kern"]["scans"], sources["leuven-kern"]["pieces"]) == (0, 9)
    piece = answer(run, "show", "lauro-secco/wert-horfuggi")
    assert len(piece["surfaces"]) == 5 and len(piece["encodings"]) == 6


def test_a_second_ingest_writes_nothing(run: Run) -> None:
    """The same delivery again leaves the archive as it is."""
    again = answer(run, "ingest", run.folder / "lauro")  # type: ignore[attr-defined]
    assert again["deliveries"][0]["version"] is None


def test_the_archive_verifies(run: Run) -> None:
    """Every kept file has its recorded digest."""
    assert answer(run, "verify")["problems"] == []


def test_the_manifests_are_valid_and_clean(run: Run, real_data: Path, tmp_path: Path) -> None:
    """The published schema and our own lint find nothing wrong."""
    run("manifest", "-o", tmp_path)
    schema = json.loads((real_data / "iiif" / "iiif_3_0.schema.json").read_text("utf-8"))
    for name in ("lauro-secco", "leuven-kern", "collection"):
        document = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        jsonschema.validate(document, schema)
        assert [str(problem) for problem in lint(document, name) if problem.severity != "info"] == []


@pytest.mark.parametrize(
    ("name", "code"), [("ambitus", 0), ("melodic-intervals", 1), ("vertical-intervals", 1)]
)
def test_every_piece_is_analysed(run: Run, name: str, code: int, tmp_path: Path) -> None:
    """Each analysis has findings in each of the sixteen pieces, each with the ids of its notes.

    In three of them a voice divides; that is told, and the exit code says so.
    """
    output = ["-o", tmp_path / "f.parquet", "--plot", tmp_path / "f.png"]
    said = run("analyse", name, "lauro-secco", "leuven-kern", *output, code=code).stderr
    assert ("divided-voice" in said) == bool(code)
    findings = pandas.read_parquet(tmp_path / "f.parquet")
    assert findings.groupby(["source", "piece"]).ngroups == 16
    assert findings["ids"].map(len).min() >= 1
    assert (tmp_path / "f.png").stat().st_size > 5000


def test_it_is_served(run: Run) -> None:
    """The front page, a manifest, a tile and a placeholder answer."""
    client = TestClient(create_app(run.folder / "archive", None))  # type: ignore[attr-defined]
    assert "Il Lauro Secco" in client.get("/").text
    for source in ("lauro-secco", "leuven-kern"):
        manifest = client.get(f"/iiif/{source}/manifest").json()
        body = manifest["items"][0]["items"][0]["items"][0]["body"]
        service = body["service"][0]["id"]
        tile = client.get(f"{service}/0,0,512,512/256,/0/default.jpg")
        assert tile.status_code == 200 and tile.content[:2] == b"\xff\xd8"
