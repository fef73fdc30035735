"""What each route of the API is given: the store, and who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from models.errors import LoginError
from pipeline.review.people import Person, person_of_token
from pipeline.store.open_store import Store

_bearer = HTTPBearer(auto_error=False)


def _store(request: Request) -> Store:
    found: Store = request.app.state.store
    return found


StoreDep = Annotated[Store, Depends(_store)]


def _person(store: StoreDep, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Person:
    if given is None:
        raise LoginError("a token is needed", remedy="send Authorization: Bearer TOKEN")
    return person_of_token(store, given.credentials)


PersonDep = Annotated[Person, Depends(_person)]
