"""Reports: one page that shows what scenarios come to, and everything as tables."""

from scenarios.report.document import MAX_BYTES, TooLargeError, report_html
from scenarios.report.told import PointTold, Told

__all__ = ["MAX_BYTES", "PointTold", "Told", "TooLargeError", "report_html"]
