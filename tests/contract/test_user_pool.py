"""What signing in and managing users may expect of a user pool."""

import pytest

from shared.access import Role
from shared.signin.ports import (
    AddressRefusedError,
    PasswordRefusedError,
    PasswordWanted,
    ResetRefusedError,
    SessionEndedError,
    SignedIn,
    SignInRefusedError,
    UnknownUserError,
    UserExistsError,
)
from shared.signin.user import NewUser, User, UserStatus
from tests.contract.user_pools import Pool, in_cognito, in_memory

ANA = NewUser(email="ana@loja.example", name="Ana", role=Role.CS, locale="es")
PASSWORD = "correct-horse-battery"
NOBODY = "00000000-0000-4000-8000-00000000ffff"


@pytest.fixture(params=["memory", "emulator"])
def pool(request: pytest.FixtureRequest) -> Pool:
    """An empty one."""
    return in_memory() if request.param == "memory" else in_cognito(request.getfixturevalue("emulator_url"))


@pytest.fixture
def ana(pool: Pool) -> User:
    """Invited, and nothing more."""
    return pool.office.invite(ANA)


def accept(pool: Pool, user: User) -> SignedIn:
    challenge = pool.door.sign_in(user.email, pool.letter(user.email))
    assert isinstance(challenge, PasswordWanted)
    return pool.door.choose_password(user.email, challenge.challenge_token, PASSWORD)


def test_who_is_invited_gets_a_letter_and_chooses_a_password_of_their_own(pool: Pool, ana: User) -> None:
    assert ana.status is UserStatus.INVITED
    temporary = pool.letter("ana@loja.example")
    signed_in = accept(pool, ana)
    assert (signed_in.user_id, signed_in.email, signed_in.name, signed_in.roles, signed_in.locale) == (
        *(ana.user_id, "ana@loja.example", "Ana"),
        (Role.CS,),
        "es",
    )
    assert (signed_in.expires_in, bool(signed_in.access_token), bool(signed_in.refresh_token)) == (900, True, True)
    found = pool.office.find(ana.user_id)
    assert found is not None
    assert found.status is UserStatus.ACTIVE
    with pytest.raises(SignInRefusedError):
        pool.door.sign_in("ana@loja.example", temporary)


def test_an_address_is_the_same_in_any_case(pool: Pool, ana: User) -> None:
    accept(pool, ana)
    signed_in = pool.door.sign_in("ANA@Loja.example", PASSWORD)
    assert isinstance(signed_in, SignedIn)
    with pytest.raises(UserExistsError):
        pool.office.invite(ANA)


def test_whatever_is_wrong_with_a_sign_in_is_refused_alike(pool: Pool, ana: User) -> None:
    accept(pool, ana)
    for email, password in (("ana@loja.example", "wrong-horse-battery"), ("nobody@loja.example", PASSWORD), ("x y", PASSWORD)):
        with pytest.raises(SignInRefusedError):
            pool.door.sign_in(email, password)
    pool.office.disable(ana.user_id)
    with pytest.raises(SignInRefusedError):
        pool.door.sign_in("ana@loja.example", PASSWORD)


def test_a_first_password_needs_the_challenge_that_its_own_sign_in_gave(pool: Pool, ana: User) -> None:
    bia = pool.office.invite(NewUser(email="bia@loja.example", name=None, role=Role.VIEWER, locale="en"))
    challenge = pool.door.sign_in(ana.email, pool.letter(ana.email))
    assert isinstance(challenge, PasswordWanted)
    for email, token in ((bia.email, challenge.challenge_token), (ana.email, "x" * 40), ("nobody@loja.example", challenge.challenge_token)):
        with pytest.raises(SignInRefusedError):
            pool.door.choose_password(email, token, PASSWORD)
    with pytest.raises(PasswordRefusedError):
        pool.door.choose_password(ana.email, challenge.challenge_token, "short")
    pool.door.choose_password(ana.email, challenge.challenge_token, PASSWORD)
    with pytest.raises(SignInRefusedError):
        pool.door.choose_password(ana.email, challenge.challenge_token, PASSWORD)


