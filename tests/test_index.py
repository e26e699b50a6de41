"""Search by meaning and by words on a real Chroma and a real BM25; what is left out; what is looked up."""

from __future__ import annotations

import shutil
import threading
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import document

from rag.datatypes import quote_key
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, QuoteUnknown
from rag.index import Generation, Index, writing
from rag.index.layout import Manifest, document_from, save_documents
from rag.split import split
from rag.text import words


@pytest.fixture(scope="module")
def index(library):
    opened = library.open()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def stored(index):
    return index.vectors(range(len(index)))[0]


def titles(index, hits):
    return [index.passage(hit.passage).document.source.title for hit in hits]


# By meaning


QUESTIONS = [
    "Which chips does the guidance name?",
    "gallium export ban",
    "镓出口",
    "zebra",
    "spare parts of lithography",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_by_meaning_agrees_with_the_exact_cosine(index, encoder, stored, question):
    vector = encoder.question(question)
    exact = stored @ vector
    hits = index.by_meaning(vector, len(index))
    assert [hit.passage for hit in hits] == list(np.argsort(-exact, kind="stable"))
    np.testing.assert_allclose([hit.score for hit in hits], sorted(exact, reverse=True), atol=1e-5)


def test_the_vectors_stored_are_those_of_the_encoder(index, encoder):
    from rag.index.write import searched_text

    number = index.by_words(["910b"], 1)[0].passage
    text, spans = searched_text(index.passage(number))
    assert [text[a:b] for a, b in spans] == [s.text for s in index.passage(number).sentences]
    whole, (parts,) = encoder.with_sentences([text], [spans])
    np.testing.assert_allclose(index.vectors([number])[0], whole, atol=1e-5)
    stored, sizes = index.sentence_vectors([number])
    assert sizes == [len(parts)]
    np.testing.assert_allclose(stored, parts, atol=1e-3)  # kept as float16


def test_by_meaning_gives_no_more_than_was_asked_for_or_than_there_is(index, encoder):
    vector = encoder.question("chips")
    assert [len(index.by_meaning(vector, k)) for k in (1, 3, 10_000)] == [1, 3, len(index)]


@settings(max_examples=40)
@given(st.data())
def test_a_filter_leaves_exactly_the_best_of_what_is_allowed(index, encoder, stored, data):
    """However few remain, and however far down they stand among all passages."""
    vector = encoder.question(data.draw(st.sampled_from(QUESTIONS)))
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index))))
    k = data.draw(st.integers(1, len(index) + 2))
    expected = [n for n in np.argsort(-(stored @ vector), kind="stable") if allowed[n]][:k]
    assert [hit.passage for hit in index.by_meaning(vector, k, allowed)] == expected


# By words


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("3A090", "Threshold rule"),
        ("eccn 3a090", "Threshold rule"),
        ("4800", "Threshold rule"),
        ("4,800", "Threshold rule"),
        ("Ascend 910C", "Guidance on Ascend chips"),
        ("锗和锑", "关于镓和锗的公告"),
        ("不许可", "关于镓和锗的公告"),
        ("Siliconia", "Leaflet on wafers"),
    ],
)
def test_by_words_finds_codes_numbers_and_names(index, question, title):
    assert titles(index, index.by_words(words(question), 3))[0] == title


@pytest.mark.parametrize("tokens", [[], ["zzzz"], ["910e"]])
def test_by_words_finds_nothing_where_no_word_stands(index, tokens):
    assert index.by_words(tokens, 5) == []


def test_by_words_gives_only_passages_that_hold_a_word(index):
    hits = index.by_words(words("lithography"), len(index))
    assert len(hits) == 1
    assert "lithography" in index.passage(hits[0].passage).text


def test_the_words_of_each_sentence_are_kept_as_numbers(index):
    for number in range(len(index)):
        said = [words(s.text) for s in index.passage(number).sentences]
        numbers, lengths = index.words_of(number)
        assert lengths.tolist() == [*map(len, said)]
        assert numbers.tolist() == index.word_numbers([w for own in said for w in own]).tolist()
    numbers, _ = index.words_of(0)
    assert not np.isin(numbers, index.word_numbers(["zzzz", "910e"])).any()


