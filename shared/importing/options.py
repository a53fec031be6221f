"""How a file is to be read, as whoever imports it says."""

from typing import Annotated

from msgspec import Meta, Struct

from shared.importing.columns import ColumnMapping, Finder, Preset
from shared.importing.dates import DateOrder
from shared.importing.dialect import Delimiter, Encoding, FileFormat
from shared.importing.lines import Terms
from shared.intake.identifying import needs_consent
from shared.periods import zone
from shared.survey import Locale, Survey

type TimeZone = Annotated[str, Meta(max_length=60)]


class ImportOptions(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a file is to be read. What is left out is found out, or is the survey's."""

    format: FileFormat = FileFormat.CSV
    preset: Preset | None = None
    mapping: ColumnMapping = ColumnMapping()
    delimiter: Delimiter | None = None
    encoding: Encoding = "auto"
    time_zone: TimeZone | None = None
    """Of dates that have none; the survey's, if left out."""
    date_order: DateOrder | None = None
    locale: Locale | None = None
    """The report's language; the survey's default, if left out."""

    def finder(self, survey: Survey) -> Finder:
        """What finds columns."""
        return Finder(self.preset, self.mapping, survey.settings)

    def terms(self, survey: Survey) -> Terms:
        """How cells are to be understood.

        Where consent is the survey's legal basis, who answered and what they wrote is left out: the file has no consent to our text.
        """
        return Terms(
            settings=survey.settings,
            rules=zone(self.time_zone or survey.settings.time_zone),
            date_order=self.date_order,
            preset=self.preset,
            takes_personal=not needs_consent(survey),
        )
