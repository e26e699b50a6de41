"""Flags, then CHIPQUOTE_… variables, then a TOML file, then defaults."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def test_defaults_need_nothing_set():
    settings = load_settings()
    assert settings.model == "all-MiniLM-L6-v2"
    assert settings.host == "127.0.0.1"
    assert [path.name for path in settings.corpus] == ["records"]
    assert len(Settings.model_fields) <= 13


def test_fetched_documents_belong_to_the_default_corpus_only(tmp_path):
    data = load_settings().data
    assert data == tmp_path / "data"
    (data / "sources").mkdir(parents=True)
    assert load_settings().corpus[1:] == (data / "sources",)
    assert load_settings(corpus=(tmp_path,)).corpus == (tmp_path,)


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(monkeypatch):
    assert load_settings().quotes == 3
    Path("chipquote.toml").write_text("quotes = 1\npassages = 7\n")
    assert (load_settings().quotes, load_settings().passages) == (1, 7)
    monkeypatch.setenv("CHIPQUOTE_QUOTES", "2")
    assert (load_settings().quotes, load_settings().passages) == (2, 7)
    assert load_settings(quotes=5, passages=None).quotes == 5


def test_the_file_may_lie_anywhere(monkeypatch, tmp_path):
    (tmp_path / "other.toml").write_text('model = "other"\n')
    monkeypatch.setenv("CHIPQUOTE_CONFIG", str(tmp_path / "other.toml"))
    assert load_settings().model == "other"


def test_the_corpus_may_be_several_folders(monkeypatch):
    monkeypatch.setenv("CHIPQUOTE_CORPUS", os.pathsep.join(["a", "~/b", ""]))
    assert load_settings().corpus == (Path("a"), Path.home() / "b")
    Path("chipquote.toml").write_text('corpus = ["c", "d"]\n')
    monkeypatch.delenv("CHIPQUOTE_CORPUS")
    assert load_settings().corpus == (Path("c"), Path("d"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("quotes", 0), ("quotes", 6), ("passages", 0), ("port", 70_000), ("port", -1), ("corpus", ())],
)
def test_an_impossible_value_names_the_setting_and_the_places_to_mend_it(name, value):
    with pytest.raises(SettingsError, match=f"{name!r} is wrong: .*CHIPQUOTE_{name.upper()} or the TOML file"):
        load_settings(**{name: value})


def test_an_unknown_setting_in_the_file_is_refused_with_the_known_ones():
    Path("chipquote.toml").write_text("treshold = 0.1\n")
    with pytest.raises(SettingsError, match=r"no setting 'treshold'\. There are: data, corpus, index, model"):
        load_settings()


def test_settings_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        load_settings().quotes = 4