def test_inside_a_document_the_nearest_sentences_find_its_passages(index, encoder):
    vector = encoder.question("licence for chips")
    numbers = [n for n in range(len(index)) if index.passages_beside(n).sum() > 1]
    assert numbers, "the library has no document of several passages"
    own = index.passages_beside(numbers[0])
    assert {index.passage(n).document.id for n in np.flatnonzero(own)} == {index.passage(numbers[0]).document.id}
    expected = sorted(np.flatnonzero(own), key=lambda n: -float(index.nearness([n], vector)[0]))
    hits = index.by_sentences(vector, 3, own)
    assert [h.passage for h in hits] == expected[:3]
    assert hits[0].score == pytest.approx(float((index.sentence_vectors([expected[0]])[0] @ vector).max()))


def test_by_words_keeps_to_what_is_allowed(index):
    everything = index.by_words(words("chips licence"), len(index))
    assert len(everything) > 2
    allowed = np.zeros(len(index), bool)
    allowed[everything[-1].passage] = True
    assert index.by_words(words("chips licence"), len(index), allowed) == [everything[-1]]


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unseen_one_most(index):
    assert index.rarity("licenc") < index.rarity("lithographi") < index.rarity("zzzz")
    assert index.rarity("lithographi") == pytest.approx(np.log(1 + (len(index) - 1 + 0.5) / 1.5))


# Many passages


class Compass:
    """An encoder whose results can be worked out by hand: passage n points n tenths of a degree round a circle."""

    def with_sentences(self, texts, spans, progress=lambda _: None, sink=None):
        vectors = np.array([direction(int(text.split()[-1].rstrip("."))) for text in texts])
        for n, vector in enumerate(vectors):
            sink(n, np.array([[0, 5]]), vector[None])
        return vectors, [np.repeat(v[None], len(own), axis=0) for v, own in zip(vectors, spans, strict=True)]


def direction(tenths):
    return np.array([np.cos(np.radians(tenths / 10)), np.sin(np.radians(tenths / 10))], np.float32)


@pytest.fixture(scope="module")
def circle(tmp_path_factory):
    """3,600 passages, so many that Chroma keeps its graph in files of its own."""
    folder = tmp_path_factory.mktemp("circle") / "index"
    papers = [document(f"Passage {n}.", id=str(n)) for n in range(3600)]
    passages = [passage for paper in papers for passage in split(paper)]
    with writing(folder):
        generation = Generation(folder, "circle")
        assert generation.write(papers, passages, Compass(), None, lambda *_: None) == 3600
        generation.write_keys(papers, passages, 3)
        generation.switch(Manifest("f", "m", "r", "d", 3600, 3600, 3600))
    return folder


def test_among_many_the_nearest_are_found_in_order(circle):
    hits = Index.open(circle).by_meaning(direction(1000.2), 5)
    assert [hit.passage for hit in hits] == [1000, 1001, 999, 1002, 998]


def test_among_many_a_filter_that_leaves_two_far_ones_finds_both(circle):
    allowed = np.zeros(3600, bool)
    allowed[[2700, 2800]] = True
    hits = Index.open(circle).by_meaning(direction(0), 5, allowed)
    assert [hit.passage for hit in hits] == [2800, 2700]
    np.testing.assert_allclose([hit.score for hit in hits], np.cos(np.radians([80, 90])), atol=1e-5)


@pytest.mark.parametrize("size", [None, 0])
def test_a_large_index_without_its_graph_is_damaged_and_known_to_be(circle, tmp_path, size):
    spoilt = tmp_path / "index"
    shutil.copytree(circle, spoilt)
    (vectors,) = spoilt.glob("gen-*/chroma/*/data_level0.bin")
    if size is None:
        vectors.unlink()
    else:
        vectors.write_bytes(b"")
    assert Index.open(circle).is_sound()
    assert not Index.open(spoilt).is_sound()
    with pytest.raises(IndexDamaged, match=r"data_level0\.bin is gone or empty.*python -m rag index"):
        Index.open(spoilt).by_meaning(direction(0), 5)  # Chroma is not asked: its reader crashed here now and then


# Dates and sides


def allowed_titles(index, **by):
    mask = index.allowed(**by)
    return {index.passage(n).document.source.title for n in range(len(index)) if mask is None or mask[n]}


