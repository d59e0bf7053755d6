"""Lint: each rule finds its fault and nothing else, every code is documented, the cookbook is explained."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.iiif.lint import CODES, RULES, lint
from alamire.iiif.manifest import build_manifest
from tests.conftest import ROOT
from tests.iiif.songbooks import BASE, full_songbook

DOCS = (ROOT / "docs" / "lint.md").read_text("utf-8")
Document = dict[str, Any]
Fault = Callable[[Document], object]

CLEAN = build_manifest(full_songbook(), BASE)
CANVAS = CLEAN["items"][4]["id"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the documentation, without its two head lines."""
    section = DOCS.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def painting(document: Document) -> Document:
    """The painting annotation of a page."""
    return document["items"][4]["items"][0]["items"][0]  # type: ignore[no-any-return]


def annotate(document: Document, target: object, **more: object) -> None:
    """Put a comment on something."""
    comment = {
        "id": f"{BASE}/a/1",
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": "!", "language": "en", "format": "text/plain"},
        "target": target,
    }
    page = {"id": f"{BASE}/a", "type": "AnnotationPage", "items": [{**comment, **more}]}
    document["items"][4]["annotations"] = [page]


def selector(**what: object) -> Document:
    """A part of a page by a selector."""
    return {"type": "SpecificResource", "source": CANVAS, "selector": what}


FAULTS: list[tuple[str, Fault]] = [
    ("context", lambda d: d.pop("@context")),
    ("context", lambda d: d.update({"@context": [d["@context"], "https://example.net/more.json"]})),
    ("missing-label", lambda d: d.pop("label")),
    ("missing-label", lambda d: d["structures"][0]["items"][0].pop("label")),
    ("canvas-label", lambda d: d["items"][4].pop("label")),
    ("empty-items", lambda d: d["structures"][0]["items"][0].update(items=[])),
    ("behavior-conflict", lambda d: d.update(behavior=["paged", "continuous"])),
    ("behavior-unknown", lambda d: d.update(behavior=["pagged"])),
    ("behavior-misplaced", lambda d: d["items"][4].update(behavior=["paged"])),
    ("unknown-property", lambda d: d.update(requiredStatment={})),
    ("missing-id", lambda d: painting(d).pop("id")),
    ("duplicate-id", lambda d: d["items"][4]["items"][0].update(id=d["items"][5]["items"][0]["id"])),
    ("id-not-web", lambda d: painting(d).update(id="urn:uuid:1")),
    ("invented-id", lambda d: painting(d).update(id="http://example.org/iiif/12")),
    ("mixed-content", lambda d: d["thumbnail"][0].update(id="http://example.net/t.jpg")),
    ("range-target", lambda d: d["structures"][0]["items"][0]["items"][0].update(id=f"{BASE}/nowhere")),
    ("start-target", lambda d: d["start"].update(id=f"{BASE}/nowhere")),
    ("annotation-target", lambda d: annotate(d, f"{BASE}/nowhere#xywh=0,0,1,1")),
    ("annotation-target", lambda d: annotate(d, d["items"][4]["items"][0]["id"])),
    ("target-missing", lambda d: painting(d).pop("target")),
    ("painting-elsewhere", lambda d: painting(d).update(target=d["items"][5]["id"])),
    ("part-of-mismatch", lambda d: d["items"][4].update(partOf=[{"id": f"{BASE}/m", "type": "Manifest"}])),
    ("xywh-outside", lambda d: annotate(d, f"{CANVAS}#xywh=2900,0,200,10")),
    ("xywh-outside", lambda d: annotate(d, f"{CANVAS}#xywh=percent:90,0,20,10")),
    ("xywh-outside", lambda d: annotate(d, selector(type="FragmentSelector", value="xywh=-5,0,9,9"))),
    ("xywh-malformed", lambda d: annotate(d, f"{CANVAS}#xywh=1,2,3")),
    ("xywh-malformed", lambda d: annotate(d, f"{CANVAS}#xywh=1,2,0,4")),
    ("point-outside", lambda d: annotate(d, selector(type="PointSelector", x=3500, y=1))),
    ("canvas-unpainted", lambda d: d["items"][4].update(items=[])),
    ("canvas-size", lambda d: d["items"][4].pop("width")),
    ("image-shape", lambda d: painting(d)["body"].update(width=3100)),
    ("painting-place", lambda d: painting(d).update(motivation="supplementing")),
    ("choice-label", lambda d: d["items"][5]["items"][0]["items"][0]["body"]["items"][0].pop("label")),
    ("service-profile", lambda d: painting(d)["body"]["service"][0].update(profile="http://level2.json")),
    ("no-image-service", lambda d: painting(d)["body"].pop("service")),
    ("language-tag", lambda d: d.update(label={"@none": ["X"]})),
    ("language-tag", lambda d: d.update(summary={"en_GB": ["X"]})),
    ("language-tag", lambda d: d["metadata"][0].update(value={"dutch": ["X"]})),
    ("language-tag", lambda d: d["requiredStatement"].update(label={"jp": ["X"]})),
    ("format-missing", lambda d: d["seeAlso"][0].pop("format")),
    ("format-invalid", lambda d: d["seeAlso"][0].update(format="MEI")),
    ("link-label", lambda d: d["rendering"][0].pop("label")),
    ("rights-uri", lambda d: d.update(rights="https://creativecommons.org/licenses/by/4.0/")),
]


