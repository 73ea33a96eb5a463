"""Scenarios and changes over HTTP: a real server, real solver processes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from clinic import Clinic
from commands import run_command
from serving import errors, until

from api.cli import scenarios
from api.http import what_if
from api.http.operations import example_dataset
from api.http.what_if_docs import CHANGES_DOCS, SCENARIO_DOCS
from engine.interchange.dataset import dataset_from, write_document
from scenarios.changes import CHANGES

HEAD = {"schema": "slotmatch.scenario/1", "name": "more", "limits": {"deterministic_seconds": 2}}
DATASET = json.loads(
    write_document(
        Clinic().session("09:00", "09:15").request("ann").request("bob").dataset(),
    )
)
"""Ann and Bob ask for the only place."""
ADDED = {
    "kind": "sessions_added",
    "role_id": "role",
    "cell_minutes": 15,
    "blocks": [{"start": "2026-03-03T09:00-05:00", "end": "2026-03-03T09:15-05:00"}],
}
MORE = HEAD | {"base": {"dataset": DATASET}, "changes": [ADDED]}
LONG = HEAD | {
    "base": {"generate": {"requests": 300, "doctors": 30, "days": 5}},
    "limits": {"seconds": 600},
    "repetitions": 2,
}
"""Nobody waits for its end."""


def started(server: httpx2.Client, body: Any) -> str:
    """Address of the job of a scenario."""
    response = server.post("/v1/scenarios", json=body)
    assert response.status_code == 202, response.text
    address: str = response.headers["location"]
    assert address == f"/v1/jobs/{response.json()['id']}"
    return address


def means(job: dict[str, Any], point: int = 0) -> dict[str, tuple[float, float, float]]:
    """Of a job that is over, each measure of all without, with, and the difference."""
    lines = job["result"]["points"][point]["measures"]
    return {
        line["measure"]: tuple(line[side]["mean"] for side in ("baseline", "value", "difference"))
        for line in lines
        if line["group"] is None
    }


def test_a_scenario_is_a_job_whose_answer_is_what_the_command_prints(
    chain_server: httpx2.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two has a place, and both with another session; word for word what
    ``scenario run --json`` says of the same as files, and that nothing is left.
    """
    accepts = {"acceptance": [{"measure": "placed", "at_least": 2}]}
    (tmp_path / "clinic.json").write_text(json.dumps(DATASET))
    file = MORE | accepts | {"base": {"dataset": "clinic.json"}}
    (tmp_path / "more.yaml").write_text(json.dumps(file))
    monkeypatch.setattr(scenarios, "local_processes", lambda _: lambda: ThreadPoolExecutor(1))
    printed = run_command(["scenario", "run", "more.yaml", "--json"], tmp_path)
    address = started(chain_server, MORE | accepts)
    job = until(chain_server, address, "done")
    assert job["kind"] == "scenario"
    assert means(job)["placed"] == (1, 2, 1)
    assert job["result"].pop("left") == 0
    assert json.loads(printed.stdout) == [job["result"]]
    assert chain_server.get(f"{address}/events").text.startswith("event: end\n")


def test_the_dataset_that_the_service_holds_is_a_base(chain_server: httpx2.Client) -> None:
    """Where a scenario has none; at each of two points of a sweep, under a policy of its own.
    Who loses the place is asked for again.
    """
    sweep = {"changes": [[{"kind": "doctor_leaves", "doctor_id": who}] for who in ("two", "four")]}
    policy = {"rules": {"travel": {"enabled": False}}}
    job = until(
        chain_server, started(chain_server, HEAD | {"sweep": sweep, "policy": policy}), "done"
    )
    assert [point["runs"] for point in job["result"]["points"]] == [1, 1]
    assert [means(job, point)["kept"] for point in (0, 1)] == [(3, 2, -1), (3, 3, 0)]