def test_nothing_is_left_out_unless_asked(index):
    assert index.allowed() is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 10, 24), set()),
        (date(2023, 10, 25), {"Threshold rule"}),
        (date(2024, 12, 3), {"Threshold rule", "关于镓和锗的公告"}),
    ],
)
def test_as_of_a_day_only_what_was_published_by_then_is_searched(index, day, expected):
    assert allowed_titles(index, as_of=day) == expected


def test_an_undated_document_is_out_on_every_day_but_in_without_one(index):
    assert "Leaflet on wafers" not in allowed_titles(index, as_of=date(9999, 1, 1))
    assert "Leaflet on wafers" in allowed_titles(index)


def test_a_side_leaves_the_others_out(index):
    assert allowed_titles(index, side="china") == {"关于镓和锗的公告"}
    assert allowed_titles(index, side="industry") == {"Remarks at a trade fair"}
    assert allowed_titles(index, side="nobody") == set()


def test_day_and_side_hold_together(index):
    assert allowed_titles(index, side="us", as_of=date(2024, 1, 1)) == {"Threshold rule"}


# Looking up


def test_every_passage_and_sentence_is_a_slice_of_its_document(index):
    for number in range(len(index)):
        passage = index.passage(number)
        for span in (passage, *passage.sentences):
            assert span.text == index.document(passage.document.id).text[span.start : span.end]


def test_documents_come_back_as_they_went_in(index, library):
    from rag.load import load_all

    assert list(index.documents()) == load_all([library.corpus]).documents


def test_a_document_that_is_not_there_is_named(index):
    with pytest.raises(QuoteUnknown, match="holds no document 'nowhere'"):
        index.document("nowhere")


def test_every_key_leads_to_its_place_and_to_no_other(index):
    wanted = {(r.document.id, r.start, r.end): r for n in range(len(index)) for r in index.passage(n).runs(3)}
    sizes = [len(index.passage(n).sentences) for n in range(len(index))]
    assert len(wanted) == sum(m + max(m - 1, 0) + max(m - 2, 0) for m in sizes)
    for (name, start, end), run in wanted.items():
        places = index.places(quote_key(name, run.document.version, start, end))
        assert [(p.document.id, p.start, p.end) for p in places] == [(name, start, end)]


@pytest.mark.parametrize(
    "key", ["", "ffffffff", "FFFFFFFF", "1234567", "123456789", "zzzzzzzz", "-1234567", "１２３４５６７８"]
)
def test_a_key_of_nothing_has_no_place(index, key):
    assert index.places(key) == []


def test_two_places_with_one_key_are_both_given(copied):
    reader = copied.open()
    path = reader.path / "keys.npy"
    rows = np.array(np.load(path))
    rows[1, 0] = rows[0, 0]  # a collision made by hand; by chance there is one in some ten thousand sentences
    np.save(path, np.asfortranarray(rows))
    assert len(reader.places(f"{rows[0, 0]:08x}")) == 2
    reader.close()


def test_a_lost_key_file_says_how_to_get_it_back(copied):
    reader = copied.open()
    (reader.path / "keys.npy").unlink()
    with pytest.raises(IndexDamaged, match="python -m rag index"):
        reader.places("00000000")
    assert not reader.is_sound()
    reader.close()


def test_opening_again_gives_the_same(index, library, encoder):
    again = library.open()
    vector = encoder.question("Which chips?")
    assert again.manifest == index.manifest
    assert again.by_meaning(vector, 5) == index.by_meaning(vector, 5)
    assert again.by_words(["licenc"], 5) == index.by_words(["licenc"], 5)
    again.close()


def test_threads_may_share_an_index(index, encoder):
    vectors = [encoder.question(q) for q in QUESTIONS]
    expected = [(index.by_meaning(v, 4), [index.passage(n).text for n in range(len(index))]) for v in vectors]
    found = [None] * len(vectors)

    def search(n):
        for _ in range(5):
            index._document_cached.cache_clear()
            found[n] = (index.by_meaning(vectors[n], 4), [index.passage(m).text for m in range(len(index))])

    threads = [threading.Thread(target=search, args=(n,)) for n in range(len(vectors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


# What cannot be opened


def test_an_index_of_another_model_is_refused_and_says_both_ways_out(library):
    with pytest.raises(IndexMismatch, match=r"'all-MiniLM-L6-v2'.*python -m rag index.*CHIPQUOTE_MODEL back"):
        Index.open(library.index, "another fingerprint")


@pytest.mark.parametrize("place", ["nothing", "file"])
def test_no_index_says_how_to_build_one(tmp_path, place):
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexMissing, match=r"There is no index in .*Run `python -m rag index`"):
        Index.open(tmp_path / place)


def spoil_current(path, content):
    (path.parent / "current").write_bytes(content)


def truncate(path, name, size=None):
    file = path / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2 if size is None else size])


