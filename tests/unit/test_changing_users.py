"""What may be done to users: never the last admin, never oneself, always written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access import USER_PREFIX, Role
from shared.signin import changing
from shared.signin.changing import Change, Changing, Deed, Done, LastAdminError, NotInvitedError, OwnUserError, TooManyUsersError
from shared.signin.ports import UnknownUserError, UserExistsError
from shared.signin.user import MOST_USERS, NewUser, User
from tests.fakes.user_pool import MemoryPool

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KEY = "a" * 16


@dataclass
class House:
    """A pool, what was written down, and how often somebody held the turn."""

    pool: MemoryPool = field(default_factory=MemoryPool)
    done: list[Done] = field(default_factory=list)
    turns: int = 0

    @property
    def changing(self) -> Changing:
        return Changing(self.pool, self.done.append, self.alone, lambda: NOW)

    @contextmanager
    def alone(self) -> Iterator[None]:
        self.turns += 1
        yield

    def user(self, role: Role, *, has_signed_in: bool = True, enabled: bool = True) -> User:
        made = self.pool.invite(NewUser(email=f"u{len(self.pool.users)}@loja.example", name="U", role=role, locale="pt-BR"))
        self.pool.users[made.user_id] = replace(made, has_signed_in=has_signed_in, enabled=enabled)
        return self.pool.users[made.user_id]

    @property
    def deeds(self) -> list[Deed]:
        return [done.deed for done in self.done]


@pytest.fixture
def house() -> House:
    return House()


TAKING = [Change(role=Role.MANAGER), Change(enabled=False), Change(role=Role.VIEWER, enabled=False), None]
"""What takes an admin's rights; None deletes them."""


def take(user: User, wanted: Change | None, by: str, house: House) -> None:
    if wanted is None:
        changing.delete(user.user_id, by, house.changing)
    else:
        changing.change(user.user_id, wanted, by, house.changing)


@pytest.mark.parametrize("wanted", TAKING)
def test_the_last_admin_stays_one(house: House, wanted: Change | None) -> None:
    admin = house.user(Role.ADMIN)
    house.user(Role.ADMIN, enabled=False)
    house.user(Role.ADMIN, has_signed_in=False)
    house.user(Role.MANAGER)
    with pytest.raises(LastAdminError):
        take(admin, wanted, KEY, house)
    assert house.pool.users[admin.user_id] == admin
    assert house.done == []


@pytest.mark.parametrize("wanted", TAKING)
def test_an_admin_goes_where_another_has_signed_in_and_waits_for_the_turn(house: House, wanted: Change | None) -> None:
    admin = house.user(Role.ADMIN)
    house.user(Role.ADMIN)
    take(admin, wanted, KEY, house)
    left = house.pool.users.get(admin.user_id)
    assert left is None or not left.may_manage
    assert house.turns == 1


def test_an_admin_who_never_came_may_be_taken_back_where_another_is_invited(house: House) -> None:
    invited = house.user(Role.ADMIN, has_signed_in=False)
    house.user(Role.ADMIN, has_signed_in=False)
    changing.delete(invited.user_id, KEY, house.changing)
    assert len(house.pool.users) == 1


@pytest.mark.parametrize("wanted", TAKING)
def test_nobody_takes_rights_from_themselves(house: House, wanted: Change | None) -> None:
    admin = house.user(Role.ADMIN)
    house.user(Role.ADMIN)
    with pytest.raises(OwnUserError):
        take(admin, wanted, f"{USER_PREFIX}{admin.user_id}", house)
    assert house.pool.users[admin.user_id] == admin


def test_anybody_may_change_their_own_name_and_language(house: House) -> None:
    admin = house.user(Role.ADMIN)
    changed = changing.change(admin.user_id, Change(name="Ana", locale="es", role=Role.ADMIN, enabled=True), admin.key_id, house.changing)
    assert (changed.name, changed.locale, changed.role) == ("Ana", "es", Role.ADMIN)
    assert house.deeds == [Deed.DESCRIBED]


def test_what_is_so_already_is_neither_done_nor_written_down(house: House) -> None:
    user = house.user(Role.CS)
    assert changing.change(user.user_id, Change(role=Role.CS, enabled=True), KEY, house.changing) == user
    assert house.done == []


