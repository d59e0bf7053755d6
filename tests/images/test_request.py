"""Image API 3.0 requests: the grammar, what it means for an image, and the canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alamire.images.errors import BadImageRequest
from alamire.images.geometry import SizeLimits, measure
from alamire.images.info import info_json
from alamire.images.request import parse

WIDTH, HEIGHT = 1200, 1700


def meaning(
    text: str, limits: SizeLimits | None = None
) -> tuple[tuple[int, int, int, int], tuple[int, int], str]:
    """Return the box, the size and the canonical form of a request for an image of 1200 by 1700."""
    crop = measure(parse(text), WIDTH, HEIGHT, *([limits] if limits else []))
    return (crop.x, crop.y, crop.width, crop.height), (crop.out_width, crop.out_height), crop.canonical


@pytest.mark.parametrize(
    ("region", "box"),
    [
        ("full", (0, 0, 1200, 1700)),
        ("square", (0, 250, 1200, 1200)),
        ("10,20,30,40", (10, 20, 30, 40)),
        ("1000,1500,512,512", (1000, 1500, 200, 200)),
        ("pct:10,10,50,50", (120, 170, 600, 850)),
        ("pct:41.6,7.5,40,70", (499, 128, 480, 1190)),
        ("pct:90,90,50,50", (1080, 1530, 120, 170)),
        ("0,0,1200,1700", (0, 0, 1200, 1700)),
    ],
)
def test_regions(region: str, box: tuple[int, int, int, int]) -> None:
    """Every form of region is the box that section 4.1 describes, cut at the edges."""
    assert meaning(f"{region}/max/0/default.jpg")[0] == box


@pytest.mark.parametrize(
    ("size", "out"),
    [
        ("max", (1200, 1700)),
        ("600,", (600, 850)),
        (",170", (120, 170)),
        ("pct:50", (600, 850)),
        ("300,300", (300, 300)),
        ("!600,600", (424, 600)),
        ("!2400,9000", (1200, 1700)),
        ("^2400,", (2400, 3400)),
        ("^,3400", (2400, 3400)),
        ("^pct:200", (2400, 3400)),
        ("^!2400,9000", (2400, 3400)),
        ("^600,850", (600, 850)),
        ("^300,3000", (300, 3000)),
    ],
)
def test_sizes(size: str, out: tuple[int, int]) -> None:
    """Every form of size is what section 4.2 describes; ``!w,h`` is clamped to the region."""
    assert meaning(f"full/{size}/0/default.jpg")[1] == out


def test_the_largest_size_is_within_the_limit() -> None:
    """``max`` shrinks to the limit, ``^max`` grows to it, and what is over it is refused."""
    limits = SizeLimits(area=510_000)
    assert meaning("full/max/0/default.jpg", limits)[1] == (600, 850)
    assert meaning("0,0,120,170/^max/0/default.jpg", limits)[1] == (600, 850)
    assert meaning("full/!1200,1700/0/default.jpg", limits)[1] == (600, 850)
    with pytest.raises(BadImageRequest, match="510000"):
        meaning("full/700,900/0/default.jpg", limits)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("full/1200,/0/color.jpg", "full/max/0/default.jpg"),
        ("0,0,1200,1700/600,/0/default.jpg", "full/600,850/0/default.jpg"),
        ("square/^2400,/!0090.500/gray.png", "0,250,1200,1200/^2400,2400/!90.5/gray.png"),
        ("pct:10,10,50,50/pct:10/.5/bitonal.webp", "120,170,600,850/60,85/0.5/bitonal.webp"),
        ("full/^600,/360/default.tif", "full/600,850/360/default.tif"),
    ],
)
def test_the_canonical_form(text: str, canonical: str) -> None:
    """Requests for the same image have one canonical form (section 4.7)."""
    assert meaning(text)[2] == canonical
    assert meaning(canonical)[1:] == (meaning(text)[1], canonical)


@pytest.mark.parametrize(
    "text",
    [
        "", "full", "full/max/0", "full/max/0/default", "full/max/0/default.jpg/x", "Full/max/0/default.jpg",
        "0,0,0,10/max/0/default.jpg", "1200,0,10,10/max/0/default.jpg", "-1,0,10,10/max/0/default.jpg",
        "0,0,10/max/0/default.jpg", "0.5,0,10,10/max/0/default.jpg", "pct:0,0,0,10/max/0/default.jpg",
        "pct:100,0,10,10/max/0/default.jpg", "pct:0,0,.001,10/max/0/default.jpg", "٣,٣,٣,٣/max/0/default.jpg",
        "full/full/0/default.jpg", "full//0/default.jpg", "full/,/0/default.jpg", "full/!5,/0/default.jpg",
        "full/0,/0/default.jpg", "full/1201,/0/default.jpg", "full/pct:101/0/default.jpg",
        "full/pct:0/0/default.jpg", "full/^^9,/0/default.jpg", "full/!^9,9/0/default.jpg",
        "full/-5,/0/default.jpg", "full/99999999999999,/0/default.jpg", "full/1e3,/0/default.jpg",
        "full/max/361/default.jpg", "full/max/-90/default.jpg", "full/max/x/default.jpg",
        "full/max/0!/default.jpg", "full/max//default.jpg", "full/max/0/native.jpg", "full/max/0/default.xyz",
        "full/max/0/.jpg", "full/^9000,/0/default.avif", "0,0,1,1700/1,1/nan/default.jpg",
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_a_reason(text: str) -> None:
    """What breaks the grammar or cannot be is a 400 that says what is wrong."""
    with pytest.raises(BadImageRequest) as refused:
        meaning(text)
    assert refused.value.status == 400
    assert str(refused.value)


def test_formats_of_the_specification_that_are_not_served_are_not_implemented() -> None:
    """A good request for PDF is a 501, not a 400."""
    with pytest.raises(BadImageRequest) as refused:
        parse("full/max/0/default.pdf")
    assert refused.value.status == 501


@given(st.text("0123456789,.:^!/pctfulmaxsqrejgdiko", max_size=60))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    """Whatever is asked for is understood or refused."""
    try:
        meaning(text)
    except BadImageRequest as refused:
        assert str(refused)


@given(st.integers(1, 40_000), st.integers(1, 40_000), st.data())
def test_canonical_requests_mean_themselves(width: int, height: int, data: st.DataObject) -> None:
    """The canonical form of any request is its own canonical form and the same image."""
    region = data.draw(st.sampled_from(["full", "square", "0,0,512,512", "pct:10,20,70,80"]))
    size = data.draw(st.sampled_from(["max", "^max", "!300,300", "^!5000,5000", "^pct:150", "pct:99.9"]))
    try:
        crop = measure(parse(f"{region}/{size}/0/default.png"), width, height)
    except BadImageRequest:
        return
    again = measure(parse(crop.canonical), width, height)
    assert again == crop
    assert crop.out_width * crop.out_height <= 200_000_000


def test_a_large_scan_can_be_had_whole() -> None:
    """``full/max`` of 150 megapixels has the size of its canvas, and ``maxArea`` says that it may."""
    for width, height in [(14_204, 10_652), (10_600, 14_150), (12_240, 12_260)]:
        crop = measure(parse("full/max/0/default.jpg"), width, height)
        assert (crop.out_width, crop.out_height) == (width, height)
        info = info_json("x", width, height)
        assert info["maxArea"] >= width * height
        assert {"width": width, "height": height} in info["sizes"]
