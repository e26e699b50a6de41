"""A build from end to end: only what changed, switched in whole, one writer, readers undisturbed, kill -9 survived."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from material import LIBRARY, MODEL, ROOT, Shelf, environment, write_files

from rag.build import build, is_stale
from rag.embed import encoder_folder
from rag.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexNotWritable, LoadError, ModelError
from rag.index import Index, writing
from rag.pipeline import Pipeline

CHIPS = "---\nid: chips\ntitle: Chips\n---\nThe zebra chip needs a licence.\n"
CHIPS_2 = "---\nid: chips\ntitle: Chips\n---\nThe okapi chip needs a licence.\n"
TOOLS = "---\nid: tools\ntitle: Tools\n---\nSpare parts stay free. Tools do not.\n"


def found(index: Index, word: str) -> list[str]:
    return [index.passage(hit.passage).text for hit in index.by_words([word], 5)]


def now(shelf: Shelf, word: str) -> list[str]:
    """What a reader who comes now finds by a word."""
    index = shelf.open()
    try:
        return found(index, word)
    finally:
        index.close()


@pytest.fixture
def two(shelf):
    shelf.write(chips_md=CHIPS, tools_md=TOOLS)
    shelf.build()
    return shelf


# What is embedded


def test_the_first_build_embeds_every_passage_and_says_what_it_did(shelf):
    shelf.write(chips_md=CHIPS, tools_md=TOOLS, notes_odt="x")
    report = shelf.build()
    assert (report.documents, report.passages, report.sentences, report.embedded) == (2, 2, 3, 2)
    assert report.changed
    assert report.skipped == {".odt": 1}
    assert 0 < report.embedding_seconds <= report.seconds


def test_passages_of_the_same_words_share_a_vector_in_the_next_build(shelf):
    same = "---\ntitle: Same title\nurl: https://example.org/{}\n---\nThe zebra chip needs a licence.\n"
    shelf.write(a_md=same.format("a"), b_md=same.format("b"), tools_md=TOOLS)
    assert shelf.build().documents == 3
    shelf.write(tools_md=TOOLS.replace("stay free", "stay shut"))
    report = shelf.build()
    assert (report.embedded, report.passages) == (1, 3)
    assert len(now(shelf, "zebra")) == 2


def test_a_second_build_embeds_nothing_and_makes_no_new_generation(two):
    before = two.current()
    report = two.build()
    assert (report.embedded, report.changed) == (0, False)
    assert two.current() == before


def test_editing_one_file_embeds_only_its_passages(two):
    two.write(chips_md=CHIPS_2)
    report = two.build()
    assert (report.passages, report.embedded, report.changed) == (2, 1, True)
    index = two.open()
    assert found(index, "okapi") == ["The okapi chip needs a licence."]
    assert found(index, "zebra") == []


def test_vectors_taken_over_are_those_that_a_fresh_build_makes(two, tmp_path, new_index, encoder):
    two.write(chips_md=CHIPS_2)
    two.build()
    fresh = Shelf(two.corpus, new_index(tmp_path / "fresh"))
    fresh.build()
    for question in ("okapi", "spare parts"):
        vector = encoder.question(question)
        one, other = two.open().by_meaning(vector, 2), fresh.open().by_meaning(vector, 2)
        assert [hit.passage for hit in one] == [hit.passage for hit in other]
        assert [hit.score for hit in one] == pytest.approx([hit.score for hit in other], abs=1e-5)


def test_a_change_of_date_alone_embeds_nothing_but_is_seen(two):
    two.write(chips_md=CHIPS.replace("title:", "date: 2025-05-13\ntitle:"))
    report = two.build()
    assert (report.embedded, report.changed) == (0, True)
    assert two.open().document("chips").source.published == "2025-05-13"


def test_a_removed_file_leaves_the_index(two):
    (two.corpus / "chips.md").unlink()
    assert two.build().documents == 1
    assert now(two, "zebra") == []


def test_a_moved_file_keeps_its_vectors_and_is_found_at_its_new_place(two):
    (two.corpus / "chips.md").rename(two.corpus / "moved.md")
    assert two.build().embedded == 0
    assert two.open().document("chips").path == str(two.corpus / "moved.md")


def test_two_identical_files_count_once_and_it_is_said(two):
    shutil.copy(two.corpus / "chips.md", two.corpus / "copy.md")
    report = two.build()
    assert report.documents == 2
    assert report.failures == {
        str(two.corpus / "copy.md"): f"the same document as {two.corpus / 'chips.md'}; indexed once"
    }


def test_a_bad_file_is_named_and_the_rest_is_indexed(two):
    two.write(bad_md=b"\x00\x01\x02")
    report = two.build()
    assert report.documents == 2
    (reason,) = report.failures.values()
    assert "binary" in reason


def test_a_corpus_of_headings_alone_can_be_indexed_and_answers_nothing(shelf):
    shelf.write(only_md="# A heading\n")
    assert shelf.build().passages == 0
    answer = shelf.pipeline().ask("What is a heading?")
    assert (answer.outcome, answer.quotes) == ("not_found", ())


def test_nothing_to_index_is_an_error_and_the_old_index_stays(two):
    for file in two.corpus.iterdir():
        file.unlink()
    with pytest.raises(LoadError, match=r"Nothing to index in .*Put Markdown, text, HTML, DOCX or PDF files there"):
        two.build()
    assert now(two, "zebra")


def test_a_corpus_of_which_no_file_can_be_read_says_why(shelf):
    shelf.write(bad_md=b"\x00\x01\x02")
    with pytest.raises(LoadError, match=r"(?s)Nothing to index.*bad\.md: this is a binary file"):
        shelf.build()
    assert shelf.generations() == []


# Paths added by hand


def test_an_added_path_is_remembered_and_forgotten_when_it_is_gone(two, tmp_path):
    extra = write_files(tmp_path / "extra", {"x.txt": "The quagga clause ends in June."})
    assert two.build(extra).documents == 3
    assert two.build().documents == 3
    assert two.open().manifest.added == [str(extra)]
    shutil.rmtree(extra)
    assert two.build().documents == 2
    assert two.open().manifest.added == []


def test_what_was_added_by_hand_outlives_a_damaged_index(two, tmp_path):
    extra = write_files(tmp_path / "extra", {"x.txt": "The quagga clause ends in June."})
    two.build(extra)
    words = two.settings.index / two.current() / "words.npy"
    words.write_bytes(words.read_bytes()[:40])
    with pytest.raises(IndexDamaged):
        two.open()
    report = two.build()
    assert (report.documents, report.missing) == (3, [])
    assert two.open().manifest.added == [str(extra)]
    shutil.rmtree(extra)
    assert two.build().missing == [extra]


def test_a_path_taken_out_again_is_no_longer_quoted_and_its_files_stay(two, tmp_path):
    extra = write_files(tmp_path / "extra", {"x.txt": "The quagga clause ends in June."})
    two.build(extra)
    assert now(two, "quagga")
    report = build(two.settings, forget=[extra])
    assert (report.documents, report.embedded) == (2, 0)
    assert now(two, "quagga") == []
    assert (extra / "x.txt").is_file()


def test_a_path_that_was_never_added_cannot_be_taken_out(two, tmp_path):
    before = two.current()
    with pytest.raises(LoadError, match=r"was not added to this index\. Added were: nothing"):
        build(two.settings, forget=[tmp_path / "nowhere"])
    assert two.current() == before


def test_a_file_that_changes_while_it_is_read_leaves_the_index_stale(two, monkeypatch):
    import rag.build

    real = rag.build.load_all

    def read_then_change(paths, progress):
        loaded = real(paths, progress)
        two.write(tools_md=TOOLS + "A line more than was read.\n")
        return loaded

    monkeypatch.setattr(rag.build, "load_all", read_then_change)
    two.build()
    monkeypatch.undo()
    assert is_stale(two.settings)


def test_a_path_may_be_added_relative_to_where_one_stands(two, tmp_path, monkeypatch):
    write_files(tmp_path / "extra", {"x.txt": "The quagga clause ends in June."})
    monkeypatch.chdir(tmp_path / "extra")
    two.build(Path("x.txt"))
    monkeypatch.chdir("/")
    assert two.build().documents == 3


def test_a_path_that_does_not_exist_is_refused_and_the_old_index_stays(two, tmp_path):
    with pytest.raises(LoadError, match=r"There is no file or folder .*nowhere"):
        two.build(tmp_path / "nowhere")
    assert now(two, "zebra")


def test_a_path_inside_the_corpus_counts_once(two):
    assert two.build(two.corpus / "chips.md").documents == 2


# Stale or not


def test_an_index_is_stale_until_built_and_after_any_change(shelf):
    shelf.write(chips_md=CHIPS)
    assert is_stale(shelf.settings)
    shelf.build()
    assert not is_stale(shelf.settings)
    shelf.write(tools_md=TOOLS)
    assert is_stale(shelf.settings)
    shelf.build()
    (shelf.corpus / "tools.md").unlink()
    assert is_stale(shelf.settings)
    shelf.build()
    shelf.write(**{"chips.md_json": '{"date": "2025-05-13"}'})
    assert is_stale(shelf.settings)
    shelf.build()
    assert not is_stale(shelf.settings)
    assert is_stale(shelf.settings.model_copy(update={"model": "another"}))


# Readers


def test_a_reader_keeps_the_index_it_opened_and_a_new_one_sees_the_new(two, encoder):
    reader = two.open()
    vector = encoder.question("zebra")
    two.write(chips_md=CHIPS_2)
    two.build()
    assert found(reader, "zebra")
    assert len(reader.by_meaning(vector, 5)) == 2
    assert reader.document("chips").text == "The zebra chip needs a licence."
    assert now(two, "okapi")
    assert len(two.generations()) == 2
    reader.close()
    two.build()
    assert len(two.generations()) == 1


def test_a_reader_is_undisturbed_by_builds_that_change_nothing_and_come_back(two):
    """Touching a file rewrites the manifest; going back to an older text makes an older generation's contents."""
    reader = two.open()
    os.utime(two.corpus / "tools.md", (1, 1))
    two.build()
    for text in (CHIPS_2, CHIPS, CHIPS_2):
        two.write(chips_md=text)
        two.build()
    reader._document_cached.cache_clear()
    assert found(reader, "zebra") == ["The zebra chip needs a licence."]
    assert reader.path.is_dir()


