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


def service(document: Document) -> Document:
    """The image service of that page."""
    return painting(document)["body"]["service"][0]  # type: ignore[no-any-return]


def choice(document: Document) -> Document:
    """The images to choose from on another page."""
    return document["items"][5]["items"][0]["items"][0]["body"]  # type: ignore[no-any-return]


def image(address: str, kind: str = "image/jpeg") -> Document:
    """An image by its mere address."""
    return {"id": address, "type": "Image", "format": kind}


def file(address: str, type_: str, kind: str) -> Document:
    """A link to a file or a page."""
    return {"id": address, "type": type_, "format": kind, "label": {"en": ["Another"]}}


def thumb(document: Document) -> Document:
    """A thumbnail without a service, put beside the page."""
    document["items"][4]["thumbnail"] = [image("https://example.net/t.jpg")]
    return document["items"][4]["thumbnail"][0]  # type: ignore[no-any-return]


def ask(document: Document, request: str) -> Document:
    """Name another request for the image, and return its body."""
    body: Document = painting(document)["body"]
    body["id"] = f"{service(document)['id']}/{request}"
    return body


def hear(document: Document, kind: str) -> None:
    """Put a sound beside the page."""
    sound = {"id": "https://example.net/a.mp3", "type": "Sound", "format": kind}
    annotate(document, CANVAS, body=sound)


def beside(address: str) -> Document:
    """A canvas for before or beside a manifest, with an image."""
    canvas = f"{BASE}/beside"
    painted = {"id": f"{canvas}/a", "type": "Annotation", "motivation": "painting", "target": canvas}
    page = {"id": f"{canvas}/p", "type": "AnnotationPage", "items": [{**painted, "body": image(address)}]}
    return {"id": canvas, "type": "Canvas", "width": 3000, "height": 4200, "items": [page]}


