"""Cadences: where voices close together, on which tone, how, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from alamire.analysis.clausulae import Motions, read_motions
from alamire.analysis.dissonance_classes import suspended_notes
from alamire.analysis.findings import build_findings
from alamire.analysis.intervals import Flags, Integers
from alamire.analysis.options import check_share
from alamire.analysis.phrases import read_phrases
from alamire.analysis.sonorities import Sonorities, read_counterpoint
from alamire.notation.table import Ficta
from alamire.notation.voice import TICKS

if TYPE_CHECKING:
    from alamire.notation.piece import Piece

#: What a voice does in a cadence.
ROLES = ("cantizans", "tenorizans", "bassizans", "altizans")

#: Points that each kind of evidence adds; the strength of a cadence is its share of all of them. They were
#: weighed on the 96 cadences marked in twelve songs of the Leuven Chansonnier
#: (``tests/analysis/marked_cadences.csv``) and checked on five other songs and on 49 chansons marked by
#: scholars. No number halved or doubled finds those of Leuven clearly better, and without any of them Leuven,
#: the other songs or the chansons are worse; without the bassizans, only by one cadence of the 140 at the
#: threshold (``python -m tests.benchmarks.sensitivity cadences``).
WEIGHTS = {
    "suspension": 4, "phrase_end": 4, "long": 3, "top": 2, "root": 2, "text_end": 2, "strong": 2, "bassus": 1,
}  # fmt: skip
"""``phrase_end``: a voice that closes rests then, has a fermata, or the section ends; ``long``: a voice that
closes holds a semibreve or more; ``top``: of the voices that sound, the highest in the score closes;
``root``: the lowest voice has the tone; ``strong``: on a semibreve of the breve."""

#: How long a leading note may last, ornaments included, before the tone comes: a dotted semibreve. Of the 140
#: marked cadences a semibreve finds three fewer, two semibreves no more.
_LEADING = 3 * TICKS // 2
#: The strength from which a cadence is reported, set on all 140 marked cadences of 17 songs: with 10 points
#: of 20, 118 are found and 40 others; with 9, 120 and 84; with 11, 116 and 29; with 12, 108 and 13.
THRESHOLD = 0.5


def cadences(piece: Piece, ficta: Ficta = "source", *, threshold: float = THRESHOLD) -> pd.DataFrame:
    """Return the cadences of a piece, at the breve and onset of their arrival.

    Own columns: ``tone`` (the pitch class arrived on, as ``D`` or ``Bb``), ``kind`` (``authentic``,
    ``Phrygian``, ``plagal``, ``evaded``, ``half``), ``roles`` (what each of ``voices`` does: ``cantizans``,
    ``tenorizans``, ``bassizans``, ``altizans``), ``strength`` (0 to 1) and the evidence that makes
    it: ``suspension``, ``text_end``, ``rests`` (how many voices rest after it), ``fermata``,
    ``sounding`` (how many sound at the arrival). ``threshold`` is the least strength that is reported.

    A cadence is the arrival of cantizans and tenorizans, by step and from opposite sides, on a unison
    or octave, or of one of them with the bassizans, a fifth down or a fourth up (Gioseffo Zarlino, Le
    istitutioni harmoniche, 1558, part 3, chapter 53; for the clausulae see ``clausulae``).
    It is Phrygian where the tenorizans falls a semitone (mi cadence), evaded where the voices prepare
    it and one of them turns away or the lowest voice puts another tone under it (Zarlino, chapter 54, "fuggir
    la cadenza"). Where two voices end a phrase without these, or over another tone without suspension, it is
    plagal if the lowest falls a fourth or rises a fifth, and half if its tone is the fifth above the final or
    it falls to it by step. Of cadences within a breve the strongest counts, of equals the one with more
    clausulae.
    """
    check_share("threshold", threshold)
    sonorities, problems = read_counterpoint(piece, ficta, "cadences")
    if len(sonorities.lines) < 2:
        return build_findings(piece, [], _OWN, problems)
    found = _Evidence.read(piece, sonorities, threshold).find_closes()
    kept = _keep_strongest([close for close in found if close.strength >= threshold], sonorities)
    own = {name: [close.column(name) for close in kept] for name in _OWN}
    part = sonorities.part([close.moment for close in kept], [close.lines for close in kept], own)
    return build_findings(piece, [part], _OWN, problems)


_OWN: dict[str, Any] = {
    "tone": str, "kind": str, "roles": object, "strength": np.float64, "suspension": bool, "text_end": bool,
    "rests": np.int64, "fermata": bool, "sounding": np.int64,
}  # fmt: skip


@dataclass(frozen=True)
class _CadencePlace:
    """A place where voices close: the moment, the tone, the lines with their roles, and the evidence."""

    moment: int
    tone: str
    kind: str
    lines: tuple[int, ...]
    roles: tuple[str, ...]
    strength: float
    suspension: bool
    text_end: bool
    rests: int
    fermata: bool
    sounding: int

    @property
    def prepared_or_complete(self) -> bool:
        """Whether the voices do more than happen to meet over another tone."""
        return self.suspension or self.kind != "evaded"

    def column(self, name: str) -> object:
        """Return the value of one of the analysis's own columns."""
        value = getattr(self, name)
        return round(value, 2) if isinstance(value, float) else value


class _Moment(NamedTuple):
    """The evidence at one moment, one value a line."""

    sounds: list[bool]
    tones: list[int]
    lengths: list[int]
    ends: list[bool]
    rest: list[bool]
    text: list[bool]
    fermata: list[bool]


@dataclass(frozen=True)
class _Evidence:
    """What speaks for a cadence at each moment, as matrices of lines by moments."""

    sonorities: Sonorities
    motions: Motions
    tones: Integers
    suspended: Flags
    rest: Flags
    text: Flags
    fermata: Flags
    phrase_end: Flags
    final: int
    threshold: float

    @classmethod
    def read(cls, piece: Piece, sonorities: Sonorities, threshold: float) -> _Evidence:
        """Gather the evidence of a piece."""
        phrases = [read_phrases(piece, line) for line in sonorities.lines]
        rest, text, fermata, section = (
            sonorities.at([phrase[k] for phrase in phrases]) & sonorities.sounds for k in range(4)
        )
        last = int(np.flatnonzero(sonorities.lowest >= 0)[-1])
        return cls(
            sonorities=sonorities,
            motions=read_motions(sonorities),
            tones=sonorities.diatonic % 7,
            suspended=suspended_notes(sonorities),
            rest=rest,
            text=text,
            fermata=fermata,
            phrase_end=rest | fermata | section,
            threshold=threshold,
            final=int(sonorities.diatonic[sonorities.lowest[last], last] % 7),
        )

    def find_closes(self) -> list[_CadencePlace]:
        """Return every place where clausulae meet, and every end of a phrase without them."""
        motions, tones, sounds = self.motions, self.tones, self.sonorities.sounds
        found: list[_CadencePlace] = []
        fifths = [sounds & (tones == (tone + 4) % 7) for tone in range(7)]
        for tone in range(7):
            here = sounds & (tones == tone)
            cantus, tenor, bassus = here & motions.cantus, here & motions.tenor, here & motions.bassus
            prepared = self._find_prepared(tone)
            others = tenor.any(0) | bassus.any(0)
            ends = (tenor | bassus) & self.phrase_end
            without = tenor.any(0) & bassus.any(0) & ends.any(0)
            clausulae = others & (cantus.any(0) | prepared | without)
            moments = np.flatnonzero(clausulae & self._can_reach(prepared))
            stays = fifths[tone] & (motions.holds | motions.octave)
            roles = [flags[:, moments].T.tolist() for flags in (cantus, tenor, bassus, stays)]
            falls = (tenor & motions.semitone)[:, moments].any(axis=0).tolist()
            each = zip(moments.tolist(), *roles, falls, prepared[moments].tolist(), strict=True)
            found += [close for facts in each if self._is_close(close := self._read_close(tone, *facts))]
        resting = {close.moment: close for close in self._find_phrase_ends()}
        found = [each for each in found if each.prepared_or_complete or each.moment not in resting]
        taken = {close.moment for close in found}
        return found + [close for close in resting.values() if close.moment not in taken]

    def _is_close(self, close: _CadencePlace) -> bool:
        """Say whether voices close together there: a bassizans alone does in the lowest voice only."""
        alone = set(close.roles) - {"altizans"} == {"bassizans"}
        return not alone or int(self.sonorities.lowest[close.moment]) in close.lines

    def _find_prepared(self, tone: int) -> Flags:
        """Say at which moments a suspension of this tone has just fallen to the leading note."""
        line, moment = np.nonzero(self.suspended & (self.tones == tone))
        prepared = np.zeros(len(self.sonorities), dtype=bool)
        onset = self.sonorities.onset
        resolved = np.searchsorted(onset, self._ends[line, moment])
        within = np.append(onset, self.sonorities.end[-1])[resolved] + _LEADING
        beyond = np.searchsorted(onset, within, side="right")
        for begin, end in zip(resolved.tolist(), beyond.tolist(), strict=True):
            prepared[begin + 1 : end] = True
        return prepared

    @cached_property
    def _ends(self) -> Integers:
        """When the note that each line has at each moment ends, in ticks."""
        return self.sonorities.at([line.end for line in self.sonorities.lines])

    @cached_property
    def _lengths(self) -> Integers:
        """How long each note still sounds from each moment, in ticks."""
        return np.asarray(self._ends - self.sonorities.onset, dtype=np.int64)

    def _can_reach(self, prepared: Flags) -> Flags:
        """Say which moments can reach the threshold at all, whatever voices close there."""
        sounds = self.sonorities.sounds
        there = {
            "suspension": prepared,
            "phrase_end": self.phrase_end.any(axis=0),
            "text_end": self.text.any(axis=0),
            "long": (sounds & (self._lengths >= TICKS)).any(axis=0),
            "strong": self.sonorities.level <= 0,
        }
        lost = sum(WEIGHTS[name] * ~flags.astype(bool) for name, flags in there.items())
        most = (sum(WEIGHTS.values()) - lost) / sum(WEIGHTS.values())
        return np.asarray(most >= self.threshold - 1e-9, dtype=bool)

    def _read_moment(self, moment: int) -> _Moment:
        return _Moment(
            sounds=self.sonorities.sounds[:, moment].tolist(),
            tones=self.tones[:, moment].tolist(),
            lengths=self._lengths[:, moment].tolist(),
            ends=self.phrase_end[:, moment].tolist(),
            rest=self.rest[:, moment].tolist(),
            text=self.text[:, moment].tolist(),
            fermata=self.fermata[:, moment].tolist(),
        )

    def _read_close(
        self,
        tone: int,
        moment: int,
        cantus: list[bool],
        tenor: list[bool],
        bassus: list[bool],
        stays: list[bool],
        falls: bool,
        prepared: bool,
    ) -> _CadencePlace:
        """Return the close at a moment on a tone; each list says which lines have that clausula."""
        roles: dict[int, str] = {}
        for name, lines in zip(ROLES, (cantus, tenor, bassus, stays), strict=True):
            for line, there in enumerate(lines):
                if there:
                    roles.setdefault(line, name)
        rooted = self.tones[self.sonorities.lowest[moment], moment] == tone
        bassizans = "bassizans" in roles.values()
        if len(set(roles.values()) - {"altizans"}) < 2 or not rooted:
            kind = "evaded"
        else:
            kind = "Phrygian" if falls and not bassizans else "authentic"
        return self._weigh(moment, kind, roles, prepared, bassizans)

    def _weigh(
        self, moment: int, kind: str, roles: dict[int, str], prepared: bool, bassus: bool
    ) -> _CadencePlace:
        here = self._read_moment(moment)
        single = kind in ("plagal", "half")
        closing = [line for line in roles if roles[line] != "altizans"] or list(roles)
        sounding = [line for line, there in enumerate(here.sounds) if there]
        ends, tones, top = here.ends, here.tones, sounding[0]
        text = any(here.text[line] for line in closing)
        rooted = len(closing) > 1 and tones[int(self.sonorities.lowest[moment])] == tones[closing[0]]
        evidence = {
            "suspension": prepared,
            "bassus": bassus,
            "root": single or rooted,
            "top": ends[top] if single else top in closing,
            "phrase_end": any(ends[line] for line in closing),
            "text_end": text,
            "long": max(here.lengths[line] for line in closing) >= TICKS,
            "strong": bool(self.sonorities.level[moment] <= 0),
        }
        return _CadencePlace(
            moment=moment,
            tone=self.sonorities.pitch_class(closing[0], moment),
            kind=kind,
            lines=tuple(roles),
            roles=tuple(roles.values()),
            strength=sum(WEIGHTS[name] for name in evidence if evidence[name]) / sum(WEIGHTS.values()),
            suspension=prepared,
            text_end=text,
            rests=sum(here.rest),
            fermata=any(here.fermata),
            sounding=len(sounding),
        )

    def _find_phrase_ends(self) -> list[_CadencePlace]:
        """Return where two voices end a phrase and the lowest arrives as in a plagal or half cadence."""
        sonorities = self.sonorities
        lowest = np.maximum(sonorities.lowest, 0)
        here = np.arange(len(sonorities))
        steps = self.motions.tenor[lowest, here]
        falls = (self.motions.plagal[lowest, here] | steps) & sonorities.attacks[lowest, here]
        together = (self.phrase_end.sum(axis=0) >= 2) & self.phrase_end[lowest, here]
        found = []
        for moment in np.flatnonzero(falls & together).tolist():
            bass = int(lowest[moment])
            tone = int(self.tones[bass, moment])
            holds = self.motions.holds[:, moment] & (self.tones[:, moment] == tone)
            roles = {bass: "bassizans"} | dict.fromkeys(np.flatnonzero(holds).tolist(), "altizans")
            kind = "half" if steps[moment] or tone == (self.final + 4) % 7 else "plagal"
            found.append(self._weigh(moment, kind, roles, False, True))
        return found


def _keep_strongest(found: list[_CadencePlace], sonorities: Sonorities) -> list[_CadencePlace]:
    """Keep only the strongest close within a breve; of equals the close with more roles, then the later."""
    kept: list[_CadencePlace] = []
    ranked = sorted(found, key=lambda each: (-round(each.strength, 6), -len(each.roles), -each.moment))
    for close in ranked:
        onset = sonorities.onset[close.moment]
        if all(abs(sonorities.onset[other.moment] - onset) >= 2 * TICKS for other in kept):
            kept.append(close)
    return sorted(kept, key=lambda each: each.moment)
