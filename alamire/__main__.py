"""``python -m alamire`` is the ``alamire`` command."""

from alamire.cli import main

main()
