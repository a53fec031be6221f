"""Some lines of a file: what becomes of each. Taking the same lines again, after a crash or in another worker, comes out the same.

People first, then one transaction that stores and counts. Whoever has a marker is not touched again: not their answer, not their person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.answer import Answer, AnswerKey, expiry_of
from shared.counting.importing import Marker, Past, PastCounting, count_past
from shared.counting.ports import Refusal
from shared.importing.lines import PastAnswer
from shared.importing.naming import Named, Naming, answer_of, past_of
from shared.importing.ports import Answers, Persons, Said, Suppressed, Unkept
from shared.importing.problems import Reason
from shared.importing.report import Differs, Line, Status
from shared.importing.seen import Seen
from shared.intake.asking import lookups_of
from shared.survey import Survey


@dataclass(frozen=True, slots=True)
class Desk:
    """What importing lines works with."""

    past: PastCounting
    persons: Persons
    answers: Answers
    suppressed: Suppressed
    pepper: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Context:
    """Of which import, of which survey, as of when; `sealed` are the days known to be so, and gains those that turn out to be."""

    import_id: str
    survey: Survey
    naming: Naming
    now: datetime
    sealed: set[str]
    seen: Seen
    """The ids of new lines so far: of this batch or, in a check, which leaves no markers, of all before."""
    is_check: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that nothing stands against so far."""

    line: PastAnswer
    named: Named
    answer: Answer

    def outcome(self, status: Status, reason: Reason | None = None) -> Line:
        counts = status in {Status.IMPORTED, Status.COUNTED_ONLY}
        return Line(self.line.row, status, reason, undeclared=self.line.undeclared if counts else ())


def take(lines: Sequence[PastAnswer], context: Context, desk: Desk) -> list[Line]:
    """One outcome a line, in order. In a check nothing is written, and what is new `would` be imported."""
    outcomes: dict[int, Line] = {}
    candidates = [_candidate_in(line, context) for line in lines]
    candidates = _not_there_yet(candidates, context, desk, outcomes)
    candidates = _first_of_each_id(candidates, context, outcomes)
    candidates = _not_suppressed(candidates, context, desk, outcomes)
    pasts = {each.named.name: _past_of(each, context) for each in candidates}
    if context.is_check:
        outcomes |= {each.line.row: each.outcome(_status_of(pasts[each.named.name].marker)) for each in candidates}
    else:
        candidates = _with_persons(candidates, pasts, context, desk, outcomes)
        _count(candidates, pasts, context, desk, outcomes)
    return [outcomes[line.row] for line in lines]


def _candidate_in(line: PastAnswer, context: Context) -> _Candidate:
    named = context.naming.of(line.file_id)
    return _Candidate(line, named, answer_of(context.survey, line, named, context.now))


def _first_of_each_id(candidates: Sequence[_Candidate], context: Context, outcomes: dict[int, Line]) -> list[_Candidate]:
    earlier = {each.line.row: context.seen.add(each.named.name, each.line.row) for each in candidates}
    repeated = {row: same_as for row, same_as in earlier.items() if same_as is not None}
    outcomes |= {row: Line(row, Status.REFUSED, Reason.REPEATED_ID, same_as=same_as) for row, same_as in repeated.items()}
    return [each for each in candidates if each.line.row not in repeated]


def _not_there_yet(candidates: Sequence[_Candidate], context: Context, desk: Desk, outcomes: dict[int, Line]) -> list[_Candidate]:
    """Those without a marker; of the others, whose it is tells what became of them."""
    markers = desk.past.store.markers(context.survey.survey_id, {each.named.name for each in candidates})
    found = [(each, markers[each.named.name]) for each in candidates if each.named.name in markers]
    _tell(found, context, desk, outcomes)
    return [each for each in candidates if each.named.name not in markers]


def _tell(found: Sequence[tuple[_Candidate, Marker]], context: Context, desk: Desk, outcomes: dict[int, Line]) -> None:
    """What became of lines that have a marker now: of this very line, an earlier one of the file, or an earlier import's."""
    others = []
    for each, marker in found:
        row = each.line.row
        if (marker.import_id, marker.row) == (context.import_id, row):
            outcomes[row] = each.outcome(_status_of(marker))
        elif marker.import_id == context.import_id:
            outcomes[row] = Line(row, Status.REFUSED, Reason.REPEATED_ID, same_as=marker.row)
        else:
            others.append(each)
    there = desk.answers.read([each.answer.key for each in others]).answers if others else {}
    outcomes |= {each.line.row: Line(each.line.row, Status.ALREADY_THERE, differs=_differs(each.answer, there)) for each in others}