def test_a_scenario_that_is_stopped_gives_the_runs_that_are_done(
    chain_server: httpx2.Client,
) -> None:
    """It tells how many of how many are done; the run under way is given up at once, in a match
    and while days pass.
    """
    days = {"kind": "rolling", "days": 100, "requests_per_day": 40, "repeats_sessions": True}
    base = {"generate": {"requests": 40, "doctors": 8, "days": 5, "visits": "single"}}
    for more in ({}, {"run": days, "base": base, "limits": {"deterministic_seconds": 5}}):
        address = started(chain_server, LONG | more)
        for _ in range(100):
            job = until(chain_server, address, "running")
            if "progress" in job:
                break
        assert (job["progress"]["runs_done"], job["progress"]["runs"]) == (0, 2)
        assert chain_server.delete(address).status_code in (200, 202)
        job = until(chain_server, address, "cancelled")
        assert job["result"]["left"] == 2
        assert [point["runs"] for point in job["result"]["points"]] == [0]


def test_everything_wrong_with_a_scenario_is_told_at_once(chain_server: httpx2.Client) -> None:
    """Its shape, its dataset, its policy, files that it names, and its sweep; then what only the
    world shows, at every point.
    """
    wrong = {
        "name": "a b",
        "base": {"dataset": {"header": 3}},
        "policy": {"rules": {"luck": {}}},
        "changes": [3, {"kind": "luck"}],
        "sweep": {"changes/7": [1]},
        "acceptance": [{"measure": "luck", "at_least": 1}],
    }
    assert errors(chain_server.post("/v1/scenarios", json=wrong)) == {
        ("missing_field", "/schema"),
        ("wrong_value", "/name"),
        ("wrong_type", "/base/dataset/header"),
        ("unknown_rule", "/policy/rules/*"),
        ("wrong_type", "/changes/0"),
        ("wrong_value", "/changes/1/kind"),
        ("wrong_value", "/sweep/changes/7"),
        ("wrong_value", "/acceptance/0/measure"),
    }
    files = HEAD | {"base": {"dataset": "/etc/passwd"}, "policy": "own.toml"}
    assert errors(chain_server.post("/v1/scenarios", json=files)) == {
        ("file_not_taken", "/base/dataset"),
        ("file_not_taken", "/policy"),
    }
    names = MORE | {"sweep": {"changes/0/role_id": ["role", "who", "what"]}}
    assert errors(chain_server.post("/v1/scenarios", json=names)) == {
        ("dangling_reference", "/sweep/changes/0/role_id/1"),
        ("dangling_reference", "/sweep/changes/0/role_id/2"),
    }
    assert errors(chain_server.post("/v1/scenarios", content=b"[]")) == {("wrong_type", "/")}


