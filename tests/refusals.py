"""Every text by which the API refuses something, found in the code: by the classes of problems and by the calls that refuse."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import Final

from msgspec import inspect

from infra.environments import ROOT
from shared.alerts.guard import UrlFault
from shared.api.problem import Refused
from shared.api.routes import ROUTES

_PLACES: Final = {
    "Phrase": 0,
    "FieldError": 1,
    "FieldRuleError": 1,
    "ParameterError": 1,
    "invalid": 1,
    "invalid_parameter": 1,
    "AddressError": 0,
    "ChannelRuleError": 0,
    "SurveyRuleError": 0,
}
"""Where each of the calls that refuse has its text. Beside them: every class of problem, whose first argument it is."""
_ALL_OF: Final = "_Sizes"
_MADE_ELSEWHERE: Final = {
    *("error.advice", "error.detail", "error.fault", "error.rule", "detail", "rule"),  # by another of these calls
    *("sizes.least", "sizes.most", "sizes.both"),
    "text.pattern",  # of `patterns`
    "held.hold.reason",  # a person wrote it
    "now",  # no text
}
"""What may stand in such a place and is no text that the code has there."""


class NotLiteralError(Exception):
    """A text that is put together where it is used cannot be found, nor translated: `Phrase` has placeholders for that."""


@cache
def refusals() -> tuple[type[Refused], ...]:
    """All classes of problems, those of every part of the API included."""
    found: list[type[Refused]] = []
    for module in sorted((ROOT / "shared" / "api").glob("*problem.py")):
        __import__(f"shared.api.{module.stem}")
    waiting = [Refused]
    while waiting:
        found += (subclasses := waiting.pop().__subclasses__())
        waiting += subclasses
    return tuple(found)


@cache
def english() -> frozenset[str]:
    """The English templates of all that the API refuses."""
    of_classes = {text for refused in refusals() for text in (refused.kind.title, refused.kind.detail)}
    paths = [path for folder in ("shared", "functions") for path in sorted((ROOT / folder).rglob("*.py"))]
    of_calls = {text for path in paths for text in texts_in(path.read_text(encoding="utf-8"))}
    return frozenset({*of_classes, *of_calls, *UrlFault, *patterns()})


def texts_in(source: str) -> Iterator[str]:
    """The texts that the calls of a module refuse with. Raises `NotLiteralError`."""
    module = ast.parse(source)
    named = {name: value for node in ast.walk(module) for name, value in _assigned(node)}
    places = _PLACES | {refused.__name__: 0 for refused in refusals()}
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == _ALL_OF:
            yield from (text for argument in call.args for text in _texts_of(argument, named))
        elif name in places and len(call.args) > places[name]:
            yield from _texts_of(call.args[places[name]], named)


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _texts_of(node: ast.expr, named: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Constant(value=None) | ast.Call():
            return  # a call of ours, which is looked at by itself
        case ast.IfExp(body=body, orelse=orelse):
            yield from _texts_of(body, named)
            yield from _texts_of(orelse, named)
        case ast.Name(id=name) if name in named:
            yield from _texts_of(named[name], named)
        case _ if (written := ast.unparse(node)) not in _MADE_ELSEWHERE:
            raise NotLiteralError(written)


@cache
def patterns() -> frozenset[str]:
    """Every pattern that a body's text has to match: people are told in words what it asks for."""
    return frozenset(pattern for route in ROUTES if route.request for pattern in _patterns_in(inspect.type_info(route.request)))


def _patterns_in(node: inspect.Type) -> Iterator[str]:
    match node:
        case inspect.StrType(pattern=str(pattern)):
            yield pattern
        case inspect.Metadata(type=inner):
            yield from _patterns_in(inner)
        case inspect.UnionType(types=several) | inspect.TupleType(item_types=several):
            yield from (pattern for each in several for pattern in _patterns_in(each))
        case inspect.VarTupleType(item_type=inner):
            yield from _patterns_in(inner)
        case inspect.DictType(key_type=key, value_type=value):
            yield from _patterns_in(key)
            yield from _patterns_in(value)
        case inspect.StructType(fields=fields):
            yield from (pattern for each in fields for pattern in _patterns_in(each.type))
