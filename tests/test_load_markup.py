"""Web pages and Markdown: the main text without menus, nothing hidden, tables as rows, raised digits, stated metadata."""

from __future__ import annotations

import time

import pytest
from material import write_files

from rag.load import load


def page(folder, body, head="", lang=""):
    write_files(folder, {"a.html": f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>"})
    return load(folder / "a.html")


def headings(paper):
    return [paper.text[a:b] for a, b in paper.headings]


RULE = "<p>An exporter needs a licence for every shipment of the items that this rule names.</p>" * 4


# What is not shown


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>secret</p>",
        '<p style="display: none">secret</p>',
        '<p style="color: red; DISPLAY:NONE !important">secret</p>',
        '<span style="visibility:hidden">secret</span>',
        '<span style="font-size:0">secret</span>',
        '<span style="font-size: 0px; color: red">secret</span>',
        '<span style="opacity: 0">secret</span>',
        '<span style="color:#FFF">secret</span>',
        '<span style="color: white; background-color: #ffffff">secret</span>',
        '<font color="white">secret</font>',
        '<p class="ghost">secret</p>',
        '<span class="big sr-only">secret</span>',
        "<!-- secret -->",
        "<template>secret</template>",
        "<noscript>secret</noscript>",
        "<script>secret</script>",
        '<input type="hidden" value="secret">',
        '<div style="display:none"><div><p>secret</p></div></div>',
        '<p style="display : none">secret</p>',
        '<p style="display:/**/none">secret</p>',
        r'<p style="d\69splay:none">secret</p>',
        '<p style="display:none!important; display:block">secret</p>',
        '<p style="position:absolute; left:-999px">secret</p>',
        '<p style="position: fixed; top: -99em">secret</p>',
        '<p style="color:transparent">secret</p>',
        '<p style="color:rgba(0, 0, 0, 0)">secret</p>',
        '<p style="position:absolute; clip:rect(0,0,0,0)">secret</p>',
        '<p style="clip: rect(1px 1px 1px 1px)">secret</p>',
        '<p style="clip-path:inset(50%)">secret</p>',
        '<p style="clip-path:inset(100%)">secret</p>',
        '<p style="height:0; overflow:hidden">secret</p>',
        '<p style="transform:translate(2px) scale(0)">secret</p>',
        '<p style="opacity:.01">secret</p>',
        '<p style="opacity:0%">secret</p>',
        '<p style="font:0/0 a">secret</p>',
        '<p id="x">secret</p>',
        '<p class="aside note">secret</p>',
        '<p class="far" id="placed">secret</p>',
    ],
)
def test_what_a_reader_of_the_page_does_not_see_is_left_out(tmp_path, hidden):
    head = "<style>/* .all {} */ p { color: black } .ghost, #x { display: none; } P.note { display: none }</style>"
    head += "<style>.far { left: -9999px } #placed { position: absolute }</style>"
    paper = page(tmp_path, f"<h1>Rule</h1>{RULE}<p>Before {hidden} after.</p>", head)
    assert "secret" not in paper.text
    assert "Before" in paper.text
    assert "after." in paper.text


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="font-size:0.9em">plain words</p>',
        '<p style="opacity: 0.8">plain words</p>',
        '<p style="background: #003; color: white">plain words</p>',
        '<table bgcolor="navy"><tr><td style="color:#fff">plain words</td></tr></table>',
        '<p style="background-color: white">plain words</p>',
        '<p class="no-print">plain words</p>',
        '<p class="on-screen">plain words</p>',
        '<p style="color:rgb(0,0,0)">plain words</p>',
        '<p style="color:transparent; -webkit-background-clip:text">plain words</p>',
        '<p style="position:absolute; left:-5px; top:-20px">plain words</p>',
        '<p style="clip:rect(0,100px,20px,0)">plain words</p>',
        '<p style="clip-path:inset(10% 20%)">plain words</p>',
        '<p style="height:0; overflow:hidden; padding-bottom:56%">plain words</p>',
        '<p style="height:0">plain words</p>',
        '<p style="transform:scale(0.5)">plain words</p>',
        '<p style="opacity:.1">plain words</p>',
        '<p style="font:700 12px/1.5 Arial">plain words</p>',
        '<p style="display:none; display:block">plain words</p>',
        '<div class="note">plain words</div>',
        '<p class="tab active">plain words</p>',
        '<p class="fade in">plain words</p>',
        '<p class="again">plain words</p>',
        '<p class="note" style="display:block">plain words</p>',
    ],
)
def test_what_is_shown_stays(tmp_path, shown):
    head = "<style>@media print { .no-print { display: none } } p.note { display: none }</style>"
    head += "<style media='print'>.on-screen { display: none }</style>"
    head += "<style>.tab { display: none } .tab.active { display: block } .fade { opacity: 0 } .fade.in { opacity: 1 }"
    head += ".again { display: none } .again { display: block }</style>"
    assert "plain words" in page(tmp_path, f"<h1>Rule</h1>{RULE}{shown}", head).text


