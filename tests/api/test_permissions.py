"""Every route with every caller, compared with the table in `app/domain/permissions.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.assistants import Member
from app.domain.permissions import Action, Role, Scope, role_allows, scopes_allow
from tests.api.channels.stored import stored_channel, stored_media
from tests.api.evaluations import stored_run
from tests.api.house import Caller, House, assert_error, usual_house
from tests.api.inbox import stored_inbox
from tests.api.routes import GUARDED, ROUTES, Needs, Route
from tests.api.unanswered import stored_group
from tests.api.webhooks import stored_webhook


class Ids(dict[str, str]):
    """The ids of what an assistant has, as they are named in `routes.py`; each is made when it is first needed."""

    def __init__(self, house: House, owner: Caller, gateway: Caller, assistant_id: str) -> None:
        super().__init__(assistant=assistant_id)
        self._house, self._owner, self._gateway = house, owner, gateway

    def __missing__(self, name: str) -> str:
        self.update(self._made(name))
        return self[name]

    def _made(self, name: str) -> dict[str, str]:
        house, assistant = self._house, self["assistant"]
        match name:
            case "run" | "result":
                made = stored_run(house, self._owner.id, assistant)
            case "webhook" | "delivery":
                made = stored_webhook(house, assistant)
            case "channel" | "part":
                made = stored_channel(house, assistant)
            case "note" | "label" | "reply":
                made = stored_inbox(house, assistant, self["conversation"])
            case "group":
                made = {name: stored_group(house, assistant, self["chat"], self["conversation"])}
            case "media":
                made = {name: stored_media(house, self["chat"]).id}
            case "user":
                made = {name: house.newcomer("Dora").id}
            case "member":
                member = house.newcomer("Mara")
                assert house.rows.assistants.set_member(assistant, Member(member.id, Role.VIEWER), 9)
                made = {name: member.email}
            case _:
                made = {name: self._asked_for(name)}
        return made

    def _asked_for(self, name: str) -> str:
        """What takes a request to make or to find."""
        owner, assistant = self._owner, self["assistant"]
        match name:
            case "document":
                return str(owner.upload(assistant, "O prazo é de dois dias.")["_id"])
            case "chat":
                return str(self._gateway.chat("Oi")["_id"])
            case "conversation":
                assert self["chat"]
                return owner.ids("/conversations/list")[0]
            case "key":
                return str((owner.get(f"/assistants/keys/{assistant}").json or [])[0]["id"])
            case "version":
                return str((owner.put(f"/prompts/update/{assistant}", {"text": "Seja gentil."}).json or {})["_id"])
            case "case":
                known = {"question": "Qual é o prazo?", "expected": "dois dias"}
                return str((owner.post(f"/evaluations/cases/{assistant}", known).json or {})["_id"])
        raise KeyError(name)


@dataclass
class World:
    """An assistant with everything a route may be asked about."""

    house: House
    owner: Caller
    ids: Ids
    api_key: str
    members: dict[Role, Caller] = field(default_factory=dict)
    programs: dict[Scope, Caller] = field(default_factory=dict)

    def member(self, role: Role) -> Caller:
        """Somebody with this role at the assistant, always the same."""
        if role not in self.members:
            person = self.members[role] = self.house.newcomer("Rita")
            assert self.house.rows.assistants.set_member(self.ids["assistant"], Member(person.id, role), 9)
        return self.members[role]

    def program(self, scope: Scope) -> Caller:
        """A program with a key of this scope alone, always the same."""
        if scope not in self.programs:
            key = {"name": scope, "scopes": [scope]}
            made = self.owner.post(f"/assistants/keys/{self.ids['assistant']}", key)
            self.programs[scope] = self.house.gateway((made.json or {})["key"])
        return self.programs[scope]

    def call(self, caller: Caller, route: Route) -> TestResponse:
        """The route's request, about this assistant."""
        path = (route.path or route.rule).format_map(self.ids)
        body = {name: _filled(value, self.ids) for name, value in (route.body or {}).items()}
        if route.form:
            upload = {**body, "file": (BytesIO(b"Dois dias."), "prazo.md")}
            return caller.request(route.method, path, data=upload, content_type="multipart/form-data")
        return caller.request(route.method, path, **({"json": body} if route.body is not None else {}))


