# %% [markdown]
# # One song in depth
#
# *Par malle bouche*, from the sample of the Leuven Chansonnier: its voices, where they close, what a singer
# would have altered, and what the voices take from one another. Open this file as a notebook (VS Code,
# Spyder, PyCharm, Jupyter with jupytext), or run it:
# `python docs/examples/one_song.py [SONG] [FOLDER]`. Pictures go to the folder.

# %%
import sys
from pathlib import Path

import alamire
from alamire.analysis.plot import plot_findings
from alamire.errors import AlamireError

ROOT = Path(__file__).resolve().parents[2]
given = [word for word in sys.argv[1:] if not word.startswith("-")]
song = Path(given[0]) if given else ROOT / "samples/leuven-chansonnier/encodings/par-malle-bouche.mei"
pictures = Path(given[1]) if given[1:] else Path("pictures")

try:
    piece = alamire.read(song)
except (AlamireError, OSError) as error:
    sys.exit(str(error))
print(f"{piece.title}: {', '.join(voice.name for voice in piece.voices)}")

# %% [markdown]
# ## The voices
#
# Every note is a row, with its onset in ticks, its place in the source and its zone on the scan.

# %%
notes = piece.notes
print(notes[["voice_name", "onset", "duration", "step", "octave", "breve", "id", "zone"]].head(6).to_string())
problems = piece.problems
print("problems:", [str(problem) for problem in problems] or "none: the voices end together")

# %%
ambitus = alamire.analysis.ambitus(piece)
print(ambitus[["voices", "lowest", "highest", "mean"]].to_string(index=False))
plot_findings("ambitus", ambitus, pictures / "ambitus.png")

# %% [markdown]
# ## Where they close
#
# The mode says which tones to expect; the cadences where the phrases end, and how.

# %%
mode = alamire.analysis.mode(piece).iloc[0]
print(f"final {mode.final}, {mode['scale']}, {mode.octave}: {mode.evidence}")
cadences = alamire.analysis.cadences(piece)
print(cadences[["breve", "tone", "kind", "voices", "roles", "strength"]].to_string(index=False))
plot_findings("cadences", cadences, pictures / "cadences.png")

# %% [markdown]
# ## What is not written
#
# Notes that a singer would raise or lower, each by its rule. In an edition the column `editor` says whether
# the editor agreed; the sample has no editor.

# %%
ficta = alamire.analysis.ficta(piece)
print(ficta[["breve", "voices", "rule", "written", "sung", "confidence"]].to_string(index=False))

# %% [markdown]
# ## What the voices take from one another

# %%
imitation = alamire.analysis.imitation(piece)
print(imitation[["breve", "type", "voices", "soggetto", "intervals", "distances"]].to_string(index=False))
plot_findings("imitation", imitation, pictures / "imitation.png")

texture = alamire.analysis.texture(piece)
print(texture["type"].value_counts().to_string())

# %% [markdown]
# ## Back to the page
#
# A finding has the ids of its notes, and a note the place of its ink.

# %%
for strongest in cadences.sort_values("strength").tail(1).itertuples():
    here = notes[notes["id"].isin(strongest.ids)]
    print(f"the {strongest.kind} cadence on {strongest.tone} at breve {strongest.breve} is written here:")
    print(here[["voice_name", "step", "octave", "zone"]].to_string(index=False))