@pytest.mark.parametrize(("code", "fault"), FAULTS, ids=[f"{n}-{c}" for n, (c, _) in enumerate(FAULTS)])
def test_a_fault_is_found_and_nothing_else(code: str, fault: Fault) -> None:
    """A clean manifest with one fault gets the code of that fault, with its place."""
    document = copy.deepcopy(CLEAN)
    fault(document)
    problems = lint(document, "m.json")
    assert {problem.code for problem in problems} == {code}
    assert all(
        problem.place.file == "m.json" and problem.place.detail.startswith("$") for problem in problems
    )


def test_a_canvas_id_with_a_fragment() -> None:
    """The canvas is named; what points to it is found to point nowhere."""
    document = copy.deepcopy(CLEAN)
    document["items"][9]["id"] += "#a"
    assert "canvas-fragment" in {problem.code for problem in lint(document)}


def test_a_range_within_itself() -> None:
    """Both ranges of a circle are told."""
    document = copy.deepcopy(CLEAN)
    pieces = document["structures"][0]
    pieces["items"][0]["items"].append({"id": pieces["id"], "type": "Range"})
    assert [problem.code for problem in lint(document)] == ["range-cycle", "range-cycle"]


def test_a_moment_after_the_end() -> None:
    """A time must lie within the duration of the canvas."""
    document = copy.deepcopy(CLEAN)
    document["items"][4]["duration"] = 10.5
    annotate(document, f"{CANVAS}#t=3,20")
    assert [problem.code for problem in lint(document)] == ["time-outside"]


def test_a_plain_image_needs_a_thumbnail() -> None:
    """Where no image service can make one, a manifest should name a thumbnail."""
    document = copy.deepcopy(CLEAN)
    del document["thumbnail"]
    assert lint(document) == []
    del document["items"][0]["thumbnail"], document["items"][0]["items"][0]["items"][0]["body"]["service"]
    assert "thumbnail-missing" in {problem.code for problem in lint(document)}


def test_regions_on_the_edge_are_fine() -> None:
    """A region may fill its canvas, in pixels or percent."""
    document = copy.deepcopy(CLEAN)
    for target in (f"{CANVAS}#xywh=0,0,3000,4200", f"{CANVAS}#xywh=percent:0,0,100,100"):
        annotate(document, target)
        assert lint(document) == []


def test_annotations_alone_may_point_anywhere() -> None:
    """A page of annotations does not hold what its annotations are on, and may have W3C's context."""
    comment = {"id": f"{BASE}/a/1", "type": "Annotation", "target": f"{BASE}/c#xywh=1,2,3,4", "body": []}
    page = {"id": f"{BASE}/a", "type": "AnnotationPage", "items": [comment]}
    for context in ("http://www.w3.org/ns/anno.jsonld", CLEAN["@context"]):
        assert lint({"@context": context, **page}) == []


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"@context": "http://iiif.io/api/presentation/2/context.json"}, "presentation-2"),
        ({"@type": "sc:Manifest"}, "presentation-2"),
        ({"type": "FeatureCollection"}, "unknown-document"),
        ({}, "unknown-document"),
        ([1, 2], "unknown-document"),
        (None, "unknown-document"),
    ],
)
def test_other_documents_are_let_alone(document: object, code: str) -> None:
    """What is no Presentation 3 document gets one remark, not a list of errors."""
    (problem,) = lint(document, "x.json")
    assert (problem.code, problem.severity) == (code, "info")


KEYS = (
    *("id", "type", "items", "target", "body", "label", "behavior", "service", "start", "selector", "source"),
    *("width", "height", "format", "language", "motivation", "partOf", "structures", "metadata", "value"),
    *("rights", "annotations", "homepage"),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner
            | st.sampled_from(
                ["Canvas", "Range", "Annotation", "Choice", "PointSelector", "Image", "a#xywh=1"]
            ),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(st.sampled_from(["Manifest", "Collection", "AnnotationPage", "Annotation", "Range"]), json_values)
def test_lint_survives_anything(kind: str, value: Any) -> None:
    """However broken a document is, lint reports and does not fail."""
    lint({"type": kind, "items": value, **(value if isinstance(value, dict) else {})} | {"type": kind})


def test_every_code_is_documented() -> None:
    """docs/lint.md explains each code once, with its severity, and no other."""
    tables = DOCS.partition("## The IIIF cookbook")[0]
    documented = re.findall(r"^\| `([a-z0-9-]+)` \| (\w+) \|", tables, re.MULTILINE)
    assert Counter(code for code, _ in documented) == Counter(CODES | {"not-json"})
    severities = dict(documented)
    assert {rule.code: severities[rule.code] for rule in RULES} == {
        rule.code: rule.severity for rule in RULES
    }
    assert all(rule.why.endswith(".") and rule.check.__doc__ for rule in RULES)


def test_every_rule_has_a_fault_in_these_tests() -> None:
    """No rule is without a document that breaks it."""
    alone = {"canvas-fragment", "range-cycle", "time-outside", "thumbnail-missing"}
    assert {rule.code for rule in RULES} == {code for code, _ in FAULTS} | alone


def test_what_lint_says_of_the_cookbook_is_explained(real_data: Path) -> None:
    """The table in docs/lint.md is exactly what lint says of the IIIF's recipes."""
    root = real_data / "iiif" / "cookbook"
    files = sorted(root.rglob("*.json"))
    said = Counter(
        (path.relative_to(root).as_posix(), problem.code)
        for path in files
        for problem in lint(json.loads(path.read_text("utf-8")))
    )
    table = rows("The IIIF cookbook under lint")
    assert len(files) == 110
    assert said == {(row[0].strip("`"), row[1].strip("`")): int(row[2]) for row in table}
    assert all(row[3] and row[4] for row in table)
