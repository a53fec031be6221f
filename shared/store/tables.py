"""PynamoDB models of the tables. Models stay inside `shared.store`; repositories speak the domain's types.

Each PynamoDB model makes a client of its own (about 60 ms of a cold start each), so ours share one connection (docs/decisions/0003).
Table names come from the environment when a repository is composed (`bind`), not when this module is imported.
"""

from typing import Any, ClassVar

from pynamodb.attributes import (
    BinaryAttribute,
    BinarySetAttribute,
    JSONAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.models import Model

from shared.store.session import session


class _Meta:
    """Where a table lies and how long a call may take: well inside a function's time-out, unlike PynamoDB's defaults."""

    table_name = "unbound"
    connect_timeout_seconds = 1
    read_timeout_seconds = 3
    max_retry_attempts = 3


class AnswerItem(Model):
    """An answer in Answers, the streamed table."""

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    score = NumberAttribute()
    person_id = UnicodeAttribute()
    edit_key_hash = UnicodeAttribute()
    changed_at = NumberAttribute()
    dimensions: MapAttribute[str, str] = MapAttribute(default=dict)  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    finished = NumberAttribute(null=True)
    commented = NumberAttribute(null=True)
    standing = UnicodeAttribute(null=True)
    suspicions = UnicodeSetAttribute(null=True)
    rev = NumberAttribute()
    pending = NumberAttribute(null=True)
    counted: MapAttribute[str, Any] = MapAttribute(null=True)  # type: ignore[no-untyped-call]  # likewise
    counted_rev = NumberAttribute(null=True)
    anonymised_at = NumberAttribute(null=True)
    forgotten = NumberAttribute(null=True)
    imported = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class PersonItem(Model):
    """What People holds; customer id, e-mail, name and text are sealed.

    Under a person id lie `profile`, `comment#ANSWER`, `answer#ANSWER`, `consent#ANSWER`, `shared#CHANNEL`, `invitation#HASH`, and `asked`
    and `asked#SURVEY` of when they were asked; under `lookup#HMAC` and `invitation#HASH`, whose person that is.
    """

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    person_id = UnicodeAttribute(null=True)
    customer_id = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    lookups = UnicodeSetAttribute(null=True)
    erased = NumberAttribute(null=True)
    survey_id = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    shared_with = UnicodeAttribute(null=True)
    shared_fields = UnicodeSetAttribute(null=True)
    shared_times = NumberAttribute(null=True)
    country = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    edit_key_hash = UnicodeAttribute(null=True)
    changed_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    receiver: JSONAttribute = JSONAttribute(null=True)
    fields = UnicodeSetAttribute(null=True)
    times = NumberAttribute(null=True)
    first_at = NumberAttribute(null=True)
    last_at = NumberAttribute(null=True)

    # Consent (`shared.store.consents`), personal links (`shared.store.invitations`) and when somebody was asked (`shared.store.contacts`).
    consent_version = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    segments: JSONAttribute = JSONAttribute(null=True)
    touchpoint = UnicodeAttribute(null=True)
    answer_id = UnicodeAttribute(null=True)
    claimed_at = NumberAttribute(null=True)
    answered_at = NumberAttribute(null=True)
    dismissed_at = NumberAttribute(null=True)


class PersonKeyItem(Model):
    """What Keys holds under a person id: the salt of their data key, and the version of the master key that it goes with."""

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    salt = BinaryAttribute(legacy_encoding=False)
    master = UnicodeAttribute()
    expires_at = NumberAttribute()


class RollupItem(Model):
    """One shard of a day's family of rows, whose bins `rollup_rows` names, `rev` and `sealed_at` being the `all` row's; an audit entry.

    Also a family's packed week (`packed`; `shared.store.history`). Under `SURVEY#imported#BUCKET` lies, for ever, that an answer of a file
    was counted: by which import, from which row, kept or not.
    """

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    rev = NumberAttribute(null=True)
    sealed_at = NumberAttribute(null=True)
    repaired: JSONAttribute = JSONAttribute(null=True)
    packed = BinaryAttribute(null=True, legacy_encoding=False)
    imported_by = UnicodeAttribute(null=True)
    imported_row = NumberAttribute(null=True)
    kept = NumberAttribute(null=True)


class RegistryItem(Model):
    """Surveys, API keys, sealed secrets, annotations, touched partitions of Answers, whose turn it is; `pk` says which, `sk` is its id."""

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute(null=True)
    revision = NumberAttribute(null=True)
    scopes: ListAttribute[Any] = ListAttribute(null=True)
    name = UnicodeAttribute(null=True)
    secret_hash = UnicodeAttribute(null=True)
    sealed = UnicodeAttribute(null=True)
    previous_sealed = UnicodeAttribute(null=True)
    previous_until = NumberAttribute(null=True)
    created_at = NumberAttribute(null=True)
    last_used_at = NumberAttribute(null=True)
    revoked_at = NumberAttribute(null=True)
    touched_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class DeliveryItem(Model):
    """What Deliveries holds: ids, enums, numbers and times.

    Under `message#ID` lie `message` and `attempt#NUMBER`; under `receipt#CHANNEL#ANSWER` what was told of an answer; under
    `channel#CHANNEL` its messages by the time they were opened; under `digest#ID` the messages it takes along; under `breaker#CHANNEL`
    how its endpoint is.
    """

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    channel_id = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    partition = UnicodeAttribute(null=True)
    answer_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    calls = NumberAttribute(null=True)
    delivered = NumberAttribute(null=True)
    next_at = NumberAttribute(null=True)
    lease_until = NumberAttribute(null=True)
    digest_id = UnicodeAttribute(null=True)
    erasure_id = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    number = NumberAttribute(null=True)
    at = NumberAttribute(null=True)
    duration_ms = NumberAttribute(null=True)
    code = NumberAttribute(null=True)
    error = UnicodeAttribute(null=True)
    acknowledged = NumberAttribute(null=True)
    commented = NumberAttribute(null=True)
    comment_added = NumberAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    failures = NumberAttribute(null=True)
    failing_since = NumberAttribute(null=True)
    failed_at = NumberAttribute(null=True)
    open_until = NumberAttribute(null=True)
    under_way: ListAttribute[Any] = ListAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class LedgerItem(Model):
    """What Ledger holds; `pk` says what of, `sk` which part of it.

    Under `erasure#ID` lie `erasure`, `recipient#CHANNEL` and, until it is done, `answer#ANSWER`; under `due` the open ones by when their
    next step may be taken; under `erasures` all, by when they were asked for. Under `receipt#ID` lies a signed receipt; under
    `suppressed#HMAC` that an identity is not to be asked again, or that a person was erased; under `suppression-keys` the keys of that;
    under `request#ID` a data subject's request; under `hold#HMAC` legal holds; under `audit#SURVEY` who decided about answers,
    and who exported which; under `audit##users` who did what to users of the console.
    """

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)

    # Receipts and suppression entries (`shared.store.receipts`, `shared.store.suppressions`).
    receipt = UnicodeAttribute(null=True)
    until = NumberAttribute(null=True)
    key_version = NumberAttribute(null=True)
    made_at = NumberAttribute(null=True)

    # Requests of data subjects, the letters sent to an address, and legal holds (`shared.store.privacy_requests`, `shared.store.holds`).
    request_type = UnicodeAttribute(null=True)
    request_status = UnicodeAttribute(null=True)
    request_locale = UnicodeAttribute(null=True)
    requested_at = NumberAttribute(null=True)
    sealed = UnicodeAttribute(null=True)
    code_until = NumberAttribute(null=True)
    tries_left = NumberAttribute(null=True)
    persons: ListAttribute[Any] = ListAttribute(null=True)
    proven: ListAttribute[Any] = ListAttribute(null=True)
    token_hash = UnicodeAttribute(null=True)
    token_until = NumberAttribute(null=True)
    erasures: ListAttribute[Any] = ListAttribute(null=True)
    mailed_at: ListAttribute[Any] = ListAttribute(null=True)
    hold_lookup = UnicodeAttribute(null=True)
    hold_reason = UnicodeAttribute(null=True)
    hold_reference = UnicodeAttribute(null=True)
    hold_placed_at = NumberAttribute(null=True)
    hold_until = NumberAttribute(null=True)

    # Erasures (`shared.store.ledger`).
    person_id = UnicodeAttribute(null=True)
    asker = UnicodeAttribute(null=True)
    decision = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    asked_at = NumberAttribute(null=True)
    step = UnicodeAttribute(null=True)
    cursor = UnicodeAttribute(null=True)
    revision = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    legal_reference = UnicodeAttribute(null=True)
    request_id = UnicodeAttribute(null=True)
    counts: JSONAttribute = JSONAttribute(null=True)
    marked_at = NumberAttribute(null=True)
    key_destroyed_at = NumberAttribute(null=True)
    next_at = NumberAttribute(null=True)
    done_at = NumberAttribute(null=True)
    refusal = UnicodeAttribute(null=True)
    receipt_id = UnicodeAttribute(null=True)
    partition = UnicodeAttribute(null=True)
    found = UnicodeAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    messages = UnicodeSetAttribute(null=True)
    late_messages = UnicodeSetAttribute(null=True)
    receiver: JSONAttribute = JSONAttribute(null=True)
    status = UnicodeAttribute(null=True)
    message_id = UnicodeAttribute(null=True)
    told_at = NumberAttribute(null=True)
    acknowledged_at = NumberAttribute(null=True)

    # Exports in the audit trail (`shared.store.export_audit`).
    exported: JSONAttribute = JSONAttribute(null=True)