def test_a_session_is_refreshed_until_it_is_signed_out_and_others_go_on(pool: Pool, ana: User) -> None:
    first = accept(pool, ana)
    second = pool.door.sign_in(ana.email, PASSWORD)
    assert isinstance(second, SignedIn)
    again = pool.door.refresh(first.refresh_token)
    assert (again.user_id, again.refresh_token) == (ana.user_id, first.refresh_token)
    pool.door.sign_out(first.refresh_token)
    pool.door.sign_out(first.refresh_token)
    with pytest.raises(SessionEndedError):
        pool.door.refresh(first.refresh_token)
    assert pool.door.refresh(second.refresh_token).user_id == ana.user_id


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_refresh_token_refreshes_nothing(pool: Pool, token: str) -> None:
    with pytest.raises(SessionEndedError):
        pool.door.refresh(token)
    pool.door.sign_out(token)


def test_a_role_given_meanwhile_comes_with_the_next_access_token(pool: Pool, ana: User) -> None:
    session = accept(pool, ana)
    pool.office.give_role(ana.user_id, Role.MANAGER)
    assert pool.door.refresh(session.refresh_token).roles == (Role.MANAGER,)
    [listed] = pool.office.list()
    assert listed.role is Role.MANAGER


def test_who_is_disabled_has_no_session_and_gets_none_back_by_being_enabled(pool: Pool, ana: User) -> None:
    session = accept(pool, ana)
    pool.office.disable(ana.user_id)
    found = pool.office.find(ana.user_id)
    assert found is not None
    assert found.status is UserStatus.DISABLED
    with pytest.raises(SessionEndedError):
        pool.door.refresh(session.refresh_token)
    pool.office.enable(ana.user_id)
    with pytest.raises(SessionEndedError):
        pool.door.refresh(session.refresh_token)
    assert isinstance(pool.door.sign_in(ana.email, PASSWORD), SignedIn)


def test_a_forgotten_password_is_renewed_with_the_code_of_the_letter_which_ends_every_session(pool: Pool, ana: User) -> None:
    session = accept(pool, ana)
    assert pool.door.send_code(ana.email) is True
    code = pool.letter(ana.email)
    for email, wrong in ((ana.email, "999999"), ("nobody@loja.example", code)):
        with pytest.raises(ResetRefusedError):
            pool.door.reset(email, wrong, "another-horse-battery")
    pool.door.reset(ana.email, code, "another-horse-battery")
    with pytest.raises(SessionEndedError):
        pool.door.refresh(session.refresh_token)
    with pytest.raises(ResetRefusedError):
        pool.door.reset(ana.email, code, "third-horse-battery")
    assert isinstance(pool.door.sign_in(ana.email, "another-horse-battery"), SignedIn)


def test_asking_for_a_code_says_the_same_of_whoever_is_not_there(pool: Pool) -> None:
    assert pool.door.send_code("nobody@loja.example") is True


def test_users_are_listed_found_described_and_forgotten(pool: Pool, ana: User) -> None:
    bia = pool.office.invite(NewUser(email="bia@loja.example", name=None, role=Role.VIEWER, locale="en"))
    assert {user.user_id for user in pool.office.list()} == {ana.user_id, bia.user_id}
    assert pool.office.find(bia.user_id) == bia
    pool.office.describe(bia.user_id, name="Bia")
    pool.office.describe(bia.user_id, locale="pt-BR")
    found = pool.office.find(bia.user_id)
    assert found is not None
    assert (found.name, found.locale, found.role) == ("Bia", "pt-BR", Role.VIEWER)
    pool.office.delete(bia.user_id)
    pool.office.delete(bia.user_id)
    assert pool.office.find(bia.user_id) is None
    assert pool.office.list() == (ana,)


def test_nobody_is_found_by_what_is_not_an_id(pool: Pool, ana: User) -> None:
    assert pool.office.find(NOBODY) is None
    for text in (ana.email, "", "x" * 300, "a b", ana.user_id.upper() + "x"):
        assert pool.office.find(text) is None
    for act in (pool.office.enable, pool.office.disable):
        with pytest.raises(UnknownUserError):
            act(NOBODY)
    with pytest.raises(UnknownUserError):
        pool.office.give_role(NOBODY, Role.CS)
    with pytest.raises(UnknownUserError):
        pool.office.describe(NOBODY, name="X")


def test_what_is_no_address_is_refused(pool: Pool) -> None:
    with pytest.raises(AddressRefusedError):
        pool.office.invite(NewUser(email="no address", name=None, role=Role.CS, locale="pt-BR"))
    assert pool.office.list() == ()


def test_an_invitation_is_sent_again(pool: Pool, ana: User) -> None:
    pool.office.invite_again(ana)
    assert isinstance(pool.door.sign_in(ana.email, pool.letter(ana.email)), PasswordWanted)
