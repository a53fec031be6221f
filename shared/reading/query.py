"""Which answers are asked for. Pure."""

from datetime import date

from msgspec import Struct

from shared.answer import Answer, Standing
from shared.scoring import NpsClass, classify
from shared.words import has_word, plain


class AnswerQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Answers of the survey's local days from `first` to `last`. What is empty or None asks for nothing in particular."""

    first: date
    last: date
    standings: tuple[Standing, ...] = (Standing.VALID,)
    classes: tuple[NpsClass, ...] = ()
    scores: tuple[int, ...] = ()
    commented: bool | None = None
    dimensions: dict[str, str] = {}
    words: tuple[str, ...] = ()
    """What a comment has to have, each of them: words, or their beginnings. They may name somebody, so they are kept nowhere."""

    def takes(self, answer: Answer) -> bool:
        """Whether it is asked for, its words aside. `classes` are the score's, whether it counts or not."""
        return (
            (not self.standings or answer.standing in self.standings)
            and (not self.classes or classify(answer.score) in self.classes)
            and (not self.scores or answer.score in self.scores)
            and (answer.commented or not self.words)
            and (self.commented is None or answer.commented is self.commented)
            and all(answer.dimensions.get(name) == value for name, value in self.dimensions.items())
        )

    def takes_words(self, comment: str | None) -> bool:
        """Whether the comment has every word that is looked for."""
        if not self.words:
            return True
        said = plain(comment or "")
        return all(has_word(said, plain(word)) for word in self.words)