def test_a_switch_between_two_steps_of_opening_is_followed(two, monkeypatch):
    """The name is read, then the generation cleared away, then its files are opened: the new one is opened instead."""
    from rag.index import layout

    real, calls = layout.Manifest.read, []

    def read(folder):
        if not calls.append(folder) and len(calls) == 1:
            monkeypatch.undo()
            two.write(chips_md=CHIPS_2)
            two.build()
        return real(folder)

    monkeypatch.setattr(layout.Manifest, "read", read)
    assert now(two, "okapi")


# One writer


def test_a_second_writer_is_refused_at_once_while_readers_go_on(two):
    hold = f"import sys\nfrom pathlib import Path\nfrom rag.index import writing\nwith writing(Path({str(two.index)!r})):\n"
    hold += "    print('held', flush=True); sys.stdin.read()\n"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(IndexBusy, match=r"Another process is building the index in .*Wait until it has finished"):
            two.build()
        assert now(two, "zebra")
        other.kill()
    assert two.build().documents == 2  # the lock died with its process


# Killed


def killed_at(shelf: Shelf, event: str, name: str) -> None:
    """Run a build that is killed with -9 in the instant before it does `event` to a path that contains `name`."""
    code = (
        "import os, signal, sys\n"
        "def die(event, args):\n"
        f"    if event == {event!r} and any({name!r} in os.fsdecode(a) for a in args if isinstance(a, (str, bytes, os.PathLike))):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.addaudithook(die)\n"
        "from rag.__main__ import main\n"
        "main(['index'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], env=environment(shelf), capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, f"the build never came to {event} {name}: {ran.stderr.decode()}"


@pytest.mark.parametrize(
    ("event", "name", "switched"),
    [
        ("sqlite3.connect", "catalog.sqlite", False),
        ("open", "bm25", False),
        ("open", "sentence_vectors.npy", False),
        ("os.rename", "manifest.json", False),
        ("os.rename", ".current.", False),
        ("shutil.rmtree", "gen-", True),
    ],
)
def test_a_build_killed_at_any_point_leaves_a_whole_index_and_the_next_build_clears_up(two, event, name, switched):
    two.write(chips_md=CHIPS_2)
    killed_at(two, event, name)
    assert bool(now(two, "okapi")) == switched
    assert bool(now(two, "zebra")) == (not switched)
    report = two.build()
    assert report.changed == (not switched)
    assert now(two, "okapi")
    assert two.generations() == [two.current().name]
    assert [path.name for path in two.index.iterdir() if path.name.startswith(".")] == []


def test_a_build_killed_from_outside_while_it_embeds_leaves_the_old_index(two):
    two.write(chips_md=CHIPS_2, many_txt="\n".join(f"Sentence number {n} about chips and tools." for n in range(4000)))
    before = two.generations()
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "index"], env=environment(two), stderr=subprocess.DEVNULL, cwd=ROOT
    ) as process:
        while process.poll() is None and not list(two.index.glob("gen-*/chroma/chroma.sqlite3"))[1:]:
            pass
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert len(two.generations()) == len(before) + 1
    assert now(two, "zebra")
    (two.corpus / "many.txt").unlink()
    two.build()
    assert len(two.generations()) == 1