def test_a_class_that_no_rule_shows_again_stays_hidden(tmp_path):
    for rule in (".a.big { color: red }", ".a.big { display: none }", ".b:not(.a) { display: block }"):
        head = f"<style>.a {{ display: none }} {rule}</style>"
        assert "secret" not in page(tmp_path, f"<h1>Rule</h1>{RULE}<p class='a'>secret</p>", head).text


# Menus


MENU = "<nav><a href='/'>Home</a></nav><header><a>Sign in</a></header>"
FOOT = "<aside>Related news</aside><form>Search</form><div role='navigation'>Sections</div><footer>Privacy</footer>"


def test_menus_banners_forms_and_feet_of_a_page_go(tmp_path):
    paper = page(tmp_path, f"{MENU}<div><h1>Rule</h1>{RULE}</div>{FOOT}")
    for word in ("Home", "Sign in", "Related", "Search", "Sections", "Privacy"):
        assert word not in paper.text
    assert headings(paper) == ["Rule"]


def test_the_part_that_a_page_marks_as_its_main_one_is_taken(tmp_path):
    many = "".join(f"<p>Another story, number {n}, that has nothing to do with it.</p>" for n in range(40))
    paper = page(tmp_path, f"<div>{many}</div><main><h1>Rule</h1><p>One line.</p></main><div>{many}</div>")
    assert paper.text == "Rule\nOne line."


def test_an_article_keeps_its_own_header_and_notes(tmp_path):
    article = f"<article><header><h1>Rule</h1></header>{RULE}<aside>A note.</aside><footer>Signed.</footer></article>"
    paper = page(tmp_path, f"<header>Banner</header>{article}<footer>Privacy</footer>")
    assert headings(paper) == ["Rule"]
    assert "A note." in paper.text
    assert "Signed." in paper.text
    assert "Banner" not in paper.text


# Structure


def test_a_table_of_a_page_becomes_rows(tmp_path):
    table = "<table><tr><th>Chip</th><th>Points</th></tr><tr><td>910B<p>(2)</p></td><td>4,800</td></tr></table>"
    paper = page(tmp_path, f"<h1>Rule</h1>{RULE}{table}")
    assert "Chip | Points\n910B (2) | 4,800" in paper.text


def test_raised_digits_stay_raised_and_footnotes_stay_apart(tmp_path):
    text = page(
        tmp_path, "<h1>Rule</h1><p>More than 10<sup>26</sup> operations.<sup>[3]</sup> CO<sub>2</sub> too.</p>"
    ).text
    assert "More than 10²⁶ operations.³ CO₂ too." in text


def test_a_heading_over_two_lines_is_one_heading(tmp_path):
    assert headings(page(tmp_path, f"<h1>A rule<br>on chips</h1>{RULE}"))[0] == "A rule on chips"


def test_the_sections_of_the_ecfr_are_headings(tmp_path):
    section = '<section><h2>PART 744—CONTROL POLICY</h2><h3>§ 744.23 Supercomputers.</h3><p class="p">(a) General.</p></section>'
    paper = page(tmp_path, section)
    assert headings(paper) == ["PART 744—CONTROL POLICY", "§ 744.23 Supercomputers."]
    assert paper.source.title == "PART 744—CONTROL POLICY"


# What a page says of itself


def test_title_publisher_date_and_language_come_from_the_head(tmp_path):
    head = """<title>A rule on chips - Bureau</title><meta property="og:site_name" content="Bureau">
    <meta name="DC.date" content="2025-05-13"><link rel="canonical" href="https://example.org/rule">"""
    source = page(tmp_path, f"<h1>A rule on chips</h1>{RULE}", head, "en-GB").source
    assert (source.title, source.publisher, source.published) == ("A rule on chips", "Bureau", "2025-05-13")
    assert (source.language, source.url, source.unknown) == ("en-gb", "https://example.org/rule", ())


def test_the_tags_of_chinese_government_pages_are_read(tmp_path):
    head = """<meta name="ArticleTitle" content="商务部公告2025年第61号"><meta name="PubDate" content="2025/10/09 09:00">
    <meta name="ContentSource" content="安全与管制局">"""
    source = page(tmp_path, "<p>公布对相关物项实施出口管制的决定。</p>", head).source
    assert (source.title, source.publisher) == ("商务部公告2025年第61号", "安全与管制局")
    assert (source.published, source.language) == ("2025-10-09", "zh")