def test_what_is_found_wrong_late_is_the_problem_of_the_job(
    chain_server: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there was no time to look everything up before."""
    event = {"kind": "session_closed", "session_id": "who"}
    body = MORE | {"run": {"kind": "repair", "events": [event]}}
    response = chain_server.post("/v1/scenarios", json=body)
    assert errors(response) == {("dangling_reference", "/run/events/0/session_id")}
    monkeypatch.setattr(what_if, "judge", lambda *_: None)
    assert what_if.judge_scenario(json.dumps(body).encode(), None) == 2


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"repetitions": 1_001}, "/repetitions"),
        ({"sweep": {"base/generate/requests": [5, 20_001]}}, "/sweep/base/generate/requests/1"),
        ({"base": {"generate": {"doctors": 1_000, "days": 100}}}, "/base/generate/doctors"),
        ({"limits": {"seconds": 3_601}}, "/limits/seconds"),
        (
            {"run": {"kind": "rolling", "days": 100, "requests_per_day": 300}},
            "/run/requests_per_day",
        ),
    ],
)
def test_more_than_a_service_takes_on_is_refused(
    chain_server: httpx2.Client, more: dict[str, Any], path: str
) -> None:
    """Runs, worlds and time are bounded, at every point of a sweep."""
    body = HEAD | {"base": {"generate": {"requests": 5, "doctors": 2, "days": 1}}} | more
    assert errors(chain_server.post("/v1/scenarios", json=body)) == {("out_of_range", path)}


def test_changes_give_the_world_in_which_they_were_made(chain_server: httpx2.Client) -> None:
    """It can be matched as it is; each change says what there was and is; who holds a dataset
    need not send it.
    """
    share = {"kind": "overbooking", "share": 0.5}
    changed = chain_server.post("/v1/changes", json={"dataset": DATASET, "changes": [ADDED, share]})
    content = changed.json()
    assert changed.status_code == 200
    added, overbooked = content["effects"]
    (sessions,) = added["touched"]
    assert (sessions["collection"], sessions["before"], sessions["after"]) == ("sessions", 1, 2)
    assert (sessions["added"], sessions["removed"], sessions["altered"]) == (1, 0, 0)
    assert (added["policy"], overbooked["policy"]) == ([], ["seats"])
    assert not dataset_from(content["dataset"])[1].num_errors
    asked = {"dataset": content["dataset"], "policy": content["policy"]}
    assert chain_server.post("/v1/match", json=asked).json()["measures"]["placed"] == 2
    leaves = {"changes": [{"kind": "doctor_leaves", "doctor_id": "two"}]}
    (effect,) = chain_server.post("/v1/changes", json=leaves).json()["effects"]
    counts = {row["collection"]: (row["before"], row["after"]) for row in effect["touched"]}
    assert counts == {"sessions": (4, 3), "appointments": (3, 2)}


def test_everything_wrong_with_changes_is_told_at_once(chain_server: httpx2.Client) -> None:
    """First the shape, then what they name; what changes nothing is only odd."""
    wrong = {"changes": [{"kind": "luck"}], "seed": -1, "policy": 3, "dataset": [], "luck": 1}
    assert errors(chain_server.post("/v1/changes", json=wrong)) == {
        ("unknown_field", "/*"),
        ("wrong_value", "/changes/0/kind"),
        ("out_of_range", "/seed"),
        ("wrong_type", "/policy"),
        ("wrong_type", "/dataset"),
    }
    assert errors(chain_server.post("/v1/changes", json={})) == {("missing_field", "/changes")}
    names = [{"kind": "doctor_leaves", "doctor_id": "who"}, ADDED | {"role_id": "who"}]
    assert errors(chain_server.post("/v1/changes", json={"changes": names})) == {
        ("dangling_reference", "/changes/0/doctor_id"),
        ("dangling_reference", "/changes/1/role_id"),
    }
    nothing = {"dataset": example_dataset(), "changes": [{"kind": "overbooking", "share": 0.001}]}
    warnings = chain_server.post("/v1/changes", json=nothing).json()["warnings"]
    assert {row["code"] for row in warnings} == {"nothing_touched"}


def test_the_document_describes_them(chain_server: httpx2.Client) -> None:
    """Every kind of change is named and every reference resolves; the examples are answered."""
    document = chain_server.get("/openapi.json").json()
    schemas, text = document["components"]["schemas"], json.dumps(document)
    assert {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]} <= set(schemas)
    for name in ("ScenarioRequest", "ChangesRequest"):
        items = schemas[name]["properties"]["changes"]["items"]
        assert items["discriminator"]["mapping"].keys() == CHANGES.keys()
        kind = items["discriminator"]["mapping"]["doctor_absent"].rpartition("/")[2]
        assert schemas[kind]["properties"].keys() == {"kind", "doctor_id", "start", "end"}
    for path, docs, status in (
        ("/v1/scenarios", SCENARIO_DOCS, 202),
        ("/v1/changes", CHANGES_DOCS, 200),
    ):
        operation = document["paths"][path]["post"]
        assert {str(status), "413", "422", "500", "503"} <= set(operation["responses"])
        assert operation["summary"] == docs["summary"]
        (example,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
        assert chain_server.post(path, json=example["value"]).status_code == status
    assert "scenario" in schemas["Job"]["properties"]["kind"]["enum"]
