"""Text that somebody else typed does nothing in the place where it is shown."""

import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts import neutral
from tests.alert_contents import CORPUS, hostile, marked

any_text = st.one_of(st.text(st.characters()), marked, st.sampled_from(CORPUS))
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
SIZES: tuple[Callable[[str], int], ...] = (
    neutral.utf16,
    neutral.utf8,
    lambda text: neutral.utf8(neutral.for_html(text)),
    lambda text: neutral.utf16(neutral.for_discord(text)),
)
BRAZIL = "\U0001f1e7\U0001f1f7"


@hostile
@given(any_text)
def test_clean_text_is_encodable_and_nothing_in_it_is_unseen(text: str) -> None:
    shown = neutral.clean(text)
    shown.encode()
    for character in shown:
        assert character == "\n" or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        assert character not in "\u200b\u200c\u200e\u200f\u061c\u2060\ufeff\u00ad\u3164\u115f\u1160\u2800\u034f"


@hostile
@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = neutral.clean(text)
    assert neutral.clean(once) == once
    assert neutral.flat(neutral.flat(text)) == neutral.flat(text)


@hostile
@given(any_text)
def test_flat_text_is_one_line(text: str) -> None:
    assert len(neutral.flat(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Atrasou duas semanas.", "Atrasou duas semanas."),
        ("  a\t b\u00a0\u3000c  ", "a b c"),
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x85g", "a\nb\nc\nd\ne\nf\ng"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("nul\x00 esc\x1b[31m", "nul esc[31m"),
        ("\u202egnp.exe", "gnp.exe"),
        ("pa\u200by\u00adpal", "paypal"),
        ("\ud83d\ude00 \ud83d.", "\U0001f600 \ufffd."),
        (f"{FAMILY} {BRAZIL} \u2764\ufe0f 1\ufe0f\u20e3", f"{FAMILY} {BRAZIL} \u2764\ufe0f 1\ufe0f\u20e3"),
        ("a\u200db \u200d", "ab"),
        ("e\u0301", "\xe9"),
        ("Z" + "\u0316" * 30, "Z" + "\u0316" * 4),
        ("\U000e0068\U000e0069", ""),
    ],
)
def test_what_is_seen_stays_as_it_was(typed: str, shown: str) -> None:
    assert neutral.clean(typed) == shown


@hostile
@given(any_text, st.integers(0, 60))
def test_a_cut_text_is_never_longer_than_asked(text: str, longest: int) -> None:
    shown = neutral.clean(text)
    for size in (
        neutral.utf16,
        neutral.utf8,
        lambda part: len(neutral.for_html(part)),
        lambda part: neutral.utf16(neutral.for_discord(part)),
    ):
        short = neutral.cut(shown, longest, size)
        assert size(short) <= longest
        assert short == shown or not short or (short.endswith("…") and shown.startswith(short[:-1]))


@hostile
@given(st.lists(st.sampled_from([FAMILY, BRAZIL, "\U0001f44d\U0001f3fd", "e\u0301\u0302", "a", "\u2764\ufe0f"])), st.integers(1, 40))
def test_a_cut_never_falls_inside_what_is_read_as_one_character(characters: list[str], longest: int) -> None:
    short = neutral.cut("".join(characters), longest).removesuffix("…")
    assert re.fullmatch(f"(?:{FAMILY}|{BRAZIL}|\U0001f44d\U0001f3fd|e\u0301\u0302|a|\u2764\ufe0f)*", short)


def test_a_cut_prefers_the_end_of_a_word() -> None:
    assert neutral.cut("Quero falar com alguém responsável pela entrega", 42) == "Quero falar com alguém responsável pela…"


@hostile
@given(any_text)
def test_no_address_with_a_scheme_survives_unlinking(text: str) -> None:
    shown = neutral.unlinked(neutral.clean(text))
    assert not re.search(r"(?i)[a-z]://", shown)
    assert not re.search(r"(?i)\b(javascript|data|mailto|tel):\S", shown)
    assert neutral.unlinked(shown) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("veja https://evil.com/x?a=b.c", "veja https[:]//evil[.]com/x?a=b.c"),
        ("HTTP://10.0.0.1:80/", "HTTP[:]//10[.]0[.]0[.]1:80/"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("bit.ly/x e evil.com.br", "bit[.]ly/x e evil[.]com[.]br"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("ana.com@example.com escreveu", "ana.com@example.com escreveu"),
        ("Paguei R$ 1.234,56 em 12.03.2026. Depois: nada... v1.2", "Paguei R$ 1.234,56 em 12.03.2026. Depois: nada... v1.2"),
        ("Não recebi.me ajudem", "Não recebi.me ajudem"),
    ],
)
def test_addresses_stay_readable_and_other_text_untouched(typed: str, shown: str) -> None:
    assert neutral.unlinked(typed) == shown


@hostile
@given(any_text)
def test_mrkdwn_has_no_entity_of_a_strangers(text: str) -> None:
    assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", neutral.for_mrkdwn(text))


@hostile
@given(any_text)
def test_html_shows_what_was_typed(text: str) -> None:
    class Reader(HTMLParser):
        shown = ""

        def handle_data(self, data: str) -> None:
            self.shown += data

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert (tag, attrs) == ("br", [])
            self.shown += "\n"

    reader = Reader()
    shown = neutral.clean(text)
    reader.feed(neutral.for_html(shown))
    reader.close()
    assert reader.shown == shown


@hostile
@given(any_text)
def test_discord_shows_what_was_typed(text: str) -> None:
    shown = neutral.clean(text)
    escaped = neutral.for_discord(shown)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped) == shown
    live = re.sub(r"\\[!-/:-@\[-`{-~]", "", escaped)
    assert not re.search(r"[*_~`|\[\]<@\\]", live)
    assert not re.search(r"(?m)^\s*(#|-|\+|>|\d+[.)])", re.sub(r"\\([!-/:-@\[-`{-~])", "x", escaped))


@hostile
@given(any_text)
def test_a_card_header_has_no_tag_and_no_entity(text: str) -> None:
    assert not re.search(r"[<>]|&[#\w]", neutral.for_card_header(text))


@hostile
@given(any_text)
def test_an_adaptive_card_has_no_text_function(text: str) -> None:
    assert "{{" not in neutral.for_adaptive_card(text)


@pytest.mark.parametrize(
    "link", [*CORPUS, None, "javascript:alert(1)", "https://a b", "https://x\n", "ftp://x", "https://" + "x" * 1_000, '//x"']
)
def test_only_an_address_is_a_link(link: str | None) -> None:
    assert neutral.safe_link(link) is None


def test_a_link_breaks_out_of_no_markup() -> None:
    assert neutral.safe_link("https://c.example.com/a(b)?q=~'*'#x") == "https://c.example.com/a%28b%29?q=%7E%27%2A%27#x"
