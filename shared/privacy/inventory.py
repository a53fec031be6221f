"""The one inventory of what the system keeps: every table and field, and every other place where data rest.

Of each: whom it is about, whether it is personal, how long it lives and what erases it. A test compares it with template.yaml and with the
models of `shared.store.tables`: a field that nobody thought about is a failure, and so is a personal one that no erasure reaches.
Pseudonymous data are personal data too (LGPD arts. 5 and 13 §4); they are told apart because they may end by expiry alone.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from shared.privacy.erasure import Step
from shared.privacy.inventory_kinds import Kept, Nature, Otherwise, Place, Table, Whose
from shared.privacy.inventory_tables import ANSWERS, DELIVERIES, JOBS, KEYS, LEDGER, PEOPLE, REGISTRY, ROLLUPS, TRAFFIC

TABLES: Final[Mapping[str, Table]] = {
    "AnswersTable": ANSWERS,
    "PeopleTable": PEOPLE,
    "KeysTable": KEYS,
    "RollupsTable": ROLLUPS,
    "RegistryTable": REGISTRY,
    "DeliveriesTable": DELIVERIES,
    "LedgerTable": LEDGER,
    "TrafficTable": TRAFFIC,
    "JobsTable": JOBS,
}
MODELS: Final[Mapping[str, str]] = {
    "AnswerItem": "AnswersTable",
    "PersonItem": "PeopleTable",
    "PersonKeyItem": "KeysTable",
    "RollupItem": "RollupsTable",
    "RegistryItem": "RegistryTable",
    "DeliveryItem": "DeliveriesTable",
    "LedgerItem": "LedgerTable",
    "TrafficItem": "TrafficTable",
    "JobItem": "JobsTable",
}
"""Which table each model of `shared.store.tables` stands for."""

_IDS: Final = "ids, enums and numbers"
PLACES: Final[Mapping[str, Place]] = {
    "AWS::SQS::Queue": Place(
        _IDS, Nature.PSEUDONYMOUS, Whose.RESPONDENT, "14 days at most", Otherwise.EXPIRY, "nothing but ids, which lead to nobody afterwards"
    ),
    "AWS::Events::EventBus": Place(
        _IDS, Nature.PSEUDONYMOUS, Whose.RESPONDENT, "a day of retries; no archive", Otherwise.EXPIRY, "likewise"
    ),
    "AWS::Scheduler::ScheduleGroup": Place(_IDS, Nature.PSEUDONYMOUS, Whose.RESPONDENT, "until the message is due", Step.OUTBOX),
    "AWS::SNS::Topic": Place(
        "e-mail addresses and telephones of subscribers, in clear; nothing of respondents is kept", Nature.PERSONAL, Whose.STAFF,
        "until the channel is deleted; 48 hours unconfirmed", Otherwise.CHANNEL_DELETED,
    ),
    "AWS::S3::Bucket": Place(
        "exports, and files to be imported: answers with comments and who gave them", Nature.PERSONAL, Whose.RESPONDENT,
        "24 hours from when they were asked for", Otherwise.DAY_OVER,
    ),
    "AWS::Cognito::UserPool": Place(
        "e-mail addresses, names, languages and roles of the console's users, what verifies their passwords, and their sessions",
        Nature.PERSONAL, Whose.STAFF, "until an admin deletes the user", Otherwise.USER_DELETED,
    ),
    "AWS::Logs::LogGroup": Place(
        _IDS, Nature.PSEUDONYMOUS, Whose.RESPONDENT, "LogRetentionDays, 30 unless chosen otherwise", Otherwise.EXPIRY, "likewise"
    ),
}  # fmt: skip
"""By type of resource."""
HOLDS_NOTHING: Final = frozenset(
    {
        *("AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route"),
        *("AWS::ApiGatewayV2::Stage", "AWS::CloudFormation::Stack", "AWS::Events::Rule", "AWS::IAM::Role", "AWS::KMS::Key"),
        *("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::SQS::QueuePolicy", "AWS::Serverless::Function"),
        *("AWS::DynamoDB::Table", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"),
        *("AWS::Cognito::UserPoolClient", "AWS::Cognito::UserPoolGroup"),
    }
)
"""Types of resources that keep no data (tables are listed one by one). Anything else has to be put in `PLACES`."""


def unreached() -> Iterator[str]:
    """What is said to be personal and that nothing erases; what waits for its expiry without a reason, or in clear."""
    fields = {f"{table}.{name}": kept for table, listed in TABLES.items() for name, kept in listed.fields.items()}
    everything: dict[str, Kept | Place] = {**fields, **PLACES}
    for name, kept in everything.items():
        if kept.nature is Nature.NONE:
            continue
        waits = kept.erased_by is Otherwise.EXPIRY
        if kept.erased_by is None or (waits and (kept.nature is Nature.PERSONAL or not kept.why)):
            yield name
