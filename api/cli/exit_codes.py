"""Exit codes of the command line."""

OK = 0
"""A plan, or whatever was asked for."""

NOT_READ = 1
"""Nobody read stdout to its end (``| head``)."""

BAD_INPUT = 2
"""The input cannot be used, or no output be written; every reason is on stderr."""

UNPROVEN = 4
"""Stopped early: a verified plan, but not every level is proven."""

VIOLATIONS = 5
"""``verify`` found that a plan breaks rules."""

NOT_ACCEPTED = 6
"""An acceptance test of a scenario does not hold."""

INTERNAL = 70
"""A fault of ours."""

INTERRUPTED = 130
"""Interrupted twice: nothing was written."""
