"""The botocore session that every client of a function comes from, quick to start with (docs/decisions/0010).

A client is made of JSON in botocore's folder. Left alone, botocore first looks through the folders of all its 440 services for ours, then
reads half a megabyte of JSON with a decoder that makes every object twice: 35 to 40 ms of a cold start of 250.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session, get_session

SERVICES: Final = ("cognito-idp", "dynamodb", "events", "kms", "s3", "scheduler", "sesv2", "sns", "sqs")
_BOUNDED: Final = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
"""How long a call may take: well inside a function's time-out."""
_OF_FILES: Final = _BOUNDED.merge(
    Config(read_timeout=15, s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}, signature_version="s3v4")
)
"""S3 takes and gives megabytes. Left alone, it signs links to buckets at an address that leads elsewhere, where they are not valid; where
forms lead is where the console's policy lets files be sent, in every region alike."""


class _QuickFiles(JSONFileLoader):
    """Reads JSON with msgspec; a dict keeps the order of a file as well as an OrderedDict does."""

    def load_file(self, file_path: str) -> Any:  # noqa: ANN401 - a JSON document is whatever it is
        """The document in `file_path`.json or .json.gz; None where there is neither."""
        for suffix, unpack in ((".json", bytes), (".json.gz", gzip.decompress)):
            try:
                return msgspec.json.decode(unpack(Path(file_path + suffix).read_bytes()))
            except FileNotFoundError:
                continue
        return None


class _QuickLoader(Loader):
    """Knows which services there are."""

    FILE_LOADER_CLASS = _QuickFiles

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - of whatever type
        """Those we use, without looking."""
        return list(SERVICES)


@cache
def session() -> Session:
    """The process's session; `session.cache_clear()` for tests that change credentials."""
    made = get_session()
    made.register_component("data_loader", _QuickLoader())
    return made


def client(service: str) -> Any:  # noqa: ANN401 - botocore makes clients of any service by name
    """A client of one of `SERVICES`; tables have theirs (`shared.store.tables`)."""
    return session().create_client(service, config=_OF_FILES if service == "s3" else _BOUNDED)
