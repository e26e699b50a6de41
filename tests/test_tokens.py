"""Token states in the index: packed to bytes, kept by sentence, taken over by a rebuild, refused when cut short."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index.tokens import HEAD, STATES, Pieces, TokenReader, TokenWriter, telling


def states(*rows):
    return np.array(rows, np.float16)


def test_stop_words_and_marks_are_not_kept():
    text = "The zebra is, as 4800 says, not free."
    pieces = np.array([(0, 3), (4, 9), (10, 12), (12, 13), (14, 16), (17, 21), (27, 30), (28, 31)])
    assert telling(text, pieces).tolist() == [False, True, False, False, False, True, True, True]


def test_pieces_come_back_by_sentence_nearly_as_they_were(tmp_path):
    rng = np.random.default_rng(0)
    full = rng.normal(size=(300, 40)).astype(np.float16)
    owners = rng.integers(HEAD, 4, 300).astype(np.int16)
    writer = TokenWriter(tmp_path, None)
    writer.add([(full[:200], owners[:200]), (full[200:], owners[200:])], [None, None])
    writer.close()
    reader = TokenReader(tmp_path)
    assert len(reader) == 2
    got = reader.pieces(0)
    assert got.owners.tolist() == sorted(owners[:200].tolist())
    order = np.argsort(owners[:200], kind="stable")
    whole = reader.turned(full[:200][order].astype(np.float32))
    cosines = (whole * (got.states / 127)).sum(axis=1)
    assert cosines.min() > 0.99


def test_a_later_build_keeps_the_axes_and_the_bytes_of_the_one_before(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = TokenWriter(tmp_path / "a", None)
    first.add([(states((1, 0), (0, 1)), np.array([0, 0], np.int16))], [None])
    first.close()
    old = TokenReader(tmp_path / "a")
    second = TokenWriter(tmp_path / "b", old.axes)
    second.add([None], [old.pieces(0)])
    second.close()
    new = TokenReader(tmp_path / "b")
    assert (new.axes == old.axes).all()
    assert (new.pieces(0).states == old.pieces(0).states).all()


def test_a_passage_without_a_telling_piece_has_none(tmp_path):
    writer = TokenWriter(tmp_path, np.eye(2, dtype=np.float32))
    writer.add([(np.zeros((0, 2), np.float16), np.zeros(0, np.int16))], [None])
    writer.close()
    assert len(TokenReader(tmp_path).pieces(0).owners) == 0


def test_a_passage_that_is_neither_fresh_nor_kept_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="neither fresh nor kept"):
        TokenWriter(tmp_path, np.eye(2, dtype=np.float32)).add([None], [None])


def test_states_cut_short_are_noticed(tmp_path):
    writer = TokenWriter(tmp_path, np.eye(2, dtype=np.float32))
    writer.add([None], [Pieces(np.ones((3, 2), np.int8), np.zeros(3, np.int16))])
    writer.close()
    (tmp_path / STATES).write_bytes(b"\x01")
    with pytest.raises(ValueError, match="not whole"):
        TokenReader(tmp_path)
