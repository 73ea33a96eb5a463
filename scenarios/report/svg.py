"""Drawings as elements of the page: what is put into them is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape


def element(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """One element.

    Parameters
    ----------
    name
        Of the element.
    children
        Elements, and texts, which are escaped.
    attributes
        ``class_`` is ``class``, ``stroke_width`` is ``stroke-width``; numbers are rounded to a
        tenth, ``None`` is left out.
    """
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), said, inner)  # noqa: S704 our own name


def drawing(width: float, height: float, label: str, *children: Markup) -> Markup:
    """A drawing that is as wide as there is room, at most as wide as it is made for.

    Parameters
    ----------
    label
        What it shows, for who does not see it.
    """
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_label=label,
        style=f"max-width:{width * 1.5:g}px",
    )


def text(x: float, y: float, said: str, class_: str = "", anchor: str | None = None) -> Markup:
    """A word in a drawing."""
    return element("text", said, x=x, y=y, class_=class_ or None, text_anchor=anchor)


def breakable(said: str) -> Markup:
    """A text of names such as ``base/generate/doctors``, which may go on in the next line behind
    what joins them.
    """
    escaped = str(escape(said))
    return Markup(re.sub("([/_])", r"\1<wbr>", escaped))  # noqa: S704 it is escaped


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{round(value, 1) + 0.0:g}"
    return str(value)