class TrafficItem(Model):
    """What Traffic holds for an hour: under `network#HMAC` the answers of a span of ten minutes; under `key` the day's key."""

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    answers = BinarySetAttribute(null=True, legacy_encoding=False)
    changed_at = NumberAttribute(null=True)
    settled = NumberAttribute(null=True)
    secret = BinaryAttribute(null=True, legacy_encoding=False)
    expires_at = NumberAttribute()


class JobItem(Model):
    """What Jobs holds.

    Under `job#ID` lies `job`; under `jobs#KIND#SURVEY` that there is one, by when it was asked for; under `open#KIND` those whose files
    may be there.
    """

    class Meta(_Meta):
        """Where it lies."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute(null=True)
    survey_id = UnicodeAttribute(null=True)
    asker = UnicodeAttribute(null=True)
    parameters: JSONAttribute = JSONAttribute(null=True)
    status = UnicodeAttribute(null=True)
    done = NumberAttribute(null=True)
    total = NumberAttribute(null=True)
    counts: JSONAttribute = JSONAttribute(null=True)
    cursor: JSONAttribute = JSONAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    tries = NumberAttribute(null=True)
    lease_until = NumberAttribute(null=True)
    created_at = NumberAttribute(null=True)
    changed_at = NumberAttribute(null=True)
    ended_at = NumberAttribute(null=True)
    revision = NumberAttribute(null=True)
    expires_at = NumberAttribute()


class _Process:
    """The process's one connection."""

    connection: ClassVar[Connection | None] = None


def bind(model: type[Model], table_name: str) -> None:
    """Say which table `model` stands for; all bound models share one connection and so one client."""
    model.Meta.table_name = table_name
    table = model._get_connection()  # noqa: SLF001 - the only way to a model's connection
    if _Process.connection is None:
        _Process.connection = table.connection
        _Process.connection._local.session = session()  # noqa: SLF001 - PynamoDB has no door for a session made elsewhere
    if table.connection is not _Process.connection:
        _Process.connection._tables[table_name] = table.get_meta_table()  # noqa: SLF001 - add_meta_table refuses a table bound again
        table.connection = _Process.connection


def connection() -> Connection:
    """The connection that bound models share, for transactions."""
    if _Process.connection is None:
        raise RuntimeError("no table is bound yet")
    return _Process.connection


def forget_connection() -> None:
    """Drop it, with what is bound: for tests that change endpoint or credentials in one process."""
    _Process.connection = None
    session.cache_clear()
    for model in (AnswerItem, PersonItem, PersonKeyItem, RollupItem, RegistryItem, DeliveryItem, LedgerItem, TrafficItem, JobItem):
        model._connection = None  # noqa: SLF001 - PynamoDB caches it on the class for ever
