"""Any colours become sRGB of 8 bits, through the profile that a scan carries where it has one."""

from __future__ import annotations

from typing import Any

#: How far apart two 8-bit values may be for a profile to be taken for sRGB itself.
_SAME = 1


def in_srgb(image: Any) -> Any:
    """Return an image of libvips in sRGB: 8 bits, three channels, no alpha (what was clear is white).

    Relative colorimetric, without black point compensation. Numbers without a profile are sRGB; ink without
    a profile is that of a common coated paper, and CIELAB is that of ICC profiles, with its white at D50.
    """
    if image.interpretation in ("lab", "labs", "labq"):
        return _without_alpha(image.colourspace("lab")).icc_export(
            output_profile="srgb", intent="relative", depth=8, pcs="lab"
        )
    image = _without_alpha(_plain(image))
    if "icc-profile-data" in image.get_fields():
        return _through_profile(image)
    if image.interpretation == "cmyk":
        return image.icc_transform("srgb", input_profile="cmyk", intent="relative", depth=8)
    return image.colourspace("srgb").cast("uchar")


def _plain(image: Any) -> Any:
    """Return an image whose channels have a meaning: grey or RGB where the file does not say."""
    if image.interpretation == "multiband":
        wide = image.format == "ushort"
        kind = ("rgb16" if wide else "srgb") if image.bands >= 3 else ("grey16" if wide else "b-w")
        return image.copy(interpretation=kind)
    return image


def _through_profile(image: Any) -> Any:
    converted = image.icc_transform("srgb", embedded=True, intent="relative", depth=8)
    same = image.interpretation == "srgb" and image.format == "uchar" and _is_srgb(image)
    return image if same else converted


def _is_srgb(image: Any) -> bool:
    """Say whether a profile changes no colour, found by taking a lattice of colours through it."""
    import numpy as np
    import pyvips

    steps = np.linspace(0, 255, 18).astype("uint8")
    lattice = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(18, -1, 3)
    colours = pyvips.Image.new_from_array(lattice, interpretation="srgb").copy()
    colours.set_type(pyvips.GValue.blob_type, "icc-profile-data", image.get("icc-profile-data"))
    found = colours.icc_transform("srgb", embedded=True, intent="relative", depth=8).numpy()
    return bool(np.abs(found.astype(int) - lattice).max() <= _SAME)


def _without_alpha(image: Any) -> Any:
    return image.flatten(background=_white(image)) if image.hasalpha() else image


def _white(image: Any) -> list[float]:
    """Return white in the numbers of an image; in CMYK it is no ink at all."""
    bands = image.bands - 1
    if image.interpretation == "cmyk":
        return [0.0] * bands
    if image.interpretation == "lab":
        return [100.0, 0.0, 0.0][:bands]
    return [{"ushort": 65535.0, "float": 1.0}.get(image.format, 255.0)] * bands
