"""The staff of an MEI score as it is read: its pitches under a signature and the accidentals so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from alamire.notation.mei.accidentals import (
    NOTHING,
    Loose,
    Said,
    accidentals,
    alteration,
    give,
    loose,
    tell_left_over,
)
from alamire.notation.mei.content import Content
from alamire.notation.mei.context import Context
from alamire.notation.mei.pitch import number, pitch_of
from alamire.notation.mensural.sign import OPEN, MensuralSign
from alamire.notation.staff import REST, Meeting, Pitched, StaffReader, shared_proportion
from alamire.notation.voice import Clef, Mensuration, Signature
from alamire.notation.xml import Element

__all__ = ["REST", "MeiStaff", "Pitched", "shared_proportion"]


def _nowhere() -> Context:
    return Context("")


@dataclass
class MeiStaff(StaffReader):
    """A staff of MEI being read."""

    context: Context = field(default_factory=_nowhere)
    clef: Clef | None = None
    #: What notes without a value or octave of their own have, by the name of the attribute.
    defaults: dict[str, str] = field(default_factory=dict)
    altered: dict[tuple[str, int], tuple[int, int, str]] = field(default_factory=dict)
    #: What the notes have from which a tie goes on, as ``altered`` has it.
    ties: dict[tuple[str, int], tuple[int, int, str]] = field(default_factory=dict)
    #: The accidentals that stand in the layer and wait for their note.
    loose: list[Loose] = field(default_factory=list)
    #: What layerDefs say of further layers, by the number of the layer.
    layer_definitions: dict[int, list[Element]] = field(default_factory=dict)
    #: The last beginning of a section, which all voices reach together.
    meeting: Meeting | None = None
    #: The one that this staff has begun at.
    met: Meeting | None = None

    def layer(self, number: int) -> MeiStaff:
        """Return what reads a further layer of a mensural staff, which begins as this one does now."""
        if number not in self.further:
            own = MeiStaff(f"{self.number}.{number}", self.file, "", True, self.mensur, self.sign)
            own.key, own.zone, own.end = dict(self.key), self.zone, self.end
            own.context, own.clef, own.defaults = self.context, self.clef, dict(self.defaults)
            self.further[number] = own
        found = self.further[number]
        assert isinstance(found, MeiStaff)
        found.meeting = self.meeting
        return found

    @property
    def layers(self) -> list[MeiStaff]:
        """The further layers that have been begun."""
        return [each for each in self.further.values() if isinstance(each, MeiStaff)]

    def meet(self) -> None:
        """Begin where the present section does, if nothing of it has been read yet."""
        if self.meeting is not self.met and self.meeting is not None:
            if self.signs and self.signs[-1].kind != "end":
                # Each section begins with a perfection. Without a double bar line no note closes.
                self.add(MensuralSign("end", form=OPEN, mensur=self.mensur))
            self.met = self.meeting
            self.waiting.append(self.meeting)

    def tell(self, fact: Clef | Signature | Mensuration) -> None:
        """Note a fact at the present moment of a mensural staff."""
        if self.mensural:
            self.meet()
        super().tell(fact)

    def tell_left_over(self, why: str) -> None:
        """Tell of the accidentals that have found no note, in the further layers too."""
        if self.loose:
            tell_left_over(self.loose, why, self.context)
            self.loose.clear()
        for layer in self.layers:
            layer.tell_left_over(why)

    def read_pitch(
        self,
        element: Element,
        inside: Content,
        own: str,
        tied: str = "",
        lyric: tuple[str, ...] = (),
        *,
        alone: bool = True,
    ) -> Pitched | None:
        """Return the pitch, id and zone of a note element; ``own`` is its id, "" where it has none.

        None where it has no pitch, which is told. ``alone`` says that it is no note of a chord.
        """
        octave = number(self.defaults.get("oct")) if self.defaults else None
        found = pitch_of(element, self.clef, octave)
        if isinstance(found, str):
            self.context.tell("unknown-pitch", element, f"{found}; it is left out, its time is kept")
            return None
        step, height = found
        says = accidentals(element, inside.accids, self.context)
        if self.loose or self.context.assigned:
            says = self._give_accidentals(element, step, height, says, alone=alone)
        pitch = self._alter(element, step, height, says)
        alter, source_alter, ficta = (
            self.over_tie(step, height, pitch, tied, own=says != NOTHING) if tied else pitch
        )
        name, zone, line = self.id_of(own), self.zone, element.sourceline or 0
        return Pitched(step, alter, source_alter, height, ficta, tied, lyric, self.sign, name, zone, line)

    def _give_accidentals(self, element: Element, step: str, octave: int, says: Said, *, alone: bool) -> Said:
        """What a note has with the accidentals before it."""
        mine = [each for each in self.loose if each.fits(element, step, octave, alone=alone)]
        self.loose = [each for each in self.loose if each not in mine]
        name = self.context.name_of(element)
        mine += [loose(each, None, self.clef) for each in self.context.assigned.pop(name, ())]
        return give(element, says, mine, self.context) if mine else says

    def _alter(self, element: Element, step: str, octave: int, says: Said) -> tuple[int, int, str]:
        """Return alter, source_alter and ficta. An accidental holds for the bar, in mensural
        notation for the same note repeated at once."""
        place = (step, octave)
        held = self.altered.get(place)
        if says is NOTHING:
            return self.alteration_held(step, octave)
        if self.mensural:
            self.altered.clear()
        if says != NOTHING:
            source, editor, sounding, hidden = (
                self._size(token, step, element, sounding=kind in ("sounding", "hidden"))
                for kind, token in zip(Said._fields, says, strict=True)
            )
            if says.editor is None and source is not None and sounding is not None:
                self._agree(element, says, source, sounding)
        if says == NOTHING or (source, editor, sounding, hidden) == (None, None, None, None):
            if held is not None:
                self.altered[place] = held
                return held
            plain = self.key.get(step, 0)
            return plain, plain, ""
        plain = held[1] if held is not None else self.key.get(step, 0)
        if source is not None:
            plain = source
        if sounding is not None and editor is None:
            plain = sounding
        if hidden is not None:
            plain = hidden
        found = (editor, plain, "editor") if editor is not None else (plain, plain, "")
        if source is not None or editor is not None:
            self.altered[place] = found
        return found

    def alteration_held(self, step: str, octave: int) -> tuple[int, int, str]:
        """Return alter, source_alter and ficta of a note without an accidental of its own."""
        place = (step, octave)
        held = self.altered.get(place) if self.altered else None
        if self.mensural and self.altered:
            self.altered.clear()
        if held is not None:
            self.altered[place] = held
            return held
        plain = self.key.get(step, 0)
        return plain, plain, ""

    def over_tie(
        self, step: str, octave: int, pitch: tuple[int, int, str], tied: str, *, own: bool = False
    ) -> tuple[int, int, str]:
        """Return alter, source_alter and ficta of a tied note: an accidental holds over the bar by a tie.

        ``own`` says that the note has one itself.
        """
        begun = self.ties.get((step, octave)) if tied in ("stop", "continue") else None
        found = pitch if own or begun is None else begun
        if tied != "stop":
            self.ties[step, octave] = found
        return found

    def _size(self, token: str | None, step: str, element: Element, *, sounding: bool) -> int | None:
        if token is None:
            return None
        mensural = bool(self.mensural)
        return alteration(token, step, self.context, element, mensural=mensural, sounding=sounding)

    def _agree(self, element: Element, says: Said, source: int, sounding: int) -> None:
        """Tell where a sign says one pitch and ``@accid.ges`` another."""
        # In mensural notation a sharp may undo a flat, and a flat a sharp.
        if source * sounding < 0 if self.mensural else source != sounding:
            message = f"has accid={says.source!r} and accid.ges={says.sounding!r}; the latter is read"
            self.context.tell("accidentals-disagree", element, message)
