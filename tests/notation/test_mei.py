"""Reading MEI: modern scores and mensural parts, from small files and from real ones."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from alamire.errors import Refused
from alamire.notation import TICKS, Note, Piece, Voice, read
from alamire.notation.voice import EncodedMusic


def mei(body: str, definition: str = '<staffDef n="1" lines="5"/>', before: str = "") -> EncodedMusic:
    """Read an MEI score with this content in its section."""
    text = f"""<mei xmlns="http://www.music-encoding.org/ns/mei"><music>{before}<body><mdiv><score>
    <scoreDef><staffGrp>{definition}</staffGrp></scoreDef><section>{body}</section>
    </score></mdiv></body></music></mei>"""
    return read(text.encode(), "test.mei")


def part(layer: str, mensur: str = 'tempus="2" prolatio="2"', more: str = "", before: str = "") -> Voice:
    """Read one mensural voice."""
    definition = f'<staffDef n="1" label="Tenor" notationtype="mensural.white" {mensur} {more}/>'
    return mei(f'<staff n="1"><layer>{layer}</layer></staff>', definition, before).voices[0]


def note(dur: str, more: str = "", inner: str = "", pitch: str = "c4") -> str:
    """Write a note."""
    return f'<note dur="{dur}" pname="{pitch[0]}" oct="{pitch[1]}" {more}>{inner}</note>'


def lengths(notes: tuple[Note, ...]) -> list[str]:
    """Return the durations in semibreves."""
    return [str(Fraction(n.duration, TICKS)) for n in notes]


def measure(layer: str, number: int = 1, more: str = "") -> str:
    """Write a measure with one staff (``more`` are other staves and control events)."""
    return f'<measure n="{number}"><staff n="1"><layer>{layer}</layer></staff>{more}</measure>'


def test_modern_durations_dots_tuplets_and_bar_rests() -> None:
    """Dots are counted once, tuplets are exact, a bar rest is as long as the meter."""
    triplet = f'<tuplet num="3" numbase="2">{note("2") * 3}</tuplet>'
    definition = '<staffDef n="1" meter.count="2" meter.unit="1"/>'
    dotted = note("1", 'dots="1"') + note("2", "", "<dot/>") + note("4")
    found = mei(
        measure(dotted) + measure("<mRest/>", 2) + measure(triplet + note("1"), 3), definition
    ).voices[0]
    assert lengths(found.notes) == ["3/2", "3/4", "1/4", "2", "1/3", "1/3", "1/3", "1"]
    assert [n.breve for n in found.notes] == [1, 1, 1, 2, 3, 3, 3, 3]


def test_a_measure_that_is_short_in_one_staff_is_a_problem() -> None:
    """The staves go on together after it, and the warning names line, breve and voice."""
    two = '<staffDef n="1" label="Superius"/><staffDef n="2" label="Bassus"/>'
    other = f'<staff n="2"><layer>{note("2")}</layer></staff>'
    full = f'<staff n="2"><layer>{note("1")}</layer></staff>'
    reading = mei(measure(note("1"), 7, other) + measure(note("1"), 8, full), two)
    (problem,) = reading.problems
    assert (problem.code, problem.place.detail) == ("measure-lengths-differ", "breve 7")
    assert "Bassus" in problem.message
    assert [n.onset for n in reading.voices[1].notes] == [0, TICKS]


def test_ties_by_attribute_and_by_element() -> None:
    """@tie and <tie> say the same."""
    layer = note("1", 'tie="i"') + note("1", 'tie="t"') + note("1", 'xml:id="a"') + note("1", 'xml:id="b"')
    found = mei(measure(layer, 1, '<tie startid="#a" endid="#b"/>')).voices[0]
    assert [n.tied for n in found.notes] == ["start", "stop", "start", "stop"]


def test_chords_layers_and_spaces() -> None:
    """A chord is several rows, a second layer sounds with the first, a space is silent time."""
    two = '<note pname="c" oct="4"/><note pname="e" oct="4"/>'
    chord = f'<chord dur="1">{two}</chord><space dur="1"/>{note("1")}'
    text = f'<measure n="1"><staff n="1"><layer>{chord}</layer><layer>{note("0")}</layer></staff></measure>'
    found = mei(text).voices[0]
    assert [(n.onset // TICKS, n.step) for n in found.notes] == [(0, "C"), (0, "E"), (0, "C"), (2, "C")]


def test_supplied_and_func_edit_accidentals_are_the_editors() -> None:
    """Both readings are there: the source's from what it writes or from its signature."""
    supplied = note("1", "", '<supplied><accid accid="f"/></supplied>', "e4")
    edited = note("1", "", '<accid accid="s" func="edit"/>', "f4")
    own = note("1", "", '<accid accid="n"/>', "b4")
    definition = '<staffDef n="1" key.sig="1f"/>'
    found = mei(measure(supplied + edited + own + note("1", pitch="b4")), definition).voices[0]
    said = [(n.step, n.alter, n.source_alter, n.ficta) for n in found.notes]
    assert said[:2] == [("E", -1, 0, "editor"), ("F", 1, 0, "editor")]
    assert said[2:] == [("B", 0, 0, ""), ("B", 0, 0, "")]


