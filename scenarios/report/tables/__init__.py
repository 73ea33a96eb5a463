"""Everything that a report draws on, as tables: Parquet and CSV."""

from scenarios.report.tables.contents import TABLES, Table
from scenarios.report.tables.write import missing_library, write_table

__all__ = ["TABLES", "Table", "missing_library", "write_table"]
