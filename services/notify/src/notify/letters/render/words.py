"""The words of a language: its labels, and how values are written in its templates."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.values import typography

TEMPLATES = Path(__file__).parents[1] / "templates"
LANGUAGES = ("fr", "en")


def tongue(language: str) -> str:
    """Return the language in which somebody is written to; an unknown one falls back to French."""
    return language if language in LANGUAGES else LANGUAGES[0]


@cache
def labels(language: str) -> dict[str, Any]:
    """Return the words that all letters of a language share."""
    text = (TEMPLATES / language / "labels.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text, object_hook=lambda said: _typeset(said, language))
    return read


@cache
def environment(language: str, time_zone: str) -> Environment:
    """Make what reads a letter's own template. Nothing is escaped: it gives plain text."""
    made = Environment(  # noqa: S701 - text/plain; the HTML environment escapes
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    filters: dict[str, Any] = {
        "money": lambda cents: typography.money(cents, language),
        "day": lambda day: _day(day, language),
        "instant": lambda at: typography.instant(at.isoformat(), time_zone, language),
        "moment": lambda at: typography.moment(at.isoformat(), time_zone, language),
        "counted": lambda number, one, several: typography.counted(number, one, several, language),
        "listed": lambda words: _listed(words, language),
    }
    made.filters.update(filters)
    return made


@cache
def layouts(*, html: bool) -> Environment:
    """Make what reads a layout; that of HTML escapes all that it is given."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701 - text/plain has nothing to escape
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def year_of(at: datetime, time_zone: str) -> int:
    """Return the year in which a letter is written, where its readers are."""
    return at.astimezone(ZoneInfo(time_zone)).year


def _typeset(said: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        name: typography.typeset(value, language) if isinstance(value, str) else value
        for name, value in said.items()
    }


def _day(day: date, language: str) -> str:
    return typography.day_name(day.isoformat(), language)


def _listed(words: Sequence[str], language: str) -> str:
    return typography.listed(list(words), language)
