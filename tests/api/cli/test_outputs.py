"""Files to write: tried before, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.cli.outputs import check_dataset_folder, try_file, try_folder, whole_file


def write(path: Path, text: str) -> None:
    """Try a file and write it."""
    try_file(path)
    with whole_file(path) as stream:
        stream.write(text.encode())


def write_half(path: Path) -> None:
    """Begin to write a file on a disk that fills up."""
    with whole_file(path) as stream:
        stream.write(b"half")
        raise OSError(28, "No space left on device")


def test_a_link_is_followed(tmp_path: Path) -> None:
    """What it leads to is written, whether there is something or nothing yet."""
    link, target = tmp_path / "link", tmp_path / "folder" / "plan"
    link.symlink_to(target)
    for text in ("one", "two"):
        write(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
        assert list(target.parent.iterdir()) == [target]


def test_a_link_to_nowhere_becomes_a_folder(tmp_path: Path) -> None:
    """A folder to write to may be a link too."""
    link, target = tmp_path / "link", tmp_path / "a" / "b"
    link.symlink_to(target)
    try_folder(link)
    assert list(target.iterdir()) == []
    try_folder(link)


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    """It is written as it comes, never replaced; so is a device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(pipe, "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert pipe.is_fifo()


def test_half_a_file_is_never_seen(tmp_path: Path) -> None:
    """What was there stays when the writing fails, and nothing else is left."""
    path = tmp_path / "plan"
    write(path, "before")
    with pytest.raises(OSError, match="plan"):
        write_half(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_longest_names_can_be_written(tmp_path: Path) -> None:
    """The draft's name is short; a name longer than the system's longest is refused."""
    write(tmp_path / ("a" * 255), "text")
    with pytest.raises(OSError, match="too long"):
        try_file(tmp_path / ("a" * 256))


def test_what_is_protected_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without the right to write, and a folder that takes no files."""
    path = tmp_path / "plan"
    write(path, "text")

    def refused(path: Path, **_options: bool) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "touch", refused)
    for attempt in (try_file, try_folder):
        with pytest.raises(PermissionError, match=str(tmp_path)):
            attempt(tmp_path / "new")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(PermissionError, match="plan"):
        try_file(path)


@pytest.mark.parametrize("name", ["plan.ndjson", "bundle.json", "findings.json.gz", "doctors.csv"])
def test_nothing_is_written_that_keeps_a_dataset_from_being_read(tmp_path: Path, name: str) -> None:
    """Neither beside a dataset, nor, in one command, beside one to be."""
    try_file(tmp_path / name)
    with pytest.raises(FileExistsError, match="could not be read beside"):
        check_dataset_folder(tmp_path, [None, tmp_path / ".." / tmp_path.name / name])
    (tmp_path / "header.json").write_text("{}")
    with pytest.raises(FileExistsError, match="could not be read beside"):
        try_file(tmp_path / name)
    try_file(tmp_path / "notes.txt")
    try_file(tmp_path / "sub" / name)


@pytest.mark.parametrize("name", ["requests.ndjson", "links.ndjson.gz", "header.json"])
def test_no_file_takes_the_place_of_records(tmp_path: Path, name: str) -> None:
    """A file of a dataset is written by writing the dataset, never by another output."""
    try_file(tmp_path / name)
    (tmp_path / "header.json").write_text("{}")
    with pytest.raises(FileExistsError, match="could not be read"):
        try_file(tmp_path / name)


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    """Whatever it is called: a plan in the place of its dataset would be the end of both."""
    dataset, link = tmp_path / "clinic", tmp_path / "link"
    dataset.write_text("{}")
    link.symlink_to(dataset)
    try_file(tmp_path / "plan", [dataset, None])
    for path in (dataset, link, tmp_path / ".." / tmp_path.name / "clinic"):
        with pytest.raises(FileExistsError, match="is read by this command"):
            try_file(path, [None, dataset])


def test_no_dataset_is_written_where_it_could_not_be_read(tmp_path: Path) -> None:
    """Files of others that look like records are named; what a dataset replaces is none."""
    check_dataset_folder(tmp_path / "nowhere", [tmp_path / "findings.ndjson"])
    (tmp_path / "requests.ndjson.gz").touch()
    (tmp_path / "clinic.ics").touch()
    check_dataset_folder(tmp_path, [])
    (tmp_path / "export.json").touch()
    with pytest.raises(FileExistsError, match="could not be read beside") as raised:
        check_dataset_folder(tmp_path, [])
    assert raised.value.filename == str(tmp_path / "export.json")
    (tmp_path / "export.json").unlink()
    (tmp_path / "doctors.ndjson").mkdir()
    with pytest.raises(IsADirectoryError):
        check_dataset_folder(tmp_path, [])
