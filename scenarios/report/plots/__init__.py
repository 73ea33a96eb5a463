"""Drawings of a report, each a function from numbers to one element of the page."""
