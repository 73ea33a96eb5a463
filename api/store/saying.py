"""What a database raises, said without what it says of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from api.store.errors import BusyError, DatabaseError


@contextmanager
def said(failure: Callable[[DBAPIError], DatabaseError]) -> Iterator[None]:
    """Say it as one kind of database tells it."""
    try:
        yield
    except DBAPIError as error:
        raise failure(error) from None
    except NoConnectionError:
        raise BusyError("no connection") from None
