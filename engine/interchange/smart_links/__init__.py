"""A SMART Scheduling Links publication: manifest and NDJSON files to a dataset."""

from engine.interchange.smart_links.options import PublicationOptions
from engine.interchange.smart_links.read import read_smart_links

__all__ = ["PublicationOptions", "read_smart_links"]
