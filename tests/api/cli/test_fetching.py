"""Publications from elsewhere: fetched, read, and gone."""

from __future__ import annotations

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from publication_sample import DAY, location, schedule

from api.cli import exit_codes
from api.cli.fetching import publication_at
from api.cli.importing import run_import_smart_links
from engine.errors import DatasetError
from engine.interchange.dataset import read_dataset


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_publication_is_fetched_from_its_address(tmp_path: Path, capsys: Any) -> None:
    """The manifest, then the files it names, relative or not; a file that is missing is said."""
    site = tmp_path / "site"
    for row in (location("L"), schedule("D"), DAY):
        file = site / "states" / f"{row['resourceType'].lower()}s" / "NJ.ndjson"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(row))
    outputs = [
        {"type": name.title(), "url": f"states/{name}s/NJ.ndjson"}
        for name in ("location", "schedule", "slot")
    ]
    (site / "manifest.json").write_text(json.dumps({"output": outputs}))
    handler = partial(_Quiet, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/manifest.json"
        arguments: tuple[Any, ...] = ("2023-03-24", 14, 15, "trust", None)
        assert run_import_smart_links(address, tmp_path / "out", *arguments) == exit_codes.OK
        assert "1 sessions" in capsys.readouterr().out
        (site / "states/slots/NJ.ndjson").unlink()
        with pytest.raises(DatasetError, match="404"):
            run_import_smart_links(address, tmp_path / "out", *arguments)
        server.shutdown()
    dataset, _ = read_dataset(tmp_path / "out")
    assert [row.id for row in dataset.sessions] == ["D-2023-03-25"]


def test_publication_in_a_folder(tmp_path: Path) -> None:
    """The folder, or its manifest, is read where it stands; other addresses are not."""
    text = "\n".join(json.dumps(row) for row in (location("L"), schedule("D"), DAY))
    (tmp_path / "rows.ndjson").write_text(text)
    (tmp_path / "manifest.json").write_text('{"output": []}')
    for source in (tmp_path, tmp_path / "manifest.json"):
        with publication_at(str(source)) as folder:
            assert folder == tmp_path
    outputs = [{"type": "Slot", "url": "file:///etc/passwd"}]
    (tmp_path / "manifest.json").write_text(json.dumps({"output": outputs}))
    handler = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/manifest.json"
        with pytest.raises(DatasetError, match="only http"), publication_at(address):
            pass
        server.shutdown()