@pytest.mark.parametrize("said", ["0000-00-00", "2025-31-12", "2025-02-30", "0001-01-01", "soon"])
def test_a_day_of_a_page_that_is_none_counts_as_not_told(tmp_path, said):
    head = f'<meta name="date" content="{said}">'
    source = page(tmp_path, f"<h1>A rule on chips</h1>{RULE}", head).source
    assert (source.published, "date" in source.unknown) == ("", True)
    better = page(tmp_path, f"<h1>A rule on chips</h1>{RULE}", f'{head}<meta name="pubdate" content="2025-05-13">')
    assert better.source.published == "2025-05-13"


def test_a_page_without_such_tags_says_what_it_does_not_tell(tmp_path):
    assert page(tmp_path, RULE).source.unknown == ("title", "publisher", "date")


# Markdown


def markdown(folder, text):
    write_files(folder, {"a.md": text})
    return load(folder / "a.md")


def test_a_line_of_nothing_but_links_is_a_menu_and_goes(tmp_path):
    menu = "[Cite](u)[Share](u)[Home](u) > [Reports](u) > R48909\n\n"
    assert markdown(tmp_path, menu + "See [one](u), [two](u) and [three](u).").text == "See one, two and three."


def test_named_values_and_rows_without_a_head_stay_lines(tmp_path):
    text = "**Report No.:** IN1\n**Version:** 3\n\n| **Topics:** | Trade \n| **Author:** | Ann \n"
    assert markdown(tmp_path, text).text == "Report No.: IN1\nVersion: 3\nTopics: | Trade\nAuthor: | Ann"


def test_the_items_of_a_law_stay_apart_and_wrapped_prose_does_not_break(tmp_path):
    text = (
        "In this chapter:\n(1) The term “A” means\n(A) one; and\n(B) another as in subsection\n(b) of this section.\n"
    )
    assert markdown(tmp_path, text).text.split("\n") == [
        "In this chapter:",
        "(1) The term “A” means",
        "(A) one; and",
        "(B) another as in subsection (b) of this section.",
    ]


def test_the_headings_of_a_converted_ecfr_page_are_the_named_ones(tmp_path):
    text = "PART 770—INTERPRETATIONS\n\n### Part 770\n\n      § 770.1   Introduction.\n\n#### § § 770.1\n\n      In this part.\n"
    paper = markdown(tmp_path, text)
    assert headings(paper) == ["PART 770—INTERPRETATIONS", "Part 770", "§ 770.1 Introduction."]
    assert paper.source.title == "PART 770—INTERPRETATIONS"


def test_hidden_html_in_markdown_goes(tmp_path):
    text = "Words.\n\n<div style='display:none'>secret</div>\n\n<!-- secret -->\n\nMore **words **here.\n\n###\n"
    assert markdown(tmp_path, text).text == "Words.\nMore words here."


@pytest.mark.parametrize(
    "inline",
    [
        "<span hidden>secret</span>",
        "<span style='display:none'>secret **and <span>more</span> secret**</span>",
        "<script>secret()</script>",
        "<font color='white'>secret</font>",
        "<!-- secret -->",
        "<img hidden src='x'>",
    ],
)
def test_hidden_html_inside_a_line_of_markdown_goes(tmp_path, inline):
    assert markdown(tmp_path, f"Before {inline}after, <b>shown</b>.").text == "Before after, shown."


def test_raised_digits_in_markdown_stay_raised(tmp_path):
    assert markdown(tmp_path, "10<sup>26</sup> operations and H<sub>2</sub>O.").text == "10²⁶ operations and H₂O."


def test_a_style_sheet_that_is_none_takes_no_time(tmp_path):
    began = time.process_time()
    paper = page(tmp_path, f"<h1>Rule</h1>{RULE}", f"<style>{'a' * 200_000}</style><style>{'@x; ' * 5_000}</style>")
    assert "Rule" in paper.text
    assert time.process_time() - began < 10  # 40,000 letters alone took 5 seconds


def test_many_selectors_classes_and_declarations_take_time_in_proportion(tmp_path):
    names = [f"a{n}" for n in range(4_000)]
    rules = ",".join(f".a{n}" for n in range(4_000)) + "{" + "left:1px;" * 4_000 + "}.t{display:none}"
    states = "".join(f".t.{name}{{left:1px}}" for name in names)
    began = time.process_time()
    paper = page(tmp_path, f"{RULE}<p class='t {' '.join(names)}'>secret</p>", f"<style>{rules}{states}</style>")
    assert "secret" not in paper.text
    assert time.process_time() - began < 10
