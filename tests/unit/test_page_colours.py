"""The page can be read whatever the theme's colour is."""

import re

from hypothesis import given
from hypothesis import strategies as st

from functions.pages.colours import READABLE, colour_style
from shared.contrast import contrast

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS)
def test_every_pair_that_meets_on_the_page_can_be_told_apart(colour: str) -> None:
    rules = re.findall(r":root\{([^}]*)\}", colour_style(colour, "auto"))
    assert len(rules) == 2
    for rule in rules:
        named = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", rule))
        for ground in ("page", "card", "soft"):
            for text in ("text", "muted"):
                assert contrast(named[text], named[ground]) >= READABLE
        assert contrast(named["ink"], named["soft"]) >= READABLE
        assert contrast(named["wrong"], named["soft"]) >= READABLE
        assert contrast(named["on-fill"], named["fill"]) >= READABLE
        assert contrast(named["fill"], named["card"]) >= 3
