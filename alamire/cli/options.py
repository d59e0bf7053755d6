"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from alamire.door.arguments import ADDRESS, address
from alamire.errors import WrongUsage


def _remember_json(ctx: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    ctx.find_root().ensure_object(dict)["json"] = value
    return value


def check_address(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Accept a web address without a query, and take the slash off its end."""
    if value is None:
        return None
    try:
        return address(value, "base_url")
    except WrongUsage:
        raise click.BadParameter(ADDRESS) from None


archive_option = click.option(
    "--archive",
    "archive_path",
    envvar="ALAMIRE_ARCHIVE",
    default="archive",
    show_default="./archive",
    show_envvar=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the archive.",
)

json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=_remember_json,
    help="Print one JSON document on standard output.",
)


def base_url_option(default: str | None, said: str) -> Callable[[Any], Any]:
    """Return the --base-url option; ``said`` is what its help gives as the default."""
    return click.option(
        "--base-url",
        default=default,
        show_default=said,
        callback=check_address,
        help="The address that the published ids begin with.",
    )