def test_an_export_that_was_killed_is_cleared_away(two):
    left = two.index / ".encoder-all-MiniLM.123"
    left.mkdir()
    (left / "model.onnx").write_bytes(b"half")
    two.build()
    assert not left.exists()


# The encoder


def test_a_damaged_encoder_is_made_anew_by_the_next_build(two, exported, monkeypatch):
    """The export itself takes ten seconds; here it is played by a copy of what it made."""
    folder = encoder_folder(two.index, MODEL)
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="python -m rag index"):
        two.pipeline()
    made = []

    def export(model, folder):
        made.append(model)
        shutil.rmtree(folder)
        shutil.copytree(exported, folder, copy_function=os.link)

    monkeypatch.setattr("rag.build.export", export)
    two.build()
    assert made == [MODEL]
    assert two.pipeline().ask("Do spare parts stay free?").quotes


def test_an_index_of_another_model_is_refused_by_ask_and_made_anew_by_index(two):
    """The other model is the same weights read to 128 tokens: another fingerprint, another folder."""
    other = two.settings.model_copy(update={"model": "other"})
    folder = encoder_folder(two.index, "other")
    shutil.copytree(encoder_folder(two.index, MODEL), folder)
    recipe = (folder / "encoder.json").read_text()
    (folder / "encoder.json").write_text(recipe.replace('"max_tokens": 256', '"max_tokens": 128'))
    with pytest.raises(IndexMismatch, match=r"made with the model 'all-MiniLM-L6-v2'.*python -m rag index"):
        Pipeline.open(other)
    assert build(other).embedded == 2
    assert Pipeline.open(other).ask("Do spare parts stay free?").quotes
    with pytest.raises(IndexMismatch, match="made with the model 'other'"):
        two.pipeline()


