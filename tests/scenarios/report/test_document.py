"""The page: it stands alone, escapes what it is given, and is never too large."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from told_scenarios import HOSTILE, OF_THE_CLINIC, REMARKS, SWEPT, TITLE, told

from scenarios.report import MAX_BYTES, Told, TooLargeError, document, report_html, sweeping
from scenarios.report.numbers import whole
from scenarios.report.svg import breakable

ADDRESSES = re.compile(r"https?:|//|url\(|@import|<link|<script|javascript:|\bsrc=|xmlns", re.I)
"""What fetches something from elsewhere, or runs."""

EMPTY = {"meta", "br", "wbr"}
"""Elements without an end."""


class Outline(HTMLParser):
    """What a page is made of; everything that is opened has to be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember it."""
        self.seen.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It is the one that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Remember what can be read."""
        if self.open[-1:] != ["style"]:
            self.text += data

    def count(self, tag: str) -> int:
        """How many elements of a name there are."""
        return sum(name == tag for name, _ in self.seen)


@pytest.fixture(scope="module")
def page(swept: Told, mended: Told, passing: Told) -> str:
    """All of them on one page."""
    return report_html([swept, mended, passing])


def test_the_page_stands_alone(page: str) -> None:
    """No address, no script, no name space; the browser is told to fetch nothing, too."""
    assert ADDRESSES.findall(page) == []
    assert "default-src 'none'" in page
    assert len(page.encode()) < MAX_BYTES


def test_everything_that_is_opened_is_closed(page: str) -> None:
    """In the right order, and no id stands twice; every link leads somewhere."""
    outline = Outline(page)
    assert outline.open == []
    ids = Counter(attrs["id"] for _, attrs in outline.seen if "id" in attrs)
    assert set(ids.values()) == {1}
    links = {attrs["href"] for tag, attrs in outline.seen if tag == "a"}
    assert {f"#{name}" for name in ids} >= links


def test_lines_break_where_names_and_estimates_are_joined() -> None:
    """Behind what joins a name, which stays escaped, and before an interval."""
    assert breakable("a/b_<i>") == "a/<wbr>b_<wbr>&lt;i&gt;"
    assert whole("−0.4 ± 0.8") == "−0.4 ±\N{NO-BREAK SPACE}0.8"


def test_names_are_text(page: str) -> None:
    """Whatever stands in a name or a comment is read as it is written, and nothing comes of it."""
    outline = Outline(page)
    assert outline.text.count(HOSTILE) >= 4
    assert "Bob</b>" in outline.text
    assert outline.count("script") == 0
    assert not any("onload" in attrs for _, attrs in outline.seen)
    titles = [attrs["title"] or "" for _, attrs in outline.seen if "title" in attrs]
    assert any(HOSTILE in title for title in titles)


def test_who_does_not_see_can_follow(page: str) -> None:
    """Headings go down one by one, tables have captions, drawings labels, boxes can be scrolled."""
    outline = Outline(page)
    levels = [int(tag[1]) for tag, _ in outline.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert outline.count("table") == outline.count("caption") > 5
    for tag, attrs in outline.seen:
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or attrs["aria-label"]
        if tag == "th":
            assert attrs["scope"]
        if "scroll" in (attrs.get("class") or ""):
            assert attrs["aria-label"]
            assert attrs["tabindex"] == "0"


def test_a_page_says_what_was_asked_and_what_came_of_it(page: str) -> None:
    """Question, base, runs, seeds, proof, acceptance, changes with their numbers, and the kinds of
    drawings.
    """
    text = " ".join(Outline(page).text.split())
    for said in (
        "others ask? Nobody knows.",
        "the dataset clinic.json",
        "4 runs at 2 points of a sweep with the changes, each against one without on the same seed",
        "1 to 2",
        "every plan is proven to be best",
        "match rate at least 50.0 %",
        "requests 5 → 10",
        "it changes rules",
        "Across the points",
        "How visits are spread",
        "Use of time by doctor and day, seed 1",
        "Where people go, seed 1",
        "The frontier of the repairs",
        "forced, unplaced",
        "Day by day",
        "Use of time by week and day",
    ):
        assert said in text, said


def test_equal_runs_give_equal_bytes(swept: Told, folder: Path) -> None:
    """A page holds no time, and nothing of where its files are."""
    again = told(f"{TITLE}{OF_THE_CLINIC}{SWEPT}", folder, remarks=REMARKS)
    assert report_html([again]) == report_html([swept])
    assert str(folder) not in report_html([swept])


def test_runs_that_are_missing_are_told(folder: Path) -> None:
    """Of one point nothing is done, of the other half of it: it is said, and the rest is shown."""
    some = told(f"{OF_THE_CLINIC}{SWEPT}", folder, only=2)
    text = " ".join(Outline(report_html([some])).text.split())
    assert "1 of 4 runs at 2 points of a sweep" in text
    assert "3 runs with the changes not done yet." in text
    nothing = told(f"{OF_THE_CLINIC}{SWEPT}", folder, only=0)
    assert "no run is done" in report_html([nothing])


def test_what_is_cut_is_said(swept: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and dots of a sweep, acceptance tests, warnings; those that are not shown count, too."""
    monkeypatch.setattr(sweeping, "MAX_ROWS", 1)
    monkeypatch.setattr(sweeping, "MAX_DOTS", 1)
    monkeypatch.setattr(document, "_MOST_TESTED", 1)
    monkeypatch.setattr(document, "_MOST_WARNINGS", 1)
    first = swept.points[0]
    warned = replace(
        first, comparison=replace(first.comparison, warnings=("odd", "odder", "oddest"))
    )
    page = report_html([replace(swept, points=(warned, *swept.points[1:]))])
    text = " ".join(Outline(page).text.split())
    assert "1 point left out of the table of the sweep. 1 point not drawn." in text
    assert "The first 1 of 4 acceptance tests are shown." in text
    assert "Acceptance fails" in text
    assert "odd and 2 more" in text


def test_a_page_that_would_be_too_large_shows_fewer_points(
    swept: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First of two points one, then none; and where not even that is enough, it is refused."""
    whole = len(report_html([swept]).encode())
    monkeypatch.setattr(document, "MAX_BYTES", whole - 1)
    less = report_html([swept])
    assert len(less.encode()) < whole
    assert "the first 1 of 2 points are shown" in less
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    with pytest.raises(TooLargeError, match="larger than 100 bytes"):
        report_html([swept])