def test_verses_are_strophes() -> None:
    """A syllable that the word continues keeps its hyphen."""
    verses = '<verse n="1"><syl con="d" wordpos="i">vou</syl></verse><verse n="2"><syl>qu\'il</syl></verse>'
    assert mei(measure(note("1", "", verses))).voices[0].notes[0].lyric == ("vou-", "qu'il")


def test_the_correction_and_the_lemma_are_read() -> None:
    """Of sic and corr, and of lem and rdg, one is read."""
    choice = f"<choice><sic>{note('1')}</sic><corr>{note('2', pitch='d4')}</corr></choice>"
    app = f"<app><lem>{note('4')}</lem><rdg>{note('1')}</rdg></app>"
    assert lengths(mei(measure(choice + app)).voices[0].notes) == ["1/2", "1/4"]


def test_mensural_values_and_dots() -> None:
    """A dots attribute and the dot element after it are one dot; a custos is no note."""
    layer = note("longa") + note("minima", 'dots="1"') + "<dot/>" + note("semiminima") + note("fusa") * 2
    layer += note("brevis") + "<dot/>" + '<rest dur="semibrevis"/><custos pname="c" oct="4"/>'
    assert lengths(part(layer).notes) == ["4", "3/4", "1/4", "1/8", "1/8", "3", "1"]


def test_stated_durations_are_taken() -> None:
    """@num and @numbase multiply; @dur.quality says perfect, imperfect or altered; no dot is added."""
    layer = note("minima", 'dur.quality="perfecta" num="2" numbase="3"') + '<dot form="aug"/>'
    layer += note("minima", 'dur.quality="altera"') + note("minima", 'dur.quality="perfecta"')
    assert lengths(part(layer).notes) == ["3/4", "1", "3/4"]


def test_signature_and_accidentals_in_mensural_notation() -> None:
    """The signature is applied; the diesis on B undoes the flat; one on F is a sharp."""
    layer = note("brevis", pitch="b4") + note("brevis", "", '<accid accid="x"/>', "b4")
    layer += note("brevis", "", '<accid accid="x"/>', "f4") + note("brevis", 'accid="f"', "", "e4")
    assert [n.alter for n in part(layer, more='key.sig="1f"').notes] == [-1, 0, 1, -1]


def test_the_sounding_octave_is_read() -> None:
    """Under a clef that sounds an octave lower, oct.ges is the pitch."""
    assert part(note("brevis", 'oct.ges="3"')).notes[0].octave == 3


def test_mensur_changes_and_proportions() -> None:
    """A mensur sign holds from its place on; a proportion shortens what follows."""
    layer = note("brevis") + '<mensur sign="O" tempus="3" prolatio="2"/>' + note("brevis") * 2
    layer += '<proport num="2" numbase="1"/>' + note("semibrevis")
    found = part(layer)
    assert lengths(found.notes) == ["2", "3", "3", "1/2"]
    assert [n.mensuration for n in found.notes] == ["", "O", "O", "O"]
    assert [n.breve for n in found.notes] == [1, 2, 3, 4]


def test_zones_are_carried_forward() -> None:
    """A note without @facs is where the last @facs of its staff was."""
    before = """<facsimile><surface xml:id="p" n="50v"><graphic target="a.jpg"/>
    <zone xml:id="z1" ulx="1" uly="2" lrx="30" lry="40"/><zone xml:id="z2"/></surface></facsimile>"""
    layer = note("brevis", 'facs="#z1"') + note("brevis") + '<sb facs="#z2"/>' + note("brevis")
    definition = '<staffDef n="1" notationtype="mensural.white"/>'
    reading = mei(f'<staff n="1"><layer>{layer}</layer></staff>', definition, before)
    assert [n.zone for n in reading.voices[0].notes] == ["z1", "z1", "z2"]
    assert (reading.zones["z1"].folio, reading.zones["z1"].box) == ("50v", (1, 2, 30, 40))


