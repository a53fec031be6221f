"""What may be logged of an exception: its type and where it came from, never its message, which can hold personal data."""

from typing import Final

_DEEPEST: Final = 12
_LONGEST_CHAIN: Final = 4


def describe(error: BaseException) -> dict[str, object]:
    """Log fields: `error_types` (cause last), `error_frames` (innermost first) and `error_code`, the store's own, if there is one."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and len(chain) < _LONGEST_CHAIN and cause not in chain:
        chain.append(cause)
    codes = [code for link in chain if isinstance(code := getattr(link, "cause_response_code", None), str)]
    fields: dict[str, object] = {
        "error_types": [f"{type(link).__module__}.{type(link).__qualname__}" for link in chain],
        "error_frames": _frames(error),
    }
    return fields | ({"error_code": codes[0]} if codes else {})


def _frames(error: BaseException) -> list[str]:
    frames = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return frames[: -_DEEPEST - 1 : -1]
