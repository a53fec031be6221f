"""What boto3 and moto do anew for every client and every key, done once a process: it was a third of what tests in one process computed."""

import os
from functools import cache
from threading import RLock
from typing import Any, Final, cast

import boto3
import pytest
from botocore.loaders import JSONFileLoader, Loader
from moto.core import models as moto_core
from moto.core import responses as moto_responses
from moto.core.serialize import ResponseSerializer
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb.responses import DynamoHandler
from moto.kms import models as moto_kms
from moto.kms.utils import generate_private_key
from moto.sqs import models as moto_sqs

_SAYING_WHICH_AWS: Final = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
READ_ANEW = JSONFileLoader.load_file
"""As botocore reads a file; of what it has read of endpoints it changes some, so what was read once is not what stands in the file."""


def make_aws_quick(patch: pytest.MonkeyPatch) -> None:
    """Read each of botocore's files once, look for its services once, and spare moto what nobody here uses.

    Botocore shares what it has read among the clients of a session, so nobody changes it. Moto makes an RSA key for each key, also for
    those that only seal; whenever it starts, twelve hundred rules for the library `requests`, by which nothing here calls AWS; for each
    call, the list of all that a service can do. And it looks for each of the ten types that a value in a table may have under five names,
    though its tables have them under the right one.
    """
    read, find, pair = cache(JSONFileLoader().load_file), Loader.list_available_services, cache(generate_private_key)

    @cache
    def found(search_paths: tuple[str, ...], type_name: str) -> list[str]:
        return find(Loader(extra_search_paths=list(search_paths), include_default_search_paths=False), type_name)

    patch.setattr(JSONFileLoader, "load_file", lambda _loader, path: read(path))
    patch.setattr(Loader, "list_available_services", lambda loader, type_name: found(tuple(loader.search_paths), type_name))
    patch.setattr(moto_kms, "generate_private_key", lambda spec: pair(spec) if spec == "SYMMETRIC_DEFAULT" else generate_private_key(spec))
    patch.setattr(moto_core, "RESPONSES_METHODS", [])
    patch.setattr(moto_responses, "method_names_from_class", cache(method_names_from_class))
    for module in (moto_responses, moto_sqs):
        patch.setattr(module, "camelcase_to_underscores", cache(camelcase_to_underscores))

    pick = ResponseSerializer.get_value

    def get_value(serializer: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:  # noqa: ANN401 - whatever moto answers with
        if isinstance(value, dict) and shape.parent.name == "AttributeValue":
            return value.get(key)
        return pick(serializer, value, key, shape)

    patch.setattr(ResponseSerializer, "get_value", get_value)


def keep_clients(patch: pytest.MonkeyPatch) -> None:
    """Make a plain `boto3.client(service)` once for each AWS that the environment names: one takes longer than a dozen of its calls."""
    make = boto3.client

    @cache
    def made(service: str, _environment: tuple[str | None, ...]) -> Any:  # noqa: ANN401 - boto3 makes clients of any service by name
        return make(cast("Any", service))

    def client(service: str, **how: Any) -> Any:  # noqa: ANN401 - see above
        return make(cast("Any", service), **how) if how else made(service, tuple(map(os.environ.get, _SAYING_WHICH_AWS)))

    patch.setattr(boto3, "client", client)


def make_tables_atomic(patch: pytest.MonkeyPatch) -> None:
    """Have moto's tables take one call after another: between its look at a condition and its write, another thread may write."""
    call, turn = DynamoHandler.call_action, RLock()

    def one_at_a_time(handler: DynamoHandler) -> Any:  # noqa: ANN401 - whatever moto answers
        with turn:
            return call(handler)

    patch.setattr(DynamoHandler, "call_action", one_at_a_time)
