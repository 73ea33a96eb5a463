"""CSV tables and the mapping that says what they mean: to a dataset and back."""

from engine.interchange.csv_tables.mapping import mapping_schema
from engine.interchange.csv_tables.mapping_file import Mapped, read_mapping
from engine.interchange.csv_tables.plan_table import plan_table
from engine.interchange.csv_tables.read import read_tables
from engine.interchange.csv_tables.write import MAPPING_FILE, write_tables

__all__ = [
    "MAPPING_FILE",
    "Mapped",
    "mapping_schema",
    "plan_table",
    "read_mapping",
    "read_tables",
    "write_tables",
]