def _filled(value: object, ids: Ids) -> object:
    return value.format_map(ids) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def shared_house(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One of their own: everything is listed and exported here."""
    with usual_house(database_uri, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def make_world(shared_house: House) -> Callable[[], World]:
    def make() -> World:
        owner = shared_house.newcomer("Ana")
        assistant = owner.make_assistant()
        ids = Ids(shared_house, owner, shared_house.gateway(assistant["api_key"]), assistant["_id"])
        return World(shared_house, owner, ids, assistant["api_key"])

    return make


@pytest.fixture(scope="module")
def unchanged(make_world: Callable[[], World]) -> World:
    """A world for what changes nothing in it: making one takes some requests."""
    return make_world()


@pytest.fixture(scope="module")
def elsewhere(make_world: Callable[[], World]) -> World:
    """Somebody else's world, of which nothing may be seen or changed."""
    return make_world()


def world_for(route: Route, make_world: Callable[[], World], unchanged: World) -> World:
    """One of its own where it is changed."""
    return unchanged if route.method == "GET" else make_world()


def routes(*, people: bool | None = None, keys: bool | None = None) -> list[Any]:
    fitting = [one for one in GUARDED if people in (None, one.people) and keys in (None, one.keys)]
    return [pytest.param(route, id=f"{route.method} {route.rule}") for route in fitting]


def test_every_route_has_a_row(house: House) -> None:
    rules = house.client.application.url_map.iter_rules()
    found = {(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}

    assert found == {(route.method, route.rule) for route in ROUTES}
    assert len(found) == len(ROUTES)


def is_let_in(response: TestResponse) -> bool:
    """Whether the caller may do this, whatever else was wrong with it: that there is no export, say."""
    if response.status_code == 404 and "export" in response.text:
        return True
    return response.status_code not in {401, 403, 404}


@pytest.mark.parametrize("route", routes(people=True))
def test_people(route: Route, make_world: Callable[[], World], unchanged: World, house: House, ada: Caller) -> None:
    world = world_for(route, make_world, unchanged)
    is_about_assistant = isinstance(route.needs, Action)
    stranger = world.call(house.newcomer("Bruno"), route)
    if not is_about_assistant:
        assert is_let_in(stranger) == (route.needs is Needs.PERSON), stranger.text
    elif "assistant_id=" in route.path and route.method == "GET":
        assert_error(stranger, 422, "validation_error", "assistant_id")
    else:
        assert_error(stranger, 404, "not_found")

    for role in Role:
        response = world.call(world.member(role), route)
        if _is_allowed(role, route):
            assert is_let_in(response), (role, response.text)
            world = make_world() if route.method == "DELETE" else world
        else:
            assert_error(response, 403, "not_allowed")

    assert is_let_in(world.call(ada, route))
    world = make_world() if route.method == "DELETE" else world
    assert is_let_in(world.call(world.owner, route)) == _is_allowed(Role.OWNER, route)


def _is_allowed(role: Role, route: Route) -> bool:
    if isinstance(route.needs, Action):
        return role_allows(role, route.needs)
    return route.needs is Needs.PERSON


@pytest.mark.parametrize("route", routes())
def test_nobody_and_those_who_are_gone(route: Route, unchanged: World, house: House) -> None:
    gone = house.newcomer("Caio")
    house.database["users"].delete_one({"email": gone.email})

    for caller in (house.anyone(), gone, house.gateway("x" * 64)):
        assert unchanged.call(caller, route).status_code == 401


@pytest.mark.parametrize("route", routes(keys=True))
def test_keys(route: Route, make_world: Callable[[], World], unchanged: World, elsewhere: World) -> None:
    world, action = world_for(route, make_world, unchanged), route.needs

    for scope in Scope:
        gateway = world.program(scope)
        response = world.call(gateway, route)
        if scopes_allow({scope}, action if isinstance(action, Action) else Action.READ):
            assert is_let_in(response), (scope, response.text)
            if isinstance(action, Action) and route.people:
                assert elsewhere.call(gateway, route).status_code in {404, 422}
            world = make_world() if route.method == "DELETE" else world
        else:
            assert_error(response, 403, "scope_missing")


@pytest.mark.parametrize("route", routes(keys=False))
def test_where_no_keys_are_taken(route: Route, unchanged: World, house: House) -> None:
    assert unchanged.call(house.gateway(unchanged.api_key), route).status_code == 401