def test_parts_are_voices() -> None:
    """A file of parts gives one voice for each, all from the beginning."""
    one = '<part><scoreDef><staffDef n="1" label="{}"/></scoreDef><section>{}</section></part>'
    parts = one.format("Tenor", measure(note("1"))) + one.format("Bassus", measure(note("0")))
    text = f"<mei><music><body><mdiv><parts>{parts}</parts></mdiv></body></music></mei>"
    reading = read(text.encode(), "parts.mei")
    assert [(v.name, v.end // TICKS) for v in reading.voices] == [("Tenor", 1), ("Bassus", 2)]
    assert [p.code for p in reading.problems] == ["voices-end-apart"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<mei><music>", "not-well-formed"),
        ("<svg/>", "unknown-format"),
        ("<mei><music/></mei>", "no-notes"),
    ],
)
def test_bad_xml_is_refused(text: str, code: str) -> None:
    """The problem names the file and the line."""
    with pytest.raises(Refused) as caught:
        read(text.encode(), "bad.mei")
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.file, problem.place.row) == (code, "bad.mei", 1)
    assert "<string>" not in problem.message


@pytest.mark.parametrize(
    ("bad", "code", "message"),
    [
        (note("5", "xml:id='x'"), "unknown-duration", "row 2: note 'x' has dur='5'; one of maxima"),
        ('<note dur="1" pname="h" oct="4"/>', "unknown-pitch", "has no pitch"),
        ('<chord dur="1"/>', "unknown-pitch", "has no notes"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_told(bad: str, code: str, message: str) -> None:
    """One bad note does not cost the others; the line, the id and what was expected are said."""
    reading = mei(measure(note("1") + bad) + measure(note("1"), 2))
    assert [problem.code for problem in reading.problems] == [code]
    assert message in str(reading.problems[0])
    assert [n.step for n in reading.voices[0].notes] == ["C", "C"]


def test_a_file_in_which_nothing_can_be_read_is_refused_with_the_reasons() -> None:
    """What was wrong with the notes comes first."""
    with pytest.raises(Refused, match="note has dur='crotchet'; one of semifusa") as caught:
        part(note("crotchet"))
    assert [problem.code for problem in caught.value.problems] == ["unknown-duration", "no-notes"]


#: Notes of which nothing unusual is said, beside others: the way that is short for them has to be the same.
PLAIN = (
    note("1", "xml:id='a' dots='1'", '<verse n="1"><syl wordpos="i" con="d">Ky</syl></verse>')
    + note(
        "1", "tie='i'", '<verse><syl wordpos="m">ri</syl></verse><verse n="2"><syl> e </syl></verse>', "b4"
    )
    + note("2", "tie='t' color='red'", '<verse n="1"><syl/></verse>', "b4")
    + note("2", "accid='s'", '<verse n="2"><syl wordpos="t">son</syl></verse>', "f4")
    + note("2", "facs='#z'", "<verse><syl>e</syl><syl>le</syl></verse>", "f4")
    + note("4", "dur.ppq='8'", "<verse><syl>i<rend>son</rend></syl></verse><!-- x -->")
    + note("2", "oct.ges='3'", '<verse n="1"><syl>A</syl></verse><verse n="3"><syl>B</syl></verse>')
    + note("2", "", '<verse n="2"><syl>C</syl></verse><verse n="1"><syl>D</syl></verse>')
    + f"<tuplet num='3' numbase='2'>{note('4') * 3}</tuplet>"
)


@pytest.mark.parametrize("own", [False, True])
def test_plain_notes_are_read_as_all_others_are(monkeypatch: pytest.MonkeyPatch, own: bool) -> None:
    """In both notations, from a stranger's file and from one that alamire wrote."""
    swapped = (('dur="1"', 'dur="brevis"'), ('dur="2"', 'dur="minima"'), ('dur="4"', 'dur="fusa"'))
    mensural = PLAIN
    for old, new in swapped:
        mensural = mensural.replace(old, new)
    mark = (
        "<meiHead><appInfo><application><name>alamire</name></application></appInfo></meiHead>" if own else ""
    )

    def readings() -> list[EncodedMusic]:
        return [
            mei(measure(PLAIN, 1, '<tie startid="#a" endid="#b"/>'), '<staffDef n="1" key.sig="1f"/>', mark),
            mei(f'<staff n="1"><layer>{mensural}</layer></staff>', '<staffDef n="1" tempus="3"/>', mark),
        ]

    short = readings()
    monkeypatch.setattr("alamire.notation.mei.event.plain_note", lambda element: None)
    assert short == readings()
    assert [len(reading.voices[0].notes) for reading in short] == [11, 11]


def test_real_files_are_read_alike_without_the_short_way(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chanson, a partbook and a mensural score."""
    paths = [
        real_data / "chansons-with-cadences" / "DC0107.mei",
        real_data / "lauro-secco" / "wert_horfuggi" / "wert_horfuggi_A.mei",
        real_data / "mensural" / "scoring-up" / "mensural-mei" / "Iv003.mei",
    ]
    short = [read(path) for path in paths]
    monkeypatch.setattr("alamire.notation.mei.event.plain_note", lambda element: None)
    assert short == [read(path) for path in paths]


def test_entities_do_not_expand() -> None:
    """A billion laughs neither blow up memory nor read a file."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE mei [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(Refused):
        read(f"{text}<mei>&l9;&f;</mei>".encode(), "laughs.mei")


def test_lauro_secco_partbooks_against_the_modern_kern(real_data: Path) -> None:
    """The partbooks put together are as long as the modern score, voice by voice, and have its notes.

    They part only where the MEI has lost the sign of a triple passage that its ``**mens`` still has
    (two madrigals), where the edition takes black notes twice as fast (one), and in two voices that lack
    a few notes. Pitches differ in 9 of 5,425 notes: the editor's accidentals.
    """
    triple = {"belli_amorcon", "dalocca_perose", "spontone_tamai"}
    compared = wrong = 0
    for folder in sorted(path for path in (real_data / "lauro-secco").iterdir() if path.is_dir()):
        modern = read(folder / f"{folder.name}_mn.krn").voices
        piece = Piece.from_parts([folder / f"{folder.name}_{letter}.mei" for letter in "CQATB"])
        told = {p.code for p in piece.problems} & {"closing-notes-apart", "color-reversed"}
        assert bool(told) == (folder.name in triple), folder.name
        for voice in piece.voices:
            notes = _sounding(voice)
            score = max(
                modern,
                key=lambda k: sum(a[0] == b[0] for a, b in zip(_sounding(k), notes, strict=False)),
            )
            if folder.name not in triple:
                assert voice.end == score.end, voice.name
            kern = _sounding(score)
            if len(kern) != len(notes):
                assert voice.name in {"wert_horfuggi_C", "wert_horfuggi_A"}
                continue
            compared += len(notes)
            wrong += sum(a[:2] != b[:2] for a, b in zip(notes, kern, strict=True))
            if folder.name not in triple:
                assert [a[2] for a in notes] == [b[2] for b in kern], voice.name
    assert compared == 5425
    assert wrong <= 9


def _sounding(voice: Voice) -> list[tuple[str | None, int, int]]:
    """Return (step, alter, duration) of each note with what is tied to it."""
    found: list[tuple[str | None, int, int]] = []
    for each in voice.notes:
        if each.step and each.tied in ("continue", "stop"):
            step, alter, duration = found.pop()
            found.append((step, alter, duration + each.duration))
        elif each.step:
            found.append((each.step, each.alter, each.duration))
    return found


def test_guatc1_voices_end_together_with_zones(real_data: Path) -> None:
    """The movements of GuatC1 are read whole: no problem, and every note reaches a zone."""
    for path in sorted((real_data / "mensural" / "guatc1").glob("*.xml")):
        reading = read(path)
        assert not reading.problems, path.name
        assert all(n.zone in reading.zones for v in reading.voices for n in v.notes), path.name


def test_scoring_up_modern_and_mensural_scores_agree(real_data: Path) -> None:
    """Each voice is as long in the mensural file as in the modern score of the same piece."""
    for path in sorted((real_data / "mensural" / "scoring-up" / "mensural-mei").glob("*.mei")):
        reading = read(path)
        modern = read(path.parent.parent / "cmn-mei" / path.name)
        assert not reading.problems, path.name
        assert {v.name: v.end for v in reading.voices} == {v.name: v.end for v in modern.voices}, path.name
