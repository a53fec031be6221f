"""API keys as texts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access import (
    ID_BYTES,
    SCOPES_OF,
    SECRET_BYTES,
    ApiKey,
    ApiKeyText,
    Role,
    Scope,
    hash_secret,
    in_order,
    is_key_id,
    mint,
    parse,
    roles_of,
    scopes_of,
)

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KEYS = st.builds(mint, st.binary(min_size=ID_BYTES, max_size=ID_BYTES), st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))


@given(KEYS)
def test_what_is_minted_is_read_back(key: ApiKeyText) -> None:
    assert parse(str(key)) == key
    assert is_key_id(key.key_id)
    assert str(key) == f"rk_{key.key_id}_{key.secret}"


@given(KEYS, KEYS)
def test_a_key_admits_its_own_secret_only(mine: ApiKeyText, other: ApiKeyText) -> None:
    kept = ApiKey(key_id=mine.key_id, name="x", scopes=frozenset({Scope.KEYS}), secret_hash=hash_secret(mine.secret), created_at=NOW)
    assert kept.admits(mine.secret)
    assert kept.admits(other.secret) == (other.secret == mine.secret)
    assert mine.secret not in repr(kept)
    assert mine.secret not in repr(mine)


def test_a_revoked_key_admits_nobody() -> None:
    key = mint(bytes(ID_BYTES), bytes(SECRET_BYTES))
    revoked = ApiKey(key_id=key.key_id, name="x", scopes=frozenset(), secret_hash=hash_secret(key.secret), created_at=NOW, revoked_at=NOW)
    assert not revoked.admits(key.secret)


@given(st.text())
def test_any_text_is_a_key_that_reads_back_or_none(text: str) -> None:
    key = parse(text)
    assert key is None or str(key) == text


@given(KEYS, st.data())
def test_a_key_with_a_character_less_or_more_is_none(key: ApiKeyText, data: st.DataObject) -> None:
    text = str(key)
    place = data.draw(st.integers(0, len(text) - 1))
    assert parse(text[:place] + text[place + 1 :]) is None
    assert parse(text[:place] + "a" + text[place:]) is None


@pytest.mark.parametrize("sizes", [(0, 32), (9, 32), (11, 32), (10, 31), (10, 33), (10, 0)])
def test_too_little_randomness_is_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        mint(bytes(sizes[0]), bytes(sizes[1]))


def test_the_scopes_are_those_of_the_design() -> None:
    assert {scope.value for scope in Scope} == {
        *("scores:read", "answers:read", "cases", "surveys", "channels"),
        *("answers:exclude", "import", "privacy", "keys", "users"),
    }


def test_what_each_role_may_do() -> None:
    reading = {Scope.SCORES_READ}
    caring = reading | {Scope.ANSWERS_READ, Scope.CASES}
    assert dict(SCOPES_OF) == {
        Role.VIEWER: reading,
        Role.CS: caring,
        Role.DPO: reading | {Scope.PRIVACY},
        Role.MANAGER: caring | {Scope.SURVEYS, Scope.CHANNELS, Scope.ANSWERS_EXCLUDE, Scope.IMPORT},
        Role.ADMIN: set(Scope),
    }


def test_groups_that_are_no_role_give_nothing_and_of_several_all_count() -> None:
    assert roles_of(["administrators", "", "ADMIN", "cs ", "viewers"]) == ()
    assert roles_of(["dpo", "other", "cs", "cs"]) == (Role.CS, Role.DPO)
    assert scopes_of((Role.CS, Role.DPO)) == SCOPES_OF[Role.CS] | SCOPES_OF[Role.DPO]
    assert scopes_of(()) == frozenset()
    assert in_order([Scope.USERS, Scope.CASES]) == (Scope.CASES, Scope.USERS)
