"""The few dials, each with a default and a reason. Flags come first, then CHIPQUOTE_… variables, then a TOML file.

The file is `chipquote.toml` in the current folder, or the one that CHIPQUOTE_CONFIG names.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import SettingsError

_HERE = Path(__file__).resolve().parent
_CHECKOUT = _HERE.parent
SOURCES = "sources"  # the folder of fetched documents in the data folder


def _default_data() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("chipquote"))


def _records() -> Path:
    packaged = _HERE / "records"  # a wheel carries the records here
    return packaged if packaged.is_dir() else _CHECKOUT / "corpus" / "records"


def _default_corpus(given: dict[str, Any]) -> tuple[Path, ...]:
    """The records, and what `fetch` brought: whoever names a corpus gets exactly that one."""
    fetched = given["data"] / SOURCES
    return (_records(), fetched) if fetched.is_dir() else (_records(),)


def _default_index(given: dict[str, Any]) -> Path:
    return _CHECKOUT / ".index" if (_CHECKOUT / "pyproject.toml").is_file() else Path(given["data"]) / "index"


class Settings(BaseSettings):
    """Every setting there is. Each can be given as `CHIPQUOTE_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="CHIPQUOTE_", extra="forbid", frozen=True)

    data: Path = Field(
        default_factory=_default_data, description="Folder of what `fetch` and `index URL` bring, and of feedback."
    )
    corpus: Annotated[tuple[Path, ...], NoDecode] = Field(
        default_factory=_default_corpus,
        min_length=1,
        description="Folders or files to index, separated by ':' (';' on Windows).",
    )
    index: Path = Field(default_factory=_default_index, description="Folder of the index; disposable.")
    model: str = Field(
        default="all-MiniLM-L6-v2",
        description="Embedding model: the packaged default, a folder, or a sentence-transformers name on a hub.",
    )
    quotes: int = Field(default=3, ge=1, le=5, description="Most quotes in an answer; more than five are not read.")
    passages: int = Field(default=32, ge=1, le=500, description="Passages retrieved before quotes are chosen.")
    depth: Literal["fast", "standard", "wide"] = Field(
        default="standard",
        description="How much is read with the question: fast reads nothing (a tenth of the time), wide twice as much.",
    )
    reader: str = Field(
        default="",
        description="A sentence-transformers CrossEncoder (folder or hub name) in place of the packaged reader.",
    )
    host: str = Field(default="127.0.0.1", description="Address to serve on; loopback unless told otherwise.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port to serve on; 0 takes a free one.")
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Sites whose pages may call the API and frame ours, as https://host, separated by spaces.",
    )
    budget: int = Field(
        default=60,
        ge=0,
        description="Questions a minute from one address; one other site's pages ten times that; 0 sets no limit.",
    )
    sign_in: SecretStr = Field(
        default=SecretStr(""),
        description="Who may open the chat: a line of `password`, or header:NAME of a trusted proxy; empty: everybody.",
    )

    @property
    def sources(self) -> Path:
        """Where `fetch` keeps the primary documents."""
        return self.data / SOURCES

    @field_validator("corpus", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        return value

    @field_validator("origins", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not re.fullmatch(r"https?://[a-z0-9.-]+(?::\d+)?|https?://\[[0-9a-f:.]+\](?::\d+)?", origin):
                raise ValueError(f"{origin} is no origin; write it like https://example.org, in small letters")
        return value

    @field_validator("data", "corpus", "index")
    @classmethod
    def _expanded(cls, value: Any) -> Any:
        if isinstance(value, Path):
            return value.expanduser()
        return tuple(path.expanduser() for path in value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the TOML file."""
        file = Path(os.environ.get("CHIPQUOTE_CONFIG", "chipquote.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)


def load_settings(**flags: Any) -> Settings:
    """The settings in force; flags that are None do not count.

    Raises SettingsError naming the setting and where it can be set.
    """
    config = os.environ.get("CHIPQUOTE_CONFIG")
    if config and not Path(config).is_file():
        raise SettingsError(f"CHIPQUOTE_CONFIG names {config}, and there is no such file.")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        if first["type"] == "extra_forbidden":
            raise SettingsError(
                f"There is no setting {name!r}. There are: {', '.join(Settings.model_fields)}."
            ) from error
        raise SettingsError(
            f"The setting {name!r} is wrong: {first['msg']}. Mend --{name}, CHIPQUOTE_{name.upper()} or the TOML file."
        ) from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"The settings file cannot be read: {error}") from error