DAMAGE = {
    "current names nothing": lambda path: spoil_current(path, b"gen-gone"),
    "current is empty": lambda path: spoil_current(path, b""),
    "current is garbage": lambda path: spoil_current(path, b"\xff\xfe\x00"),
    "no manifest": lambda path: (path / "manifest.json").unlink(),
    "empty manifest": lambda path: truncate(path, "manifest.json", 0),
    "half a manifest": lambda path: truncate(path, "manifest.json"),
    "manifest of another version": lambda path: (path / "manifest.json").write_text('{"format": 99}'),
    "manifest that is a list": lambda path: (path / "manifest.json").write_text("[]"),
    "no catalog": lambda path: (path / "catalog.sqlite").unlink(),
    "empty catalog": lambda path: truncate(path, "catalog.sqlite", 0),
    "half a catalog": lambda path: truncate(path, "catalog.sqlite"),
    "half the passages": lambda path: truncate(path, "passages.npy"),
    "empty passages": lambda path: truncate(path, "passages.npy", 0),
    "half the sentence vectors": lambda path: truncate(path, "sentence_vectors.npy"),
    "half the numbers of words": lambda path: truncate(path, "words.npy"),
    "no rows of words": lambda path: (path / "word_rows.npy").unlink(),
    "empty ids": lambda path: truncate(path, "ids.npy", 0),
    "no words": lambda path: (path / "bm25" / "indices.csc.index.npy").unlink(),
    "half the words": lambda path: truncate(path, "bm25/indices.csc.index.npy"),
    "no vocabulary": lambda path: truncate(path, "bm25/vocab.index.json", 0),
    "no chroma": lambda path: (path / "chroma" / "chroma.sqlite3").unlink(),
    "empty chroma": lambda path: truncate(path, "chroma/chroma.sqlite3", 0),
    "half of chroma": lambda path: truncate(path, "chroma/chroma.sqlite3"),
}  # fmt: skip


def use(folder):
    """Every part of an index once."""
    index = Index.open(folder)
    list(index.documents())
    return (
        index.by_words(["910b"], 1),
        index.by_meaning(np.ones(384, np.float32), 1),
        index.sentence_vectors([0]),
        index.words_of(0),
    )


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_says_how_to_rebuild_it(copied, damage):
    DAMAGE[damage](copied.current())
    with pytest.raises(IndexDamaged, match="python -m rag index"):
        use(copied.index)


@pytest.mark.parametrize("damage", ["current names nothing", "half a catalog", "no words", "empty chroma"])
def test_the_remedy_for_a_damaged_index_works_though_no_file_of_the_corpus_has_changed(copied, damage):
    DAMAGE[damage](copied.current())
    assert copied.build().changed
    assert use(copied.index)[0]


def test_a_folder_with_odd_characters_can_hold_an_index(copied, tmp_path):
    odd = tmp_path / "in dex #1?%20 索引"
    copied.index.rename(odd)
    opened = Index.open(odd)
    assert len(list(opened.documents())) == 8
    assert opened.by_words(["910b"], 1)


# On disk


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50), st.text("ab'\"; 国", max_size=9))
def test_the_catalog_gives_back_any_document(tmp_path, text, title):
    import sqlite3

    path = tmp_path / "catalog.sqlite"
    path.unlink(missing_ok=True)
    paper = document(text, title=title, superseded_by=("a", "b"))
    save_documents(path, [paper])
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    assert document_from(db.execute("SELECT * FROM documents").fetchone()) == paper
    db.close()


def test_a_manifest_is_written_whole_and_read_back(tmp_path, index):
    index.manifest.save(tmp_path)
    assert Manifest.read(tmp_path) == index.manifest
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]
