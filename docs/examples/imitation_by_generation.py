# %% [markdown]
# # Does imitation grow closer from Du Fay to Mouton?
#
# A corpus question: how often voices take up a melody from one another, and how soon, by composer. The scores
# are those of the Josquin Research Project (https://josquin.stanford.edu) that a folder holds as `*.krn`. Run
# it as `python docs/examples/imitation_by_generation.py FOLDER [PICTURE.png]`, or open it as a notebook and
# name the folder below.

# %%
import sys
from pathlib import Path

import pandas as pd

import alamire
from alamire.analysis import imitation, problems_of
from alamire.analysis.picture import INK, MIDDLE, figure_of
from alamire.errors import AlamireError

given = [word for word in sys.argv[1:] if not word.startswith("-")]
folder = Path(given[0]) if given else Path("scores")
picture = Path(given[1]) if given[1:] else None
scores = sorted(folder.glob("*.krn"))
if not scores:
    sys.exit(f"{folder} holds no scores: name a folder of **kern files (*.krn)")

#: The order of generations, roughly by birth, as we see it.
GENERATIONS = {
    "Du Fay": 1, "Binchois": 1, "Ockeghem": 2, "Busnoys": 2, "Tinctoris": 2, "Josquin": 3, "Obrecht": 3,
    "Isaac": 3, "Agricola": 3, "Compere": 3, "La Rue": 3, "Orto": 3, "Pipelare": 3, "Mouton": 4,
}  # fmt: skip

# %% [markdown]
# Each piece is read and analysed on its own; one that cannot be read is told, and the others go on.

# %%
tables, lengths = [], {}
for path in scores:
    try:
        piece = alamire.read(path)
    except AlamireError as error:
        print(error, file=sys.stderr)
        continue
    found = imitation(piece)
    for problem in problems_of(found):
        print(problem, file=sys.stderr)
    composer = next((name for name in GENERATIONS if name.split()[-1] in piece.composer), None)
    if composer is None:
        continue
    breves = max(voice.end for voice in piece.voices) / (2 * alamire.TICKS)
    lengths[piece.id] = (composer, breves)
    tables.append(found.assign(composer=composer))
if not tables:
    sys.exit(f"{folder}: none of its scores is by {', '.join(GENERATIONS)}")
points = pd.concat(tables, ignore_index=True)

# %% [markdown]
# For each composer: points of imitation for a hundred breves, the share that are in more than two voices, and
# how many breves lie between entries.

# %%
size = pd.DataFrame(lengths.values(), columns=["composer", "breves"]).groupby("composer")["breves"]
distances = points.explode("distances").astype({"distances": float}).groupby("composer")["distances"]
full = (points["voices"].map(set).map(len) > 2).groupby(points["composer"])
table = pd.DataFrame(
    {
        "generation": pd.Series(GENERATIONS),
        "pieces": size.count(),
        "breves": size.sum().round(),
        "points / 100 breves": (100 * points.groupby("composer").size() / size.sum()).round(1),
        "of 3 voices or more": full.mean().round(2),
        "breves apart (median)": distances.median(),
    }
).dropna()
table = table.sort_values(["generation", "points / 100 breves"])
print(table.to_string())

# %%
by_generation = table.groupby("generation")[["points / 100 breves", "breves apart (median)"]].mean().round(2)
print(by_generation.to_string())

# %% [markdown]
# Mind what is counted: a few pieces a composer, of several genres, and points found by a program with the
# precision that docs/analyses.md states.

# %%
if picture is not None:
    figure, axes = figure_of(8, 1.5 + 0.35 * len(table))
    axes.barh(range(len(table)), table["points / 100 breves"], color=MIDDLE)
    labels = [f"{name} ({row.pieces:.0f})" for name, row in table.iterrows()]
    axes.set_yticks(range(len(table)), labels, fontsize=8)
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.set_xlabel("points of imitation in 100 breves (in brackets: pieces)")
    axes.set_title("Imitation by composer, in order of generation", color=INK, loc="left")
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=150, bbox_inches="tight")