# Folders that cannot be written


def test_an_index_that_is_a_file_is_no_place_to_write(shelf, tmp_path):
    shelf.write(chips_md=CHIPS)
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexNotWritable, match="is no folder; set CHIPQUOTE_INDEX to one"):
            replace(shelf, index=place).build()


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from rag.__main__ import main
main(["index"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize("limit", [300, 200_000])
def test_no_room_left_is_said_and_the_last_good_index_still_serves(two, limit):
    """A limit on the size of a file stands for a full disk: writes fail in the same places."""
    two.write(chips_md=CHIPS_2, many_txt="\n".join(f"Sentence number {n} about chips." for n in range(300)))
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit)], env=environment(two), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "has no room left; free some space, the last good index still serves" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert now(two, "zebra")
    assert two.build().documents == 3


def test_the_writers_place_is_free_again_after_an_error(two):
    with pytest.raises(ZeroDivisionError), writing(two.index):
        raise ZeroDivisionError
    with writing(two.index):
        pass


def test_the_library_builds_the_same_index_in_another_place(library, tmp_path, new_index):
    other = Shelf(write_files(tmp_path / "corpus", dict(LIBRARY)), new_index(tmp_path / "index"))
    other.build()
    one, two = library.open(), other.open()
    assert [one.passage(n).text for n in range(len(one))] == [two.passage(n).text for n in range(len(two))]
    assert [d.version for d in one.documents()] == [d.version for d in two.documents()]
