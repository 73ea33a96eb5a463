"""Publications from elsewhere: fetched into a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from api.cli.console import notes
from engine.errors import DatasetError
from engine.interchange.files import MAX_FILE_BYTES
from engine.interchange.import_report import ImportReport
from engine.interchange.smart_links.publication import MANIFEST, names_of, read_manifest, urls
from engine.problems import Problem

_SCHEMES = ("http", "https")
_TIMEOUT_SECONDS = 60.0


@contextmanager
def publication_at(source: str) -> Iterator[Path]:
    """The folder of a publication: a path as it is, an address fetched.

    Parameters
    ----------
    source
        A folder, a manifest in one, or the address of a manifest.

    Raises
    ------
    DatasetError
        The manifest, or a file it names, cannot be fetched.
    """
    if urlsplit(source).scheme not in _SCHEMES:
        path = Path(source)
        yield path.parent if path.is_file() else path
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fetch(source, folder / MANIFEST)
        report = ImportReport()
        manifest = read_manifest(folder, report)
        if manifest is None:
            raise DatasetError.of(report.findings)
        for url in urls(manifest):
            address = urljoin(source, url)
            suffix = ".gz" if urlsplit(address).path.endswith(".gz") else ""
            _fetch(address, folder / f"{max(names_of(address), key=len)}{suffix}")
        yield folder


def _fetch(address: str, target: Path) -> None:
    """Save what an address answers, up to the largest file that is read."""
    if urlsplit(address).scheme not in _SCHEMES:
        raise DatasetError([Problem("not_readable", address, "only http and https are fetched")])
    notes.print(f"fetching {address}", markup=False)
    try:
        with (
            urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as answer,  # noqa: S310 checked above
            target.open("wb") as stream,
        ):
            left = MAX_FILE_BYTES
            while left > 0 and (part := answer.read(min(left, 1 << 20))):
                stream.write(part)
                left -= len(part)
    except OSError as error:
        raise DatasetError([Problem("not_readable", address, str(error))]) from error
