"""CSV tables that are written: the mapping beside them gives the very same records back."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from clinic import CENTRE, Clinic, at
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Appointment, DailyCap, Dataset, Doctor, DoctorWish, VisitMinutes, Wishes
from engine.interchange.csv_tables import read_mapping, read_tables, write_tables
from engine.interchange.csv_tables.formulas import escape_formula, unescape_formula
from engine.interchange.dataset import read_dataset, read_document, write_document
from scenarios.world import WorldSpec, generate_world

EXAMPLES = sorted((Path(__file__).parents[3] / "scenarios/examples").glob("*.json"))
PRINTABLE = st.text(
    st.characters(exclude_categories=("Cs",), min_codepoint=32, exclude_characters="\x7f"),
    min_size=1,
    max_size=12,
)


def through_tables(dataset: Dataset, folder: Path) -> Dataset:
    """The dataset that is read of the tables that a dataset is written as."""
    for name, content in write_tables(dataset).items():
        (folder / name).write_bytes(content)
    again, report = read_tables(read_mapping(folder / "mapping.toml"), None)
    assert not report.findings.num_errors, report.findings.problems
    return again


def same(dataset: Dataset) -> None:
    """Fail unless a dataset comes back as it is, with every offset."""
    with tempfile.TemporaryDirectory() as folder:
        again = through_tables(dataset, Path(folder))
    assert again == read_document(write_document(dataset))[0]
    assert write_document(again) == write_document(dataset)


@given(tiny_worlds())
def test_tables_of_any_world_read_back(dataset: Dataset) -> None:
    """Every record of every collection, in order, field by field."""
    same(dataset)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_tables_of_the_examples_read_back(path: Path) -> None:
    """What people read and copy survives too."""
    same(read_dataset(path)[0])


def test_tables_of_a_generated_city_read_back() -> None:
    """A world as the generator draws it, with appointments and families."""
    same(generate_world(WorldSpec(requests=200, doctors=20, days=5, seed=3)))


@given(st.lists(PRINTABLE, min_size=1, max_size=4, unique=True))
def test_any_text_reads_back(names: list[str]) -> None:
    """Blanks, quotes, separators, line separators, formulas: text is text."""
    clinic = Clinic()
    for name in names:
        clinic.doctor(name, name=f"{names[0]}", languages=tuple(names))
        clinic.patient(name, groups={name: names[0]}, established_with=tuple(names))
    clinic.role("role", networks=tuple(names))
    same(clinic.dataset())


def test_lists_and_records_are_written_plainly_where_they_can_be() -> None:
    """JSON stands only where a list says more than names, or a name holds the separator."""
    clinic = Clinic().doctor("dr", languages=("en", "es")).doctor("other", languages=("fr",))
    clinic.role("role", daily_caps=(DailyCap(limit=3),)).role("two", networks=("any",))
    clinic.request("r1", wishes=Wishes(doctors=(DoctorWish(doctor_id="dr", days=None),)))
    clinic.patient("r1", home=replace(CENTRE, longitude=-0.5), languages=("a|b",))
    files = {
        name: text.decode("utf-8-sig") for name, text in write_tables(clinic.dataset()).items()
    }
    assert "dr,en|es\r\n" in files["doctors.csv"]
    assert 'role,dr,office,"""any""",3\r\n' in files["roles.csv"]
    assert "r1,r1,visit,2026-03-02T00:00:00-05:00,dr\r\n" in files["requests.csv"]
    assert 'r1,40.75,-0.5,NY,"[""a|b""]"\r\n' in files["patients.csv"]
    same(clinic.dataset())


def test_what_says_more_than_names_is_json() -> None:
    """A wish with its price, and lengths that need two fields."""
    own = (VisitMinutes(visit_type_id="visit", minutes=20),)
    clinic = Clinic().role("role", visit_minutes=own)
    clinic.request("r1", wishes=Wishes(doctors=(DoctorWish(doctor_id="dr", days=0.5),)))
    mapping = write_tables(clinic.dataset())["mapping.toml"].decode()
    assert '"wishes.doctors" = { column = "wishes.doctors", as = "json" }' in mapping
    assert 'visit_minutes = { column = "visit_minutes", as = "json" }' in mapping
    same(clinic.dataset())


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1+1", "@x", "\t=", "\r", "'", " =x", "＝1", "''="]
)
def test_formulas_are_escaped(cell: str) -> None:
    """What a spreadsheet would run begins with an apostrophe, and reads back."""
    assert escape_formula(cell) == f"'{cell}"
    assert unescape_formula(escape_formula(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["", "-1", "-73.98", "1e-07", "a=b", "2026-03-09", '["=1"]', "o'b"]
)
def test_numbers_and_other_text_stand_as_they_are(cell: str) -> None:
    """A negative number is no formula."""
    assert escape_formula(cell) == cell
    assert unescape_formula(cell) == cell


def test_a_name_like_a_formula_is_harmless_in_the_file() -> None:
    """The cell of a doctor's name begins with an apostrophe, and the name does not."""
    dataset = Clinic(doctors=[Doctor(id="dr", name='=HYPERLINK("x")')]).dataset()
    text = write_tables(dataset)["doctors.csv"].decode("utf-8-sig")
    assert list(csv.reader(text.splitlines()))[1] == ["dr", '\'=HYPERLINK("x")']
    same(dataset)


def test_long_lists_read_back() -> None:
    """A cell may be longer than Python's own limit for cells."""
    names = tuple(f"group-{number:05}" for number in range(20_000))
    same(Clinic().patient("ann", established_with=names).session("09:00", "10:00").dataset())


def test_instants_keep_their_offset() -> None:
    """Also that of the second of two equal clock times."""
    start = at("01:30", 0).replace(year=2026, month=11, day=1, fold=1)
    clinic = Clinic(days=300)
    end = start.replace(minute=45)
    clinic.appointments.append(Appointment(id="a", role_id="role", start=start, end=end))
    text = write_tables(clinic.dataset())["appointments.csv"].decode()
    assert "2026-11-01T01:30:00-05:00,2026-11-01T01:45:00-05:00" in text
    same(clinic.dataset())
