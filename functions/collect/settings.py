"""What the function finds in its environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    traffic_table: str
    rollups_table: str
    ledger_table: str
    sealing_key: str
