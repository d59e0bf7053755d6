"""How the site of these pages is built: ``make docs``. Neither building nor reading it fetches anything."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "alamire"
author = copyright = "The alamire developers"
version = release = version_of("alamire")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
# The examples are scripts, and are linked as such.
exclude_patterns = ["examples"]
# Headings can be pointed at as on a forge: notation.md#what-messages-mean.
myst_heading_anchors = 3

# Nobody makes an archive or a piece by calling its class, so its parameters are left out.
autodoc_class_signature = "separated"
autodoc_default_options = {
    "members": True,
    "member-order": "bysource",
    "exclude-members": "__init__, __new__",
}
# A default is shown as the source has it.
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"alamire {version}"
html_copy_source = False
html_show_sphinx = False
