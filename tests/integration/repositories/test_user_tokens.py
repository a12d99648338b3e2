"""Which tokens of a user are good."""

from datetime import datetime, timedelta

from bson import ObjectId

from app.domain.ids import new_id
from app.domain.users import Token, User
from app.wiring.repositories import Repositories
from tests.integration.rows import World


def a_user(world: World) -> User:
    user = world.user()
    world.rows.users.add(user)
    return user


def a_token(user: User, expires_at: datetime) -> Token:
    return Token(new_id(), user.id, user.token_generation, expires_at)


def test_a_token_leads_to_its_user_until_it_is_signed_out(world: World, rows: Repositories) -> None:
    user = a_user(world)
    one, other = (a_token(user, world.now() + timedelta(hours=1)) for _ in range(2))
    assert rows.user_tokens.user_of(one) == user

    rows.user_tokens.sign_out(one, world.now())
    rows.user_tokens.sign_out(one, world.now())

    assert rows.user_tokens.user_of(one) is None
    assert rows.user_tokens.user_of(other) == user


def test_nobody_has_a_token_of_nobody(world: World, rows: Repositories) -> None:
    assert rows.user_tokens.user_of(a_token(world.user(), world.now())) is None


def test_what_has_expired_is_listed_no_more(world: World, rows: Repositories) -> None:
    user, now = a_user(world), world.now()
    for hours in range(1, 6):
        rows.user_tokens.sign_out(a_token(user, now + timedelta(hours=hours)), now)

    rows.user_tokens.sign_out(a_token(user, now + timedelta(hours=9)), now + timedelta(hours=4))

    assert len(listed(world, user)) == 2


def test_the_list_is_bounded_and_no_token_in_it_becomes_good_again(world: World, rows: Repositories) -> None:
    user, later = a_user(world), world.now() + timedelta(hours=1)
    old = a_token(user, later)
    rows.user_tokens.sign_out(old, world.now())
    more = [{"id": str(number), "expires_at": later} for number in range(999)]
    world.database["users"].update_one({"_id": ObjectId(user.id)}, {"$push": {"signed_out": {"$each": more}}})

    rows.user_tokens.sign_out(last := a_token(user, later), world.now())

    assert listed(world, user) == []
    found = rows.users.by_id(user.id)
    assert found is not None
    assert not found.accepts(old)
    assert not found.accepts(last)


def test_a_new_password_ends_all_tokens_but_one(world: World, rows: Repositories) -> None:
    user = a_user(world)
    kept, other = (a_token(user, world.now()) for _ in range(2))

    assert rows.user_tokens.change_password(user, "$2b$new", kept.id)

    found = rows.user_tokens.user_of(kept)
    assert found is not None
    assert found.password_hash == "$2b$new"
    assert (found.accepts(kept), found.accepts(other)) == (True, False)
    assert not rows.user_tokens.change_password(user, "$2b$other", kept.id)


def test_users_of_earlier_versions_have_tokens_of_the_first_generation(world: World, rows: Repositories) -> None:
    user = a_user(world)
    newer = {"blocked": "", "token_generation": "", "kept_token": ""}
    world.database["users"].update_one({"_id": ObjectId(user.id)}, {"$unset": newer})

    assert rows.user_tokens.user_of(a_token(user, world.now())) == user


def listed(world: World, user: User) -> list[str]:
    row = world.database["users"].find_one({"_id": ObjectId(user.id)}) or {}
    return [entry["id"] for entry in row.get("signed_out", [])]
