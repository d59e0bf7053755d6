"""Where everything published about a source is: one function per kind of address.

The base is the address of the server without a slash at its end; ids are made from the stable
identifiers of source and surface, never from labels, so that they survive a correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Addresses:
    """The addresses of one source below ``base``; images may be served from ``image_base``.

    Where images are ``static``, they are files, at level 0, and have no other sizes than those kept.
    """

    base: str
    source: str
    image_base: str
    static: bool = False

    @classmethod
    def of(
        cls, base_url: str, source: str, image_base: str | None = None, *, static: bool = False
    ) -> Addresses:
        """Return the addresses of a source; images are at ``{base}/iiif/image`` by default."""
        base = base_url.rstrip("/")
        return cls(base, source, (image_base or f"{base}/iiif/image").rstrip("/"), static)

    @property
    def root(self) -> str:
        """The address that everything about the source begins with."""
        return f"{self.base}/iiif/{self.source}"

    @property
    def manifest(self) -> str:
        """The manifest, and its id."""
        return f"{self.root}/manifest"

    @property
    def page(self) -> str:
        """The page that shows the source to a reader."""
        return f"{self.base}/view/{self.source}"

    def canvas(self, surface: str) -> str:
        """The canvas of a surface."""
        return f"{self.root}/canvas/{surface}"

    def range(self, name: str) -> str:
        """A range: a piece's identifier, or ``pieces``, ``gatherings``, ``gatherings/1``."""
        return f"{self.root}/range/{quote(name)}"

    def provider(self, number: int) -> str:
        """An agent that has no identifier of its own."""
        return f"{self.root}/provider/{number}"

    def file(self, path: str) -> str:
        """A file of the source as it was delivered, such as an encoding."""
        return f"{self.root}/files/{quote(path)}"

    def image(self, identifier: str) -> str:
        """The image service of a scan."""
        return f"{self.image_base}/{identifier}"

    def placeholder(self, surface: str) -> str:
        """The image service of the placeholder that stands for a surface without scans: always ours."""
        return f"{self.base}/iiif/image/{self.source}.{surface}"


def collection_address(base_url: str) -> str:
    """Return the address of the collection of all sources."""
    return f"{base_url.rstrip('/')}/iiif/collection"