#: What makes an image's body a part of the image that its source names.
PART = {"type": "SpecificResource", "selector": {"type": "ImageApiSelector"}, "service": None}
#: What is no xsd:dateTime with a zone, and what is.
NO_DATES = (
    *("1475", "1475-01-01", "1475-01", "1475-01-01T00:00:00", "1475-13-01T00:00:00Z", "c. 1475", "1475/1480"),
    *("1475-02-29T00:00:00Z", "1475-04-31T00:00:00Z", "1475-00-10T00:00:00Z", "1475-01-01T24:00:01Z"),
    *("1475-01-01T25:00:00Z", "1475-01-01T00:60:00Z", "1475-01-01T00:00Z", "1475-1-1T00:00:00Z"),
    *("1475-01-01 00:00:00Z", "1475-01-01T00:00:00+15:00", "1475-01-01T00:00:00+0100"),
    *("1475-01-01t00:00:00z", "475-01-01T00:00:00Z", "1475-01-01T00:00:00z", "", 1475, None),
)
DATES = (
    *("1475-01-01T00:00:00Z", "1476-02-29T23:59:59.5+14:00", "1475-12-31T24:00:00Z"),
    *("-0044-03-15T12:00:00Z", "12000-01-01T00:00:00-05:30"),
)
V2 = "http://iiif.io/api/image/2/level2.json"
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
    ("missing-id", lambda d: painting(d)["body"].pop("id")),
    ("missing-id", lambda d: d["thumbnail"][0].pop("id")),
    ("missing-id", lambda d: d.update(seeAlso=[{"type": "Dataset", "format": "text/csv"}])),
    ("missing-id", lambda d: d["provider"][0].pop("id")),
    (
        "image-address",
        lambda d: d["items"][4].update(
            thumbnail=[{"id": "https://example.net/m.json", "type": "Manifest", "label": {"en": ["M"]}}]
        ),
    ),
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
    ("service-profile", lambda d: service(d).update(type="ImageService2", profile="level2")),
    ("service-profile", lambda d: service(d).update(type="ImageService2", profile=V2[:-5])),
    ("service-profile", lambda d: service(d).update(type="ImageService2", profile=f"https{V2[4:]}")),
    ("service-profile", lambda d: service(d).update(profile=V2)),
    ("service-profile", lambda d: service(d).update(type="ImageService")),
    ("service-profile", lambda d: service(d).pop("type")),
    ("service-misplaced", lambda d: painting(d).update(service=painting(d)["body"]["service"])),
    ("service-misplaced", lambda d: d["items"][4].update(service=painting(d)["body"]["service"])),
    ("service-misplaced", lambda d: choice(d).update(service=painting(d)["body"]["service"])),
    ("service-keys", lambda d: service(d).update({"@id": service(d).pop("id")})),
    ("service-keys", lambda d: service(d).update({"@type": service(d).pop("type")})),
    ("service-keys", lambda d: service(d).update({"@id": f"{BASE}/another"})),
    ("service-address", lambda d: service(d).update(id=painting(d)["body"]["id"])),
    ("service-address", lambda d: service(d).update(id=f"{service(d)['id']}?a=1")),
    ("service-address", lambda d: service(d).update(id="/iiif/image/1")),
    ("service-slash", lambda d: service(d).update(id=service(d)["id"] + "/")),
    ("info-json", lambda d: service(d).update(id=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: painting(d)["body"].update(id=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: painting(d).update(body=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: d["thumbnail"][0].update(id=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: thumb(d).update(id="https://example.net/other/1/info.json")),
    ("info-json", lambda d: choice(d)["items"][0].update(id=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: d["provider"][0].update(logo=[image("https://example.net/l/info.json")])),
    ("info-json", lambda d: d["rendering"][0].update(id=service(d)["id"] + "/info.json")),
    ("info-json", lambda d: d.update(accompanyingCanvas=beside(f"{service(d)['id']}/info.json"))),
    ("info-json", lambda d: d.update(placeholderCanvas=beside(f"{service(d)['id']}/info.json"))),
    ("info-json", lambda d: painting(d)["body"].update(source="https://e.org/a/info.json", **PART)),
    ("image-address", lambda d: painting(d)["body"].update(id=service(d)["id"])),
    ("image-address", lambda d: painting(d)["body"].update(id=service(d)["id"] + "/")),
    ("image-address", lambda d: painting(d)["body"].update(id=d["items"][4]["id"])),
    ("image-address", lambda d: d["thumbnail"][0].update(id=service(d)["id"])),
    ("image-address", lambda d: thumb(d).update(id=service(d)["id"])),
    ("image-address", lambda d: thumb(d).update(id=d["id"])),
    ("image-address", lambda d: d["structures"][0].update(thumbnail=[image(service(d)["id"])])),
    ("image-address", lambda d: d["provider"][0].update(logo=[image(service(d)["id"])])),
    ("image-address", lambda d: choice(d)["items"][0].update(id=service(d)["id"])),
    ("image-address", lambda d: choice(d)["items"][0].update(thumbnail=[image(service(d)["id"])])),
    ("image-like-service", lambda d: thumb(d).update(id="https://example.net/iiif/3/cover")),
    ("image-like-service", lambda d: thumb(d).update(id="https://example.net/iiif/2/cover.jpg")),
    ("image-like-service", lambda d: thumb(d).update(id=service(d)["id"] + "x")),
    ("image-request", lambda d: ask(d, "full/full/0/default.jpg")),
    ("image-request", lambda d: ask(d, "full/200/0/default.jpg")),
    ("image-request", lambda d: ask(d, "full/max/0")),
    ("image-request", lambda d: ask(d, "full/max/0/native.jpg")),
    ("type-name", lambda d: painting(d)["body"].update(type="dctypes:Image")),
    ("type-name", lambda d: painting(d)["body"].update(type="http://purl.org/dc/dcmitype/Image")),
    ("type-name", lambda d: painting(d)["body"].update(type="image")),
    ("type-name", lambda d: painting(d).update(type="oa:Annotation")),
    ("type-name", lambda d: painting(d).update(type=["Annotation"])),
    ("type-name", lambda d: d["items"][4].update(type="sc:Canvas")),
    ("type-name", lambda d: d["items"][4]["items"][0].update(type="sc:AnnotationList")),
    ("type-name", lambda d: d["structures"][0].update(type="sc:Range")),
    ("type-name", lambda d: d["structures"][0]["items"][0]["items"][0].update(type="sc:Canvas")),
    ("type-name", lambda d: d.update(type="sc:Manifest")),
    ("type-name", lambda d: d["thumbnail"][0].update(type="dctypes:Image")),
    ("type-name", lambda d: d["seeAlso"][0].update(type="dctypes:Dataset")),
    ("type-name", lambda d: d["rendering"][0].update(type="dctypes:Text")),
    ("type-name", lambda d: d["provider"][0].update(type="foaf:Agent")),
    ("type-name", lambda d: choice(d).update(type="oa:Choice")),
    ("type-name", lambda d: service(d).update(type="iiif:ImageService3")),
    ("motivation-name", lambda d: painting(d).update(motivation="sc:painting")),
    ("motivation-name", lambda d: painting(d).update(motivation=["Painting"])),
    ("motivation-name", lambda d: annotate(d, CANVAS, motivation="oa:commenting")),
    ("missing-type", lambda d: painting(d)["body"].pop("type")),
    ("missing-type", lambda d: d["seeAlso"][0].pop("type")),
    ("older-keys", lambda d: painting(d)["body"].update({"@id": painting(d)["body"].pop("id")})),
    ("older-keys", lambda d: d["items"][4].update({"@type": d["items"][4].pop("type")})),
    ("older-keys", lambda d: d.update({"@id": d.pop("id"), "@type": "sc:" + d.pop("type")})),
    ("list-of-objects", lambda d: painting(d)["body"].update(service=service(d))),
    ("list-of-objects", lambda d: d.update(thumbnail=d["thumbnail"][0])),
    ("list-of-objects", lambda d: d.update(thumbnail="https://example.net/t.jpg")),
    ("list-of-objects", lambda d: d.update(seeAlso=d["seeAlso"][0])),
    ("format-name", lambda d: painting(d)["body"].update(format="image/jpg")),
    ("format-name", lambda d: d["thumbnail"][0].update(format="image/jpg")),
    ("format-name", lambda d: d["seeAlso"][0].update(format="text/xml+mei")),
    ("format-name", lambda d: d["seeAlso"][0].update(format="text/json; charset=utf-8")),
    ("format-name", lambda d: thumb(d).update(id="https://e.org/t.tif", format="image/tif")),
    ("format-name", lambda d: thumb(d).update(id="https://e.org/t.jp2", format="image/jpeg2000")),
    ("format-name", lambda d: thumb(d).update(format="image/photo")),
    ("format-name", lambda d: hear(d, "audio/mp3")),
    ("format-mismatch", lambda d: painting(d)["body"].update(format="image/png")),
    ("format-mismatch", lambda d: painting(d)["body"].update(format="text/html")),
    ("format-mismatch", lambda d: d["rendering"][0].update(format="image/png")),
    ("format-invalid", lambda d: thumb(d).update(format=["image/jpeg"])),
    *[("nav-date", lambda d, date=date: d.update(navDate=date)) for date in NO_DATES],
    ("nav-date", lambda d: d["items"][4].update(navDate="1475")),
    ("nav-date", lambda d: d["structures"][0].update(navDate="1475")),
    ("nav-date", lambda d: painting(d).update(navDate="1475-01-01T00:00:00Z")),
    ("nav-date", lambda d: painting(d)["body"].update(navDate="1475-01-01T00:00:00Z")),
    ("language-tag", lambda d: d.update(label={"@none": ["X"]})),
    ("language-tag", lambda d: d.update(summary={"en_GB": ["X"]})),
    ("language-tag", lambda d: d["metadata"][0].update(value={"dutch": ["X"]})),
    ("language-tag", lambda d: d["requiredStatement"].update(label={"jp": ["X"]})),
    ("format-missing", lambda d: d["seeAlso"][0].pop("format")),
    ("format-invalid", lambda d: d["seeAlso"][0].update(format="MEI")),
    ("link-label", lambda d: d["rendering"][0].pop("label")),
    ("rights-uri", lambda d: d.update(rights="https://creativecommons.org/licenses/by/4.0/")),
]


#: What makes a service one of version 2 that has its type under another key.
NO_TYPE = {"type": None, "profile": V2}
#: What is right, though it looks odd.
RIGHT: list[Fault] = [
    lambda d: service(d).update({"@id": service(d).pop("id"), "@type": "ImageService2", **NO_TYPE}),
    lambda d: service(d).update(type="ImageService2", profile=V2),
    lambda d: service(d).update(type="ImageService2", profile=[V2, {"formats": ["png"]}]),
    lambda d: (service(d).update(type="ImageService2", profile=V2), ask(d, "full/full/0/default.jpg")),
    lambda d: painting(d)["body"]["service"].append({"id": "https://e.org/x", "type": "Probe"}),
    lambda d: d.update(service=[{"id": f"{BASE}/search", "type": "SearchService2"}], services=[service(d)]),
    lambda d: d["seeAlso"].append(file(f"{service(d)['id']}/info.json", "Dataset", "application/json")),
    lambda d: d["rendering"].append(file("https://commons.example/wiki/File:A.jpg", "Text", "text/html")),
    lambda d: annotate(d, service(d)["id"]),
    lambda d: ask(d, "0,0,10,10/^!20,20/!22.5/gray.webp").update(format="image/webp"),
    lambda d: ask(d, "square/pct:50/0/default.jpg"),
    lambda d: thumb(d).update(id="https://example.net/iiif/thumbs/1.jpg"),
    lambda d: thumb(d).update(id="https://example.net/thumbnail?of=iiif/2/a"),
    lambda d: thumb(d).update(id="https://example.net/resize/a.tif?to=jpg"),
    lambda d: thumb(d).update(id="https://example.net/iiif/3/a/full/200,/0/default.jpg"),
    lambda d: thumb(d).update(id="https://example.net/a.JPG", format="image/jpeg"),
    lambda d: hear(d, "audio/mpeg"),
    lambda d: annotate(d, CANVAS, motivation="https://example.net/motivations#dating"),
    lambda d: d["seeAlso"][0].update(format="application/tei+xml", type="Dataset"),
    lambda d: d["seeAlso"][0].update(format="text/xml; charset=UTF-8"),
    *[lambda d, date=date: d.update(navDate=date) for date in DATES],
    lambda d: d["items"][4].update(navDate="1475-01-01T00:00:00Z"),
]


@pytest.mark.parametrize("change", RIGHT, ids=range(len(RIGHT)))
def test_what_is_right_is_let_alone(change: Fault) -> None:
    """No remark is made of what Presentation 3 allows."""
    document = copy.deepcopy(CLEAN)
    change(document)
    assert [str(problem) for problem in lint(document)] == []


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
    *("rights", "annotations", "homepage", "thumbnail", "logo", "navDate", "profile", "@id", "@type"),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner
            | st.sampled_from(
                [
                    "Canvas",
                    "Range",
                    "Annotation",
                    "Choice",
                    "PointSelector",
                    "Image",
                    "a#xywh=1",
                    "ImageService3",
                ]
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
