"""What alamire's functions say of their arguments, said in the words of a command's options."""

from __future__ import annotations

from typing import Any

import click

from alamire.errors import WrongUsage


class Command(click.Command):
    """A command that turns wrong usage of the function it calls into wrong usage of its own options."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit code 2 where an argument is not accepted."""
        try:
            return super().invoke(ctx)
        except WrongUsage as wrong:
            said = wrong.said(self.spelled)
            if wrong.argument:
                raise click.BadParameter(said, ctx, param_hint=self.spelled(wrong.argument)) from None
            raise click.UsageError(said, ctx) from None

    def spelled(self, argument: str) -> str:
        """Return how the command line writes an argument of a function: ``-o``, ``--voice``, ``TARGET``."""
        for each in self.params:
            if each.name == argument:
                return each.opts[0] if isinstance(each, click.Option) else str(each.metavar).strip("[].")
        return argument
