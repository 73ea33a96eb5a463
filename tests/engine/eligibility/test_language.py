"""Doctor and patient understand each other."""

from __future__ import annotations

from typing import Any

from clinic import Clinic, agree

from engine.domain import Service, Wishes


def speaking(doctor: tuple[str, ...], patient: tuple[str, ...], **request: Any) -> Clinic:
    """A doctor and a patient with their languages."""
    clinic = Clinic().doctor("dr", languages=doctor).session()
    return clinic.patient("ann", languages=patient).request("ann", **request)


def test_one_language_in_common_is_enough() -> None:
    """English and Spanish, Spanish and Portuguese: Spanish."""
    clinic = speaking(("en", "es"), ("es", "pt"))
    assert agree(clinic, "ann", ("s1", "09:00"), "language")


def test_none_in_common_is_refused() -> None:
    """English and Portuguese do not meet."""
    assert not agree(speaking(("en",), ("pt",)), "ann", ("s1", "09:00"), "language")


def test_nothing_known_is_nothing_asked() -> None:
    """An empty list on either side admits."""
    assert agree(speaking((), ("pt",)), "ann", ("s1", "09:00"), "language")
    assert agree(speaking(("en",), ()), "ann", ("s1", "09:00"), "language")


def test_wished_language_binds() -> None:
    """A wished language must be stated by the doctor; an unknown list does not do."""
    wish = {"wishes": Wishes(language="es")}
    assert agree(speaking(("es", "en"), ("en",), **wish), "ann", ("s1", "09:00"), "language")
    assert not agree(speaking(("en",), ("en",), **wish), "ann", ("s1", "09:00"), "language")
    assert not agree(speaking((), (), **wish), "ann", ("s1", "09:00"), "language")


def test_service_speaks_whatever_is_asked() -> None:
    """Where no doctor is named, language is no matter."""
    clinic = Clinic(services=[Service(id="chair")]).role("role", service_id="chair").session()
    clinic.patient("ann", languages=("pt",)).request("ann", wishes=Wishes(language="es"))
    assert agree(clinic, "ann", ("s1", "09:00"), "language")
