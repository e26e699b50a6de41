"""PDF: columns, running heads, hyphens, footnotes, pages. Real files by fpdf2."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission, TextMode
from material import pdf as by_hand
from PIL import Image

from rag.datatypes import Quote
from rag.errors import LoadError
from rag.load import load
from rag.present import fragment_url

LEFT = """The first column tells how the Bureau controls the
wafers that are made of gallium. It names three
makers, and each of them must ask for a licence
before it ships. The licence holds for one year,
after which the maker must ask again, and it is
refused when the wafers go to a listed place.""".split("\n")
RIGHT = """The second column tells what happens when the rule
is broken. A fine is set by the Commission, which
may also stop the shipments of a maker that has
broken the rule twice. An appeal is heard within
sixty days, and the fine rests until then, unless
the Commission decides that there is danger.""".split("\n")


class Paper(FPDF):
    """A page of 216 by 279 mm in points, written line by line."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format="letter")
        self.set_auto_page_break(False)

    def page_with(self, *lines, left=72, top=100, size=11, leading=14, style=""):
        self.add_page()
        self.lines(lines, left, top, size, leading, style)

    def lines(self, lines, left=72, top=100, size=11, leading=14, style=""):
        self.set_font("Times", style, size)
        for n, line in enumerate(lines):
            self.text(left, top + n * leading, line)

    def read(self, folder):
        (folder / "a.pdf").write_bytes(bytes(self.output()))
        return load(folder / "a.pdf")


def headings(paper):
    return [paper.text[a:b] for a, b in paper.headings]


def test_two_columns_are_read_one_after_the_other_even_if_the_file_goes_line_by_line(tmp_path):
    paper = Paper()
    paper.page_with()
    paper.lines(["Wafers and the law"], left=200, top=60, size=18, style="B")
    for n, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        paper.lines([one], left=60, top=100 + 14 * n)
        paper.lines([other], left=320, top=100 + 14 * n)
    read = paper.read(tmp_path)
    assert read.text == "\n".join(["Wafers and the law", " ".join(LEFT), " ".join(RIGHT)])
    assert headings(read) == ["Wafers and the law"]


def test_a_sentence_goes_on_in_the_next_column(tmp_path):
    paper = Paper()
    paper.page_with(*LEFT[:-1], left=60)
    paper.lines([LEFT[-1], "", *RIGHT], left=320)
    assert paper.read(tmp_path).text == f"{' '.join(LEFT)}\n{' '.join(RIGHT)}"


def test_a_table_is_read_row_by_row(tmp_path):
    paper = Paper()
    paper.page_with()
    for n, row in enumerate((("Chip", "Maker", "Points"), ("910B", "Example", "4,800"), ("910C", "Example", "5,600"))):
        for left, cell in zip((72, 200, 330), row, strict=True):
            paper.lines([cell], left=left, top=100 + 14 * n)
    assert paper.read(tmp_path).text == "Chip | Maker | Points\n910B | Example | 4,800\n910C | Example | 5,600"


def test_running_heads_and_feet_and_page_numbers_go_and_titles_stay(tmp_path):
    paper = Paper()
    for number in range(1, 5):
        paper.page_with(f"Page {number} says that wafers are thin, and that is a whole sentence.")
        paper.lines(["Bureau of Examples: Wafers"], left=300, top=40, size=9)
        paper.lines([f"Report 7, version {number}"], top=750, size=9)
        paper.lines([str(number)], left=540, top=750, size=9)
    assert paper.read(tmp_path).text.split("\n") == [
        f"Page {n} says that wafers are thin, and that is a whole sentence." for n in range(1, 5)
    ]


def test_a_sentence_goes_on_overleaf_past_head_foot_and_footnote_and_belongs_to_its_first_page(tmp_path):
    paper = Paper()
    for lines, note in ((LEFT[:4], "1 See the rule of 2024, which was the first of its kind."), (LEFT[4:], "")):
        paper.page_with(*lines)
        paper.lines(["Bureau of Examples: Wafers"], left=300, top=40, size=8)
        if note:
            paper.lines([note], top=700, size=8)
    read = paper.read(tmp_path)
    assert read.text == f"{' '.join(LEFT)}\n1 See the rule of 2024, which was the first of its kind."
    assert len(read.pages) == 1


def test_a_quote_is_linked_to_the_page_on_which_it_begins(tmp_path):
    paper = Paper()
    for name in ("first", "second", "third"):
        paper.page_with(f"This is what stands on the {name} page.")
    (tmp_path / "a.pdf.json").write_text('{"url": "https://example.org/a.pdf"}')
    read = paper.read(tmp_path)
    at = read.text.index("This is what stands on the third")
    assert fragment_url(Quote(read, at, len(read.text))).startswith("https://example.org/a.pdf#page=3:~:text=This%20is")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["It ships semi-", "conductors."], "It ships semiconductors."),
        (["A state-owned firm of a state-", "owned bank."], "A state-owned firm of a state-owned bank."),
        (
            ["A high price for performance. A high-", "performance chip."],
            "A high price for performance. A high-performance chip.",
        ),
        (["The COVID-", "19 law."], "The COVID-19 law."),
        (["The model of 2025-", "2026 it is."], "The model of 2025-2026 it is."),
    ],
)
def test_a_broken_word_is_mended_and_one_with_a_hyphen_of_its_own_keeps_it(tmp_path, lines, words):
    filler = "This line of the page is there to show how wide the column is today."
    paper = Paper()
    paper.page_with(filler, lines[0].rjust(60), *lines[1:])
    assert paper.read(tmp_path).text.endswith(words)


