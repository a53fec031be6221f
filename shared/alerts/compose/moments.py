"""Instants as people of a place write them."""

from datetime import datetime

from shared.periods import zone
from shared.survey import Locale
from shared.texts.alerts import alert_texts


def moment(instant: datetime, time_zone: str, locale: Locale) -> str:
    """Day and time there, with the zone: "sábado, 14 de março de 2026, 15:04 (UTC-3)"."""
    return alert_texts(locale).calendar.moment.format(**_parts(instant, time_zone, locale))


def short_moment(instant: datetime, time_zone: str, locale: Locale) -> str:
    """Day and time there, for a list: "14/03, 15:04"."""
    return alert_texts(locale).calendar.short_moment.format(**_parts(instant, time_zone, locale))


def _parts(instant: datetime, time_zone: str, locale: Locale) -> dict[str, str]:
    local, calendar = instant.astimezone(zone(time_zone)), alert_texts(locale).calendar
    return {
        "weekday": calendar.weekdays[local.weekday()],
        "day": str(local.day),
        "month": calendar.months[local.month - 1],
        "month_number": f"{local.month:02}",
        "year": str(local.year),
        "time": f"{local:%H:%M}",
        "zone": _offset(local),
    }


def _offset(local: datetime) -> str:
    offset = local.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" + (f"{'-' if minutes < 0 else '+'}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")