def _differs(answer: Answer, there: Mapping[AnswerKey, Answer]) -> Differs:
    """Compared with what is kept: score, dimensions, and whether there is a comment."""
    kept = there.get(answer.key)
    if kept is None:
        return Differs.UNKNOWN
    same = (kept.score, dict(kept.dimensions), kept.commented) == (answer.score, dict(answer.dimensions), answer.commented)
    return Differs.NO if same else Differs.YES


def _not_suppressed(candidates: Sequence[_Candidate], context: Context, desk: Desk, outcomes: dict[int, Line]) -> list[_Candidate]:
    lookups = {each.line.row: lookups_of(each.line.claims, desk.pepper()) for each in candidates if each.line.claims is not None}
    standing = desk.suppressed.standing(sorted({lookup for some in lookups.values() for lookup in some}), context.now) if lookups else ()
    stopped = {row for row, some in lookups.items() if not set(some).isdisjoint(standing)}
    outcomes |= {row: Line(row, Status.REFUSED, Reason.SUPPRESSED) for row in stopped}
    return [each for each in candidates if each.line.row not in stopped]


def _past_of(candidate: _Candidate, context: Context) -> Past:
    marker = Marker(candidate.named.name, context.import_id, candidate.line.row, kept=True)
    past = past_of(context.survey, candidate.answer, marker, context.now)
    is_sealed = past.contribution.day in context.sealed
    return replace(past, marker=replace(past.marker, kept=False)) if is_sealed else past


def _with_persons(
    candidates: Sequence[_Candidate], pasts: dict[str, Past], context: Context, desk: Desk, outcomes: dict[int, Line]
) -> list[_Candidate]:
    """Keep who answered and what they wrote, of the answers that are kept. What People does not take is not imported."""
    personal = [each for each in candidates if pasts[each.named.name].marker.kept and (each.line.claims or each.line.comment)]
    rests_from = context.now - timedelta(days=context.survey.settings.recontact_days)
    said = [
        Said(
            answer=each.answer,
            keep_until=expiry_of(each.answer, context.survey, context.now),
            claims=each.line.claims,
            comment=each.line.comment,
            is_recent=each.line.instant > rests_from,
        )
        for each in personal
    ]
    left_out = set()
    for each, person_id in zip(personal, desk.persons.keep(said, context.now), strict=True):
        if isinstance(person_id, Unkept):
            reason = Reason.SUPPRESSED if person_id is Unkept.ERASED else Reason.TRY_AGAIN
            outcomes[each.line.row] = Line(each.line.row, Status.REFUSED, reason)
            left_out.add(each.line.row)
        else:
            named = replace(each, answer=replace(each.answer, person_id=person_id))
            pasts[each.named.name] = _past_of(named, context)
    return [each for each in candidates if each.line.row not in left_out]


def _count(candidates: Sequence[_Candidate], pasts: Mapping[str, Past], context: Context, desk: Desk, outcomes: dict[int, Line]) -> None:
    wanted = [pasts[each.named.name] for each in candidates]
    counted = count_past(context.survey, wanted, context.sealed, context.now, desk.past)
    found = []
    for each in candidates:
        marker = counted[each.named.name]
        if isinstance(marker, Refusal):
            reason = Reason.TRY_AGAIN if marker is Refusal.BUSY else Reason.NOT_WRITABLE
            outcomes[each.line.row] = Line(each.line.row, Status.REFUSED, reason)
        else:
            found.append((each, marker))
    _tell(found, context, desk, outcomes)
    _take_back(candidates, pasts, desk, outcomes)


def _take_back(candidates: Sequence[_Candidate], pasts: Mapping[str, Past], desk: Desk, outcomes: Mapping[int, Line]) -> None:
    """A comment whose answer was not kept after all goes: its day was sealed meanwhile, or the line is another's by now."""
    commented = [each for each in candidates if each.line.comment and pasts[each.named.name].marker.kept]
    orphans = [each for each in commented if outcomes[each.line.row].status is not Status.IMPORTED]
    there = desk.answers.read([each.answer.key for each in orphans]).answers if orphans else {}
    for each in orphans:
        if each.answer.key not in there and outcomes[each.line.row].reason is not Reason.TRY_AGAIN:
            desk.persons.take_back(pasts[each.named.name].answer)


def _status_of(marker: Marker) -> Status:
    return Status.IMPORTED if marker.kept else Status.COUNTED_ONLY
