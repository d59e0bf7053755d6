"""Manifests: what they say of a songbook, and that the schema and lint find nothing wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alamire.iiif.collection import build_collection
from alamire.iiif.lint import lint
from alamire.iiif.manifest import build_manifest
from alamire.source.card import card_of
from alamire.source.description import Description, Kind, PageType, PieceDescription, Scan, Songbook, Surface
from tests.iiif.schema import validate
from tests.iiif.songbooks import BASE, full_songbook, missing, partbooks, surface


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The manifest of the songbook in which everything is said."""
    return build_manifest(full_songbook(), BASE + "/")


@pytest.fixture(scope="session")
def schema(real_data: Path) -> dict[str, Any]:
    """The published schema; skipped where it is absent."""
    return dict(json.loads((real_data / "iiif" / "iiif_3_0.schema.json").read_text("utf-8")))


def canvas(manifest: dict[str, Any], label: str) -> dict[str, Any]:
    """The canvas with a label."""
    return next(entry for entry in manifest["items"] if entry["label"] == {"none": [label]})


def body(canvas: dict[str, Any]) -> dict[str, Any]:
    """What is painted on a canvas."""
    return dict(canvas["items"][0]["items"][0]["body"])


def metadata(resource: dict[str, Any]) -> dict[str, list[str]]:
    """The metadata of a resource: English or plain labels and values."""
    words = [(entry["label"], entry["value"]) for entry in resource["metadata"]]
    return {next(iter(label.values()))[0]: next(iter(value.values())) for label, value in words}


def test_the_addresses_are_stable(manifest: dict[str, Any]) -> None:
    """Ids are made of source and surface, never of a label."""
    root = f"{BASE}/iiif/test-chansonnier"
    assert manifest["id"] == f"{root}/manifest"
    assert canvas(manifest, "1r")["id"] == f"{root}/canvas/s0005"
    assert manifest["start"] == {"id": f"{root}/canvas/s0006", "type": "Canvas"}
    assert next(iter(manifest)) == "@context"


def test_disputed_facts_show_who_says_so(manifest: dict[str, Any]) -> None:
    """Each statement of a fact is a value of its own, with its author."""
    facts = metadata(manifest)
    assert facts["Date"] == ["c. 1475 (KBF)", "1465–75 (Newberry Consort)"]
    assert facts["Leaves"] == ["95 of 96 (pwch)", "96"]
    assert facts["Patron"] == ["unknown"]
    assert facts["Languages"] == ["French", "xx"]
    assert manifest["metadata"][2]["label"] == {"en": ["Date"], "nl": ["Datering"]}


