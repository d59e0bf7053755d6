"""alamire notes on bare files: parts put together, rules explained, folders read to the end."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from alamire.cli import main

PART = """<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score><scoreDef><staffGrp>
<staffDef n="1" notationtype="mensural.white" mensur.sign="O"><label>{name}</label></staffDef></staffGrp>
</scoreDef><section><staff n="1"><layer>{notes}</layer></staff></section></score></mdiv></body></music>
</mei>"""


def part(folder: Path, name: str, *notes: tuple[str, str]) -> Path:
    """Write a part of these (value, step) notes and return its path."""
    written = "".join(
        f'<note xml:id="{name}{n}" dur="{value}" pname="{step}" oct="4"/>'
        for n, (value, step) in enumerate(notes, start=1)
    )
    path = folder / f"{name}.mei"
    path.write_text(PART.format(name=name, notes=written), "utf-8")
    return path


def run(*words: object) -> Result:
    """Run alamire notes."""
    return CliRunner().invoke(main, ["notes", *map(str, words)])


def table(result: Result) -> pd.DataFrame:
    """Read what a command printed."""
    return pd.read_csv(io.StringIO(result.stdout), keep_default_na=False)


def test_explain_tells_the_rule_and_the_notes_it_comes_from(tmp_path: Path) -> None:
    """A breve made imperfect by the semibreve after it says so."""
    path = part(tmp_path, "Tenor", ("brevis", "d"), ("semibrevis", "e"), ("brevis", "f"), ("brevis", "g"))
    rows = table(run(path, "--explain"))
    assert rows.loc[0, ["value", "regular", "rule", "by"]].tolist() == [
        *("brevis", 3, "imperfect a parte post", "Tenor2"),
    ]


def test_parts_become_one_piece_whose_voices_end_together(tmp_path: Path) -> None:
    """The final longas of two parts hold until the later one has arrived."""
    early = part(tmp_path, "Cantus", ("brevis", "c"), ("longa", "d"))
    late = part(tmp_path, "Tenor", ("brevis", "c"), ("brevis", "d"), ("longa", "e"))
    result = run("--parts", early, late)
    assert result.exit_code == 0, result.output
    rows = table(result)
    ends = (rows["onset"] + rows["duration"]).groupby(rows["voice_name"]).max()
    assert list(ends.index) == ["Cantus", "Tenor"]
    assert ends.nunique() == 1


def test_parts_are_files(tmp_path: Path) -> None:
    """--parts with something that is no file is wrong usage, and named."""
    result = run("--parts", tmp_path / "absent.mei")
    assert result.exit_code == 2
    assert "absent.mei" in result.output


def test_a_folder_goes_on_past_a_damaged_file(tmp_path: Path) -> None:
    """The other files are read, the damaged one is told with its line, and the command ends with 1."""
    part(tmp_path, "Tenor", ("brevis", "d"))
    (tmp_path / "bad.krn").write_text("**kern\t**kern\n4c\n*-\t*-\n", "utf-8")
    (tmp_path / "README.txt").write_text("no music", "utf-8")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert set(table(result)["piece"]) == {"Tenor"}
    assert "bad.krn" in result.stderr
    assert "line 2" in result.stderr or "row 2" in result.stderr


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\x01"])
def test_a_folder_tells_of_what_is_only_named_as_notation(tmp_path: Path, content: bytes) -> None:
    """A file that says it is notation and holds none is not passed over in silence."""
    part(tmp_path, "Tenor", ("brevis", "d"))
    (tmp_path / "lost.krn").write_bytes(content)
    result = run(tmp_path)
    assert result.exit_code == 1 and "lost.krn" in result.stderr


def test_a_folder_where_nothing_can_be_read_is_refused(tmp_path: Path) -> None:
    """With no piece left there is nothing to print: exit 3."""
    (tmp_path / "bad.krn").write_text("**kern\n4c\n", "utf-8")
    assert run(tmp_path).exit_code == 3


def test_a_folder_without_notation_is_wrong_usage(tmp_path: Path) -> None:
    """A folder of scans is no TARGET."""
    (tmp_path / "f1r.jpg").write_bytes(b"\xff\xd8")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "no file in this folder holds notation" in result.output


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 100, b"PK\x03\x04junk"])
def test_what_is_no_notation_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file of something else is refused by name."""
    path = tmp_path / "thing.bin"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 3
    assert "thing.bin" in result.output


def test_explain_tells_what_is_in_doubt_also_as_json(tmp_path: Path) -> None:
    """A second reading that comes near is in the columns, in the document and in one remark."""
    names = {"B": "brevis", "S": "semibrevis"}
    path = part(tmp_path, "Tenor", *((names[value], "d") for value in "BSSBSSS"))
    result = run(path, "--explain")
    assert result.exit_code == 1
    rows = table(result)
    assert rows["other"].tolist() == ["2", "", "1", "2", "", "", ""]
    assert rows.loc[0, "along"] == "Tenor3=1 Tenor4=2"
    assert "Tenor1 (Tenor, breve 1) lasts 3, or 2, then Tenor3 1" in result.stderr
    document = json.loads(run(path, "--explain", "--json").stdout)
    assert document["notes"][0]["other"] == "2"
    assert document["notes"][0]["along"] == ["Tenor3=1", "Tenor4=2"]
    assert [problem["code"] for problem in document["problems"]] == ["durations-doubtful"]


def test_json_has_no_value_where_there_is_none(tmp_path: Path) -> None:
    """A rest has no step and no number: null, as in a file."""
    path = tmp_path / "song.krn"
    path.write_text("**kern\n1c\n1r\n*-\n", "utf-8")
    document = json.loads(run(path, "--json").stdout)
    assert [(note["step"], note["midi"]) for note in document["notes"]] == [("C", 60), (None, None)]
    assert document["problems"] == []
