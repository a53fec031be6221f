"""What boto3 and moto do anew for every client and every key, done once a process: it was a third of what tests in one process computed."""

import os
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from threading import RLock
from types import SimpleNamespace
from typing import Any, Final, cast

import boto3
import pytest
from botocore.loaders import JSONFileLoader, Loader
from botocore.useragent import UserAgentString
from moto import backend_index
from moto.core import models as moto_core
from moto.core import responses as moto_responses
from moto.core.serialize import ResponseSerializer
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb import models as moto_dynamodb
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms import models as moto_kms
from moto.kms.utils import generate_private_key
from moto.sqs import models as moto_sqs

_SAYING_WHICH_AWS: Final = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
_OURS: Final = ("dynamodb", "sqs", "kms", "events", "sns", "scheduler")
READ_ANEW = JSONFileLoader.load_file
"""As botocore reads a file; of what it has read of endpoints it changes some, so what was read once is not what stands in the file."""


def make_aws_quick(patch: pytest.MonkeyPatch) -> None:
    """Read each of botocore's files once, look for its services once, and spare moto what nobody here uses.

    Botocore shares what it has read among the clients of a session, so nobody changes it. Moto makes an RSA key for each key, also for
    those that only seal; whenever it starts, twelve hundred rules for the library `requests`, by which nothing here calls AWS; for each
    call, the list of all that a service can do. And it looks for each of the ten types that a value in a table may have under five names,
    though its tables have them under the right one, and for each call's address among those of all services, in the order of the alphabet.
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
    patch.setattr(UserAgentString, "to_string", lambda _self: "Boto3/of tests")
    patterns = sorted(backend_index.backend_url_patterns, key=lambda service_and_url: service_and_url[0] not in _OURS)
    patch.setattr(backend_index, "backend_url_patterns", patterns)


def make_transactions_cheap(patch: pytest.MonkeyPatch) -> None:
    """Have moto take back what a refused transaction wrote: it copies a table for each item, with all that its stream ever held."""
    write = DynamoDBBackend.transact_write_items

    def transact(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        take_back = [
            _taking_back(backend.tables[op["TableName"]], op)
            for [op] in (item.values() for item in transact_items)
            if op.get("TableName") in backend.tables
        ]
        try:
            write(backend, transact_items)
        except Exception:
            for act in take_back:
                act()
            raise

    def copied(thing: object) -> object:
        return thing if isinstance(thing, Table) else deepcopy(thing)

    patch.setattr(DynamoDBBackend, "transact_write_items", transact)
    patch.setattr(moto_dynamodb, "copy", SimpleNamespace(deepcopy=copied))


def _taking_back(table: Table, op: dict[str, Any]) -> Callable[[], None]:
    """What puts an item, and the table's stream, back as they are now."""
    key, stream = op.get("Key") or op["Item"], table.stream_shard
    hash_key, range_key = DynamoType(key[table.hash_key_attr]), DynamoType(key[table.range_key_attr or table.hash_key_attr])
    item, records = deepcopy(table.get_item(hash_key, range_key)), len(stream.items) if stream else 0

    def take_back() -> None:
        if item is None:
            table.items[hash_key].pop(range_key, None)
        else:
            table.items[hash_key][range_key] = item
        if stream:
            del stream.items[records:]

    return take_back


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
