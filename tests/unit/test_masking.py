"""Personal data in a comment is replaced by what it is; everything else stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.masking import is_card, is_cnpj, is_cpf, mask
from shared.alerts.neutral import clean
from tests.alert_contents import hostile, marked

digits = st.integers(0, 9)


def with_check_digits(base: list[int], weights: list[list[int]]) -> list[int]:
    """An own way to the check digits: a product's remainder, as Receita Federal's old tables have it."""
    for row in weights:
        rest = sum(digit * weight for digit, weight in zip(base, row, strict=True)) * 10 % 11
        base = [*base, rest % 10]
    return base


cpfs = (
    st.lists(digits, min_size=9, max_size=9)
    .filter(lambda base: len(set(base)) > 1)
    .map(lambda base: with_check_digits(base, [list(range(10, 1, -1)), list(range(11, 1, -1))]))
    .map(lambda number: "".join(map(str, number)))
)
cnpjs = (
    st.lists(digits, min_size=12, max_size=12)
    .filter(lambda base: len(set(base)) > 1)
    .map(lambda base: with_check_digits(base, [[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2], [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]]))
    .map(lambda number: "".join(map(str, number)))
)
around = st.sampled_from(["", " ", "CPF:", "(", ")", ", ", ".", "\n", "é", "a"])


@hostile
@given(cpfs, st.sampled_from(["{0}{1}{2}{3}", "{0}.{1}.{2}-{3}", "{0} {1} {2} {3}", "{0}.{1}.{2}/{3}", "{0}{1}{2}-{3}"]), around, around)
def test_a_cpf_is_masked_however_it_is_written(number: str, form: str, before: str, after: str) -> None:
    written = form.format(number[:3], number[3:6], number[6:9], number[9:])
    shown = mask(f"x {before}{written}{after} y")
    assert "[CPF]" in shown
    assert not re.search(r"\d", shown)


@hostile
@given(cnpjs, st.sampled_from(["{0}{1}{2}{3}{4}", "{0}.{1}.{2}/{3}-{4}", "{0}{1}{2}/{3}-{4}"]))
def test_a_cnpj_is_masked_however_it_is_written(number: str, form: str) -> None:
    written = form.format(number[:2], number[2:5], number[5:8], number[8:12], number[12:])
    assert mask(f"a empresa {written}.") == "a empresa [CNPJ]."


@hostile
@given(st.integers(10**9, 10**10 - 1).map(str), st.sampled_from(["411111", "555555", "650487", "384100"]))
def test_a_card_is_masked_if_its_check_digit_is_right(rest: str, issuer: str) -> None:
    number = (issuer + rest)[:15]
    right = next(str(last) for last in range(10) if is_card([*map(int, number), last]))
    in_fours = " ".join((number + right)[place : place + 4] for place in range(0, 16, 4))
    assert mask(f"{number}{right}; {in_fours} 12/29") == "[CARTÃO]; [CARTÃO] 12/29"
    wrong = str((int(right) + 1) % 10)
    assert mask(number + wrong) == number + wrong


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("CPF 529.982.247-25", "CPF [CPF]"),
        ("com um dígito errado: 529.982.247-24", "com um dígito errado: [CPF]"),
        ("CNPJ 12.ABC.345/01DE-35, 12ABC34501DE35", "CNPJ [CNPJ], [CNPJ]"),
        ("ana.silva+loja@mail.example.com.br!", "[E-MAIL]!"),
        ("<ana@example.com>", "<[E-MAIL]>"),
        ("meu pix: 123E4567-e89b-12d3-a456-426614174000", "meu pix: [CHAVE PIX]"),
        ("American Express 3782 822463 10005", "American Express [CARTÃO]"),
        ("(11) 98765-4321", "[TELEFONE]"),
        ("11 98765-4321 ou 11987654321 ou 011 98765 4321", "[TELEFONE] ou [TELEFONE] ou [TELEFONE]"),
        ("+55 11 98765-4321, 5511987654321, +55 (21) 3456-7890", "[TELEFONE], [TELEFONE], [TELEFONE]"),
        ("fixo (11) 3456-7890 ou 11 3456-7890", "fixo [TELEFONE] ou [TELEFONE]"),
        ("é 98765-4321", "é [TELEFONE]"),
        ("de Lisboa: +351 912 345 678", "de Lisboa: [TELEFONE]"),
        ("5\u200b29.982.247\u2060-25", "[CPF]"),
    ],
)
def test_personal_data_is_named_and_gone(typed: str, shown: str) -> None:
    assert mask(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "Nota 3 de 10, pedido 1234567890, protocolo 20261121000123.",
        "Paguei R$ 1.234.567,89 em 12/03/2026 às 15:04; entre 2019-2020 era melhor.",
        "CEP 01310-100, loja 0800 123 4567, IP 192.168.0.1",
        "11 de 12 produtos vieram com defeito, lote 12345678901",
        "O número 00 98765 4321 não existe; 20 98765-432 também não.",
        "11111111111 00000000000000 1111 1111 1111 1111",
        "chave 123e4567-e89b-12d3-a456-42661417400",
        "arroba @ana e ana@ e a@b",
        "23793.38128 60000.000003 00000.000400 1 84340000012345",
    ],
)
def test_other_numbers_stay(typed: str) -> None:
    assert mask(typed) == typed


@hostile
@given(marked.filter(lambda text: not re.search(r"[\d@]|[0-9a-fA-F]{8}-", clean(text).replace("zq9", ""))))
def test_a_text_without_numbers_or_addresses_stays(text: str) -> None:
    assert mask(text) == clean(text)


@hostile
@given(st.text(st.sampled_from("0123456789 .-/()+@ab"), max_size=200))
def test_masking_never_fails_and_labels_are_all_it_adds(text: str) -> None:
    shown = mask(text)
    rest = re.split(r"\[(?:CPF|CNPJ|E-MAIL|TELEFONE|CARTÃO|CHAVE PIX)\]", shown)
    assert all(part in clean(text) for part in rest)


def test_the_rules_know_wrong_lengths() -> None:
    assert not is_cpf([1, 2, 3])
    assert not is_card([4] * 12)
    assert not is_cnpj("0" * 14)
    assert is_cnpj("11222333000181")