def test_each_deed_is_written_down_by_ids(house: House) -> None:
    user = changing.invite(NewUser(email="ana@loja.example", name="Ana", role=Role.CS, locale="pt-BR"), KEY, house.changing)
    changing.invite_again(user.user_id, KEY, house.changing)
    changing.change(user.user_id, Change(name="Ana P", role=Role.MANAGER, enabled=False), KEY, house.changing)
    changing.change(user.user_id, Change(enabled=True), KEY, house.changing)
    changing.delete(user.user_id, KEY, house.changing)
    assert house.deeds == [*list(Deed)[:3], Deed.GIVEN_ROLE, Deed.DISABLED, Deed.ENABLED, Deed.DELETED]
    assert {(done.user_id, done.key_id, done.at) for done in house.done} == {(user.user_id, KEY, NOW)}
    assert [done.role for done in house.done if done.role] == [Role.CS, Role.MANAGER]
    assert "ana@loja.example" not in repr(house.done)


def test_an_invitation_is_sent_again_while_it_is_open_only(house: House) -> None:
    for user in (house.user(Role.CS), house.user(Role.CS, has_signed_in=False, enabled=False)):
        with pytest.raises(NotInvitedError):
            changing.invite_again(user.user_id, KEY, house.changing)
    assert house.done == []


def test_who_is_not_there_is_missed(house: House) -> None:
    for act in (changing.invite_again, changing.delete):
        with pytest.raises(UnknownUserError):
            act("nobody", KEY, house.changing)
    with pytest.raises(UnknownUserError):
        changing.change("nobody", Change(name="X"), KEY, house.changing)


def test_there_are_never_more_users_than_a_list_shows(house: House) -> None:
    for _ in range(MOST_USERS):
        house.user(Role.VIEWER)
    with pytest.raises(TooManyUsersError):
        changing.invite(NewUser(email="one.more@loja.example", name="X", role=Role.CS, locale="pt-BR"), KEY, house.changing)


ADMIN = NewUser(email="ana@loja.example", name=None, role=Role.ADMIN, locale="pt-BR")


def test_the_first_admin_is_invited_once(house: House) -> None:
    made = changing.make_first_admin(ADMIN, "deployment", house.changing)
    assert made is not None
    assert (made.role, made.has_signed_in, len(house.pool.letters)) == (Role.ADMIN, False, 1)
    assert changing.make_first_admin(replace(ADMIN, email="other@loja.example"), "deployment", house.changing) is None
    assert len(house.pool.users) == 1


def test_where_no_admin_is_left_whoever_has_the_address_becomes_one(house: House) -> None:
    user = house.pool.invite(replace(ADMIN, role=Role.CS))
    house.pool.users[user.user_id] = replace(user, has_signed_in=True, enabled=False)
    made = changing.make_first_admin(ADMIN, "deployment", house.changing)
    assert made is not None
    assert (made.user_id, made.may_manage) == (user.user_id, True)
    assert house.deeds == [Deed.GIVEN_ROLE, Deed.ENABLED]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "change", "invite"]),
        st.integers(0, 4),
        st.integers(0, 4),
        st.sampled_from([None, *Role]),
        st.sampled_from([None, True, False]),
    ),
    max_size=25,
)


@given(ACTS)
def test_whatever_admins_do_one_who_has_signed_in_is_left(acts: list[tuple[str, int, int, Role | None, bool | None]]) -> None:
    house = House()
    users = [house.user(Role.ADMIN), *(house.user(role) for role in (Role.ADMIN, Role.CS, Role.DPO)), house.user(Role.ADMIN)]
    for act, which, by, role, enabled in acts:
        doer = house.pool.users.get(users[by].user_id)
        if doer is None or not doer.may_manage:
            continue
        try:
            if act == "invite":
                changing.invite(replace(ADMIN, email=f"new{which}@loja.example"), doer.key_id, house.changing)
            elif act == "delete":
                changing.delete(users[which].user_id, doer.key_id, house.changing)
            else:
                changing.change(users[which].user_id, Change(role=role, enabled=enabled), doer.key_id, house.changing)
        except (LastAdminError, OwnUserError, UnknownUserError, UserExistsError):
            pass
        assert any(user.may_manage and user.has_signed_in for user in house.pool.list())