def test_raised_numbers_of_footnotes_stay_apart_from_words_and_numbers(tmp_path):
    paper = Paper()
    paper.page_with("The limit was set in 2024.")
    width = paper.get_string_width("The limit was set in 2024.")
    paper.lines(["12"], left=72 + width, top=96, size=6)
    paper.lines(["It holds today."], left=72 + width + 12, top=100)
    assert paper.read(tmp_path).text == "The limit was set in 2024.¹² It holds today."


def test_a_large_first_letter_stands_before_its_word(tmp_path):
    paper = Paper()
    paper.page_with("he wafers of the Bureau are thin and made of", left=110, top=100)
    paper.lines(["gallium, which comes from a few places only."], left=72, top=128)
    paper.lines(["T"], left=72, top=114, size=40)
    assert paper.read(tmp_path).text.startswith("The wafers of the Bureau are thin and made of")


def test_bold_and_large_lines_are_headings_and_bold_words_in_a_sentence_are_not(tmp_path):
    paper = Paper()
    paper.page_with("The rule", size=18)
    paper.lines(["Scope"], top=130, style="B")
    paper.lines(["It covers wafers of every size that is made today."], top=145)
    paper.lines(["No exports at all."], top=175, style="B")
    read = paper.read(tmp_path)
    assert headings(read) == ["The rule", "Scope"]
    assert "No exports at all." in read.text


def test_words_too_small_to_be_read_are_left_out(tmp_path):
    paper = Paper()
    paper.page_with("What everybody sees.")
    paper.lines(["secret words"], top=130, size=1)
    assert paper.read(tmp_path).text == "What everybody sees."


def test_words_in_invisible_ink_beside_the_page_or_white_on_white_are_left_out(tmp_path):
    paper = Paper()
    paper.page_with("What everybody sees.")
    paper.text_mode = TextMode.INVISIBLE
    paper.lines(["secret words"], top=130)
    paper.text_mode = TextMode.FILL
    paper.lines(["secret words"], left=700, top=160)
    paper.lines(["secret words"], top=-50)
    paper.set_text_color(255)
    paper.lines(["secret words"], top=190)
    assert paper.read(tmp_path).text == "What everybody sees."


def test_white_words_on_a_dark_ground_stay(tmp_path):
    paper = Paper()
    paper.page_with("What everybody sees.")
    paper.set_fill_color(0, 0, 90)
    paper.rect(60, 150, 300, 40, style="F")
    paper.set_text_color(255)
    paper.lines(["White | on blue."], top=175)
    assert paper.read(tmp_path).text == "What everybody sees.\nWhite | on blue."


def test_what_ocr_read_in_a_picture_stays_also_below_a_stamp(tmp_path):
    paper = Paper()
    for stamp in ([], ["Filed by the Bureau"]):
        paper.page_with(*stamp, top=60)
        paper.image(Image.new("L", (60, 60), 200), 60, 90, 400, 400)
        with paper.local_context(text_mode=TextMode.INVISIBLE):
            paper.lines([f"Page {paper.page} of the scan."], top=200)
    assert paper.read(tmp_path).text == "Page 1 of the scan.\nFiled by the Bureau\nPage 2 of the scan."


def test_characters_that_pdfium_gives_in_halves_are_read_whole(tmp_path):
    names = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfchar <41> <D835DFD2> <42> <D840DC00>"
    streams = b"BT /F 12 Tf 72 700 Td (AA B C) Tj ET", names + b" <43> <D835> endbfchar endcmap"
    page = b"/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 6 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R " + page + b" >>",
        *(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream) for stream in streams),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 5 0 R >>",
    ]
    whole = b"".join(b"%d 0 obj %s endobj\n" % (n, body) for n, body in enumerate(objects, 1))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" + whole + b"trailer << /Root 1 0 R >>\n%%EOF")
    assert load(tmp_path / "a.pdf").text == "𝟒𝟒 𠀀"


def test_title_and_day_come_from_the_properties_or_from_the_first_page(tmp_path):
    told = Paper()
    told.set_title("Wafers")
    told.set_keywords("Cover Date: April 23, 2026")
    told.page_with("Words of the paper.")
    source = told.read(tmp_path).source
    assert (source.title, source.published) == ("Wafers", "2026-04-23")
    shown = Paper()
    shown.set_title("Microsoft Word - draft7.doc")
    shown.page_with("The law of wafers", size=20)
    shown.lines(["Updated May 13, 2025"], top=140)
    shown.lines(["https://crsreports.congress.gov"], top=170)
    shown.lines(["The rule of March 1, 2024 was the first, and it was followed by others."], top=200)
    source = shown.read(tmp_path).source
    assert (source.title, source.published) == ("The law of wafers", "2025-05-13")
    assert (source.publisher, source.unknown) == ("Congressional Research Service", ())


# Bad ones


def test_a_pdf_locked_by_a_password_says_so(tmp_path):
    paper = Paper()
    paper.set_encryption(owner_password="o", user_password="u", permissions=AccessPermission.none())
    paper.page_with("Secret.")
    with pytest.raises(LoadError, match="locked by a password; save it without one"):
        paper.read(tmp_path)


def test_a_pdf_of_pictures_damaged_or_empty_says_so(tmp_path):
    for data, message in (
        (by_hand(""), "only pictures"),
        (by_hand("Words.")[:200], "damaged or cut short"),
        (b"%PDF-1.7\n", "damaged or cut short"),
        (b"", "file is empty"),
    ):
        (tmp_path / "a.pdf").write_bytes(data)
        with pytest.raises(LoadError, match=message):
            load(tmp_path / "a.pdf")
