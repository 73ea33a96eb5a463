"""What stands above a scenario, in comments: its question, what to look at, what it rests on."""

from __future__ import annotations

from itertools import groupby, takewhile


def remarks(raw: bytes) -> tuple[str, ...]:
    """Paragraphs of the comments at the head of a YAML text; an empty one parts two of them."""
    lines = (line.strip() for line in raw.decode("utf-8", "replace").lstrip("\ufeff").splitlines())
    head = [line.lstrip("#").strip() for line in takewhile(_is_head, lines)]
    paragraphs = groupby(head, key=bool)
    return tuple(" ".join(some) for has_text, some in paragraphs if has_text)


def _is_head(line: str) -> bool:
    return not line or line.startswith("#")
