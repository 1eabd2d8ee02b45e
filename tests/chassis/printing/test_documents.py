"""What a document looks like to machines: its text, its tags, its marks; and that nothing in it is markup."""

import io
from datetime import UTC, datetime

import pypdf
import pytest

from chassis.printing.coverage import LOST, broken, shown_by, signs_of
from chassis.printing.document import Cell, Column, Document, Facts, Heading, Legend, Letterhead, Table
from chassis.printing.press import Press
from chassis.printing.printer import HERE

AT = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
TOWN = Letterhead("Mairie de Carteville", "#0b3c5d", ("12 place du Marché",))
COLUMNS = (Column("Date"), Column("Activité", share=2), Column("Coût", figures=True))


def document(*blocks, **options):
    return Document(
        **{"title": "Reçu", "language": "fr", "letterhead": TOWN, "at": AT, "blocks": blocks, **options}
    )


def rows(count, name="Restauration"):
    return tuple((Cell(f"jour {number}"), Cell(name), Cell("3,76 €")) for number in range(count))


@pytest.fixture(scope="module")
def press():
    press = Press()
    yield press
    press.close()


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf):
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def tags(reader):
    """How often each kind of tag stands in the tree of a document."""
    found = {}

    def walk(node):
        node = node.get_object()
        for each in node if isinstance(node, list) else [node]:
            each = each.get_object()  # noqa: PLW2901 - a reference and what it leads to are one
            if isinstance(each, dict):
                if "/S" in each:
                    found[each["/S"]] = found.get(each["/S"], 0) + 1
                if "/K" in each:
                    walk(each["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_same_document_is_the_same_bytes(press):
    said = document(Facts((("Montant", Cell("33,84 €")),)))
    assert press.make(said) == press.make(said)


def test_another_press_makes_the_same_bytes(press):
    said, other = document(Heading("Élise")), Press()
    assert other.make(said) == press.make(said)
    other.close()


def test_it_is_dated_as_it_says_and_not_when_it_was_made(press):
    assert read(press.make(document())).metadata.creation_date == AT


@pytest.mark.parametrize(("language", "tongue"), [("fr", "fr-FR"), ("en", "en-GB")])
def test_it_is_tagged_archival_and_says_its_title_and_language(press, language, tongue):
    said = document(Heading("Élise"), Table("Jours", COLUMNS, rows(2)), language=language)
    reader = read(press.make(said))
    root, marks = reader.trailer["/Root"], reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert root["/Lang"] == tongue
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Reçu"
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in marks
    assert "<pdfuaid:part>1</pdfuaid:part>" in marks
    found = tags(reader)
    assert {name: found[name] for name in ("/H1", "/H2", "/Table", "/TH", "/TR")} == {
        "/H1": 1,
        "/H2": 1,
        "/Table": 1,
        "/TH": 3,
        "/TR": 3,
    }


HOSTILE = [
    "L'Été « d'O\"Neil » \\ / `code`",
    '#strong[gras] #import "x" #{sys.inputs} $x^2$ *b* _i_ <label> @ref // rien /* */ ~ -- ---',
    '{"kind": "heading"} ]]] )',
    "= Titre\n== Autre",
    "Wolfeschlegelsteinhausenbergerdorff" * 4,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_said_is_shown_as_it_is(press, name):
    made = press.make(document(Facts((("Enfant", Cell(name)),)), Table("x", COLUMNS, rows(1, name))))
    squeezed = "".join(text_of(made).replace("\u200b", "").split())
    assert squeezed.count("".join(name.split())) == 2
    assert tags(read(made))["/H1"] == 1


@pytest.mark.parametrize("name", ["محمد بن علي", "שלום כהן", "Nguyễn Thị Ánh", "Ελένη", "Žofie", "Зоя"])
def test_names_of_many_scripts_are_shown_by_our_fonts(press, name):
    assert LOST not in text_of(press.make(document(Facts((("Enfant", Cell(name)),)))))


def test_a_sign_without_a_shape_is_marked_and_keeps_nobody_from_a_document(press):
    assert LOST in text_of(press.make(document(Facts((("Enfant", Cell("王 Léa 😀")),)))))


def test_signs_are_those_of_the_fonts():
    signs = signs_of(sorted(HERE.glob("fonts/*.ttf")))
    assert {ord(sign) for sign in "aéœ€\u2013\u2019\u202f\u00a0\u200b\ufffdש"} <= signs
    assert shown_by(signs, "a王b\n") == f"a{LOST}b\n"


def test_no_word_is_broken_that_a_cell_can_hold():
    assert broken("Restauration R-ENFANCE-2026-000128", 8) == "Restauration R-ENFANCE-2026-000128"
    assert broken("x" * 20 + " court", 8) == "xxxxxxxx\u200bxxxxxxxx\u200bxxxx court"


def test_a_long_table_repeats_its_head_and_numbers_its_pages(press):
    said = document(Table("Jours", COLUMNS, rows(120), ("Total", "451,20 €")), foot="Reçu R-1")
    pages = [page.extract_text() for page in read(press.make(said)).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Activité" in page
        assert "Coût" in page
        assert f"Page {number} sur {len(pages)}" in page
        assert "Reçu R-1" in page
    assert [("Total" in page) for page in pages] == [False] * (len(pages) - 1) + [True]
    assert tags(read(press.make(said)))["/TH"] == 3


def test_an_icon_is_a_picture_beside_its_word(press):
    legend = Legend("Légende", ((Cell("Accepté", ("check-lg",)), "La place est à vous."),))
    assert "Accepté" in text_of(press.make(document(legend)))


def test_every_icon_of_ours_can_be_drawn(press):
    names = sorted(path.stem for path in HERE.glob("icons/*.svg"))
    assert press.make(document(Facts(tuple((name, Cell(name, (name,))) for name in names))))
