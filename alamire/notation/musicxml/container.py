"""The compressed form of MusicXML (.mxl): a zip whose META-INF/container.xml names the score."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib

from alamire.errors import Refused
from alamire.notation.musicxml.reader import read_musicxml
from alamire.notation.voice import EncodedMusic
from alamire.notation.xml import local, parse_xml

CONTAINER = "META-INF/container.xml"
#: A score is not larger; a zip that claims more, or holds more than it claims, is refused.
MAX_BYTES = 256 * 2**20

#: What unpacking a damaged, an encrypted (RuntimeError) or an oddly packed zip raises.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError),
)


def read_mxl(data: bytes, name: str) -> EncodedMusic:
    """Read a compressed score into voices; Refused where the zip or the score is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            score = _root_file(archive, name)
            content = _content(archive, score, name)
            if not content.strip():
                raise Refused.because(
                    "empty-file", name, f"the score in it, {score}, is empty; export it again"
                )
            return read_musicxml(content, name)
    except _DAMAGED as error:
        message = f"the compressed score cannot be unpacked: {error}"
        raise Refused.because("not-well-formed", name, message) from error


def _root_file(archive: zipfile.ZipFile, name: str) -> str:
    """The name of the first root file that the container gives."""
    names = archive.namelist()
    if CONTAINER in names:
        container = parse_xml(_content(archive, CONTAINER, name), f"{name} ({CONTAINER})")
        for element in container.iter():
            if local(element) == "rootfile" and element.get("full-path") in names:
                return str(element.get("full-path"))
    scores = [each for each in names if each.endswith((".xml", ".musicxml")) and "META-INF" not in each]
    if not scores:
        raise Refused.because("unknown-format", name, "the zip holds no MusicXML score; export it again")
    return scores[0]


def _content(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    with archive.open(member) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused.because("not-well-formed", name, f"{member} unpacks to more than {MAX_BYTES >> 20} MiB")
    return content
