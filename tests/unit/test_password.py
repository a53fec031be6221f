"""Which passwords are taken."""

import pytest

from shared.signin.password import LONGEST, SHORTEST, is_weak


@pytest.mark.parametrize(
    "password",
    ["correct-horse-battery", "k7mq-x2pa-9wzt-bd4e", "açaí-com-granola!", "Qx9$Qx9$zz!Lm", "ana-e-o-mar-de-dentro", "x1y2z3" * 10],
)
def test_a_long_password_of_several_signs_is_taken(password: str) -> None:
    assert not is_weak(password, "ana.prado@loja.example", "Ana Prado")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-one-1",
        "a" * 40,
        "abababababab",
        "with spaces in it",
        "tab\tinside-the-word",
        "senha-recomenda-1",
        "SENHARECOMENDA",
        "ana.prado@loja.example",
        "PRADO-PRADO-2026",
        "q" + "wertyuiop1" * 13,
    ],
)
def test_what_is_short_monotonous_or_mostly_known_is_not(password: str) -> None:
    assert is_weak(password, "ana.prado@loja.example", "Ana Prado")


def test_the_bounds_are_taken_themselves() -> None:
    assert not is_weak("abcdefghijkl"[:SHORTEST])
    assert is_weak("abcdefghijk"[: SHORTEST - 1])
    assert not is_weak("x7y1z2" * 21 + "ab")
    assert len("x7y1z2" * 21 + "ab") == LONGEST
    assert is_weak("x7y1z2" * 21 + "abc")
