"""Humdrum: modern scores in ``**kern`` and mensural parts in ``**mens``."""
