"""HTML made from text: everything is escaped unless it is markup already."""

from __future__ import annotations

from html import escape


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def element(tag: str, /, *content: str, **attributes: str | bool | None) -> Markup:
    """Return an element; content that is no Markup is escaped.

    An underscore in an attribute's name stands for a hyphen and one at its end is dropped (``class_``);
    ``None`` and ``False`` leave the attribute out.
    """
    shown = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if tag in ("img", "link", "meta"):
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{join(*content)}</{tag}>")


def join(*content: str) -> Markup:
    """Return pieces of content one after the other, escaped where they are no Markup."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in content))


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