def test_the_descriptive_properties(manifest: dict[str, Any]) -> None:
    """Rights, statement, provider, homepage and rendering have the form that viewers read."""
    assert manifest["label"] == {"en": ["Test Chansonnier"], "nl": ["Proefchansonnier"]}
    assert manifest["summary"] == {"en": ["A small book."], "es": ["Un libro pequeño."]}
    assert manifest["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    assert manifest["requiredStatement"]["label"]["nl"] == ["Naamsvermelding"]
    assert [agent["label"] for agent in manifest["provider"]] == [{"none": ["Test Library"]}, {"none": ["B"]}]
    assert manifest["provider"][0]["logo"][0]["format"] == "image/svg+xml"
    assert manifest["homepage"][0]["id"] == "https://example.net/book"
    assert manifest["rendering"][0]["id"] == f"{BASE}/view/test-chansonnier"
    assert manifest["behavior"] == ["paged"] and manifest["viewingDirection"] == "left-to-right"


def test_encodings_are_linked(manifest: dict[str, Any]) -> None:
    """Every encoding has a link with format, profile and label, its address quoted."""
    first, second = manifest["seeAlso"]
    assert first["id"] == f"{BASE}/iiif/test-chansonnier/files/encodings/helas%20superius.mei"
    assert first["format"] == "application/mei+xml" and "profile" in first
    assert first["label"] == {"none": ["Helas (Superius), MEI"]}
    assert second["format"] == "text/x-humdrum"


def test_pieces_and_gatherings_are_ranges(manifest: dict[str, Any]) -> None:
    """A piece points to its canvases by reference; one whose folios are not in the book is left out."""
    pieces, gatherings = manifest["structures"]
    assert pieces["label"] == {"en": ["Pieces"], "nl": ["Stukken"]}
    helas, bouche = pieces["items"]
    assert helas["id"].endswith("/range/helas")
    assert [item["id"][-5:] for item in helas["items"]] == ["s0006", "s0007"]
    assert all(set(item) == {"id", "type"} for item in helas["items"])
    assert metadata(helas)["Composer"] == ["Busnoys"] and metadata(helas)["Voices"] == ["Superius", "Tenor"]
    assert len(helas["seeAlso"]) == 2
    assert [item["id"][-5:] for item in bouche["items"]] == ["s0008", "s0009", "s0010", "s0011"]
    assert gatherings["items"][0]["label"] == {"en": ["Gathering 1"], "nl": ["Katern 1"]}
    assert len(gatherings["items"][0]["items"]) == 4


def test_a_missing_leaf_keeps_its_canvas(manifest: dict[str, Any]) -> None:
    """A placeholder of its neighbour's shape is painted, and the canvas says what is missing."""
    gone = canvas(manifest, "2v")
    service = body(gone)["service"][0]
    assert service["id"] == f"{BASE}/iiif/image/test-chansonnier.s0008"
    assert (gone["width"], gone["height"]) == (1214, 1700)
    assert metadata(gone)["Page type"] == ["Missing leaf"]
    assert metadata(gone)["Note"] == ["cut out before 1800"]
    assert "missing from the book" in gone["summary"]["en"][0]
    assert "No photograph" in canvas(manifest, "4r")["summary"]["en"][0]


def test_several_kinds_of_scan_are_a_choice(manifest: dict[str, Any]) -> None:
    """Natural light comes first, whatever the order of the sheet; a second scan of a kind is numbered."""
    choice = body(canvas(manifest, "1v"))
    assert choice["type"] == "Choice"
    assert [item["label"]["en"][0] for item in choice["items"]] == [
        "Natural light",
        "Ultraviolet light",
        "Ultraviolet light (2)",
    ]
    assert [item["service"][0]["id"].rpartition("/")[2] for item in choice["items"]] == [
        "test-chansonnier.s0006",
        "test-chansonnier.s0006.ultraviolet",
        "test-chansonnier.s0006.ultraviolet.2",
    ]


def test_thumbnails_are_sized_by_the_image_server(manifest: dict[str, Any]) -> None:
    """Manifest and canvases have a thumbnail; the manifest shows its start."""
    thumbnail = manifest["thumbnail"][0]
    assert thumbnail["id"] == f"{BASE}/iiif/image/test-chansonnier.s0006/full/214,300/0/default.jpg"
    assert all(entry["thumbnail"][0]["format"] == "image/jpeg" for entry in manifest["items"])


def test_the_spine_is_not_turned(manifest: dict[str, Any]) -> None:
    """Parts of the binding that do not open are non-paged; covers are turned."""
    assert canvas(manifest, "spine")["behavior"] == ["non-paged"]
    assert "behavior" not in canvas(manifest, "front cover")


def test_partbooks_are_shown_one_by_one() -> None:
    """Partbooks are no single book to turn."""
    manifest = build_manifest(partbooks(), BASE)
    assert manifest["behavior"] == ["individuals"]
    assert len(manifest["structures"][0]["items"][0]["items"]) == 2


def test_an_opening_among_pages() -> None:
    """A scan of an opening fills both sides of a paged view."""
    surfaces = (surface(1, "1r"), surface(2, "1v–2r", PageType.OPENING), surface(3, "2v"), surface(4, "3r"))
    manifest = build_manifest(Songbook(Description("x", {"en": ("X",)}), surfaces), BASE)
    assert manifest["behavior"] == ["paged"]
    assert manifest["items"][1]["behavior"] == ["facing-pages"]


@pytest.mark.parametrize(
    ("labels", "behavior"),
    [
        (("1r", "1v", "2r"), "paged"),
        (("14v", "15r", "15v", "16r"), "individuals"),
        (("1r", "1v", "3v", "4r"), "individuals"),
        (("1r",), "individuals"),
        (("whatever", "else", "there"), "paged"),
    ],
)
def test_no_false_opening_is_shown(labels: tuple[str, ...], behavior: str) -> None:
    """A book is paged only where a recto and its own verso are never shown as an opening."""
    surfaces = tuple(surface(number, label) for number, label in enumerate(labels, start=1))
    manifest = build_manifest(Songbook(Description("x", {"en": ("X",)}), surfaces), BASE)
    assert manifest["behavior"] == [behavior]


def test_unknown_rights_are_told_as_metadata() -> None:
    """Rights that are no URI of a known vocabulary are not lost."""
    description = Description("x", {"en": ("X",)}, rights="All rights reserved")
    manifest = build_manifest(Songbook(description, (surface(1, "1r"),)), BASE)
    assert "rights" not in manifest and metadata(manifest)["Rights"] == ["All rights reserved"]


def test_images_may_be_served_elsewhere() -> None:
    """Scans come from the other image server; placeholders stay ours."""
    songbook = Songbook(Description("x", {"en": ("X",)}), (surface(1, "1r"), missing(2, "1v")))
    first, second = build_manifest(songbook, BASE, image_base="https://images.example.net/3/")["items"]
    assert body(first)["service"][0]["id"] == "https://images.example.net/3/x.s0001"
    assert body(second)["service"][0]["id"] == f"{BASE}/iiif/image/x.s0002"


def test_a_songbook_without_surfaces_has_no_manifest() -> None:
    """A manifest needs a canvas; the collection leaves such a book out."""
    empty = Songbook(Description("x", {"en": ("X",)}))
    with pytest.raises(ValueError, match="no surfaces"):
        build_manifest(empty, BASE)
    assert build_collection([card_of(empty)], BASE)["items"] == []


def test_the_collection_lists_the_songbooks(schema: dict[str, Any]) -> None:
    """Each entry has a label and a thumbnail, and the collection is valid and clean."""
    collection = build_collection(
        [card_of(full_songbook()), card_of(partbooks())], BASE, label={"en": ("Books",)}
    )
    assert [entry["id"] for entry in collection["items"]] == [
        f"{BASE}/iiif/test-chansonnier/manifest",
        f"{BASE}/iiif/parts/manifest",
    ]
    assert collection["label"] == {"en": ["Books"]}
    assert validate(collection, schema) == lint(collection) == []


@pytest.mark.parametrize("songbook", [full_songbook(), partbooks()], ids=["chansonnier", "partbooks"])
def test_our_manifests_are_valid_and_clean(songbook: Songbook, schema: dict[str, Any]) -> None:
    """The published schema and lint have nothing to say, remarks included."""
    manifest = build_manifest(songbook, BASE)
    assert validate(manifest, schema) == lint(manifest) == []


def test_the_schema_names_the_place(schema: dict[str, Any], manifest: dict[str, Any]) -> None:
    """A document that breaks the schema gets a problem with the path; another type is told."""
    problems = validate({**manifest, "label": "plain"}, schema, "m.json")
    assert {(problem.place.file, problem.place.detail) for problem in problems} == {("m.json", "$.label")}
    assert validate({"type": "Thing"}, schema)[0].code == "schema"


labels = st.one_of(
    st.sampled_from(
        ["1r", "1v", "[2]r", "xlvij r", "front cover", "1v–2r", "spine", "", "3 bis?", "Canto: 1r"]
    ),
    st.text(max_size=6),
)
tags = st.sampled_from(["en", "nl", "fr", "none", "de-1996", "es-419", "zh-Hant", "english", "x"])
maps = st.dictionaries(tags, st.tuples(st.text(max_size=5)), max_size=3)
scans = st.builds(
    Scan, st.just("a.tif"), st.sampled_from(Kind), width=st.integers(0, 9000), height=st.integers(0, 9000)
)
pieces = st.builds(
    PieceDescription,
    st.sampled_from(["a", "b", "pieces"]),
    st.text(max_size=5),
    st.sampled_from(["1r–2r", "ff. 1v", "x?", "", "9r"]),
)


@st.composite
def songbooks(draw: st.DrawFn) -> Songbook:
    """Songbooks of every shape."""
    entries = draw(
        st.lists(
            st.tuples(labels, st.sampled_from(PageType), st.text(max_size=3), st.lists(scans, max_size=3))
        )
    )
    surfaces = [
        Surface(f"s{number:04d}", number, label, kind, note, tuple(images))
        for number, (label, kind, note, images) in enumerate(entries, start=1)
    ]
    description = Description(
        "x",
        draw(maps),
        summary=draw(maps),
        attribution=draw(maps),
        rights=draw(st.text(max_size=5)),
        homepage=draw(st.sampled_from(["", "nowhere", "https://a.example/b c", "https://a.example/b"])),
        start=draw(labels),
        partbooks=draw(st.booleans()),
        pieces=tuple(draw(st.lists(pieces, max_size=3, unique_by=lambda piece: piece.id))),
        languages=tuple(draw(st.lists(tags, max_size=2))),
    )
    return Songbook(description, (surface(9999, "1r"), *surfaces))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(songbooks())
def test_every_songbook_has_a_clean_manifest(songbook: Songbook) -> None:
    """Whatever the labels, languages and scans, lint finds no error and no warning."""
    manifest = build_manifest(songbook, BASE)
    assert [str(problem) for problem in lint(manifest) if problem.severity != "info"] == []


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(songbook=songbooks())
def test_every_songbook_has_a_valid_manifest(schema: dict[str, Any], songbook: Songbook) -> None:
    """Whatever the labels, languages and scans, the published schema is satisfied."""
    assert validate(build_manifest(songbook, BASE), schema) == []


@pytest.mark.parametrize("songbook", [full_songbook(), partbooks()], ids=["chansonnier", "partbooks"])
def test_lint_has_nothing_to_say_of_ours(songbook: Songbook) -> None:
    """Not even a remark, with the schema at hand or without it."""
    assert lint(build_manifest(songbook, BASE)) == []


def test_a_relabelled_folio_keeps_its_canvas() -> None:
    """Only the label changes when a folio is relabelled."""
    songbook = full_songbook()
    surfaces = tuple(
        replace(entry, label="[1]r") if entry.label == "1r" else entry for entry in songbook.surfaces
    )
    before, after = (
        build_manifest(Songbook(songbook.description, s), BASE) for s in (songbook.surfaces, surfaces)
    )
    assert [entry["id"] for entry in before["items"]] == [entry["id"] for entry in after["items"]]
