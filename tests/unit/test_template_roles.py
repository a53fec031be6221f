"""What each role of template.yaml may do, and nothing else."""

from typing import Any, Final

import pytest

from tests.template import listed, resources, statements

ANSWERS, PEOPLE, KEYS, ROLLUPS, REGISTRY = "AnswersTable", "PeopleTable", "KeysTable", "RollupsTable", "RegistryTable"
SCHEDULER: Final = "DeliveryScheduleRole"
DELIVERIES: Final = "DeliveriesTable"
LEDGER: Final = "LedgerTable"
BATCHES: Final = {"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"}
WRITING: Final = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
CHANNEL_ITEMS: Final = ("channel", "channel_address", "channel_secret", "channel_code")
OUTBOX: Final = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"}
SCHEDULING: Final[dict[tuple[str, tuple[str, ...]], set[str]]] = {
    ("arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${DeliverySchedules}/*", ()): {"scheduler:CreateSchedule"},
    ("DeliveryScheduleRole", ()): {"iam:PassRole"},
}
OF_NO_RESOURCE: Final = {"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"}
"""IAM knows no subscriptions: these can be allowed for "*" only (Service Authorization Reference, Amazon SNS)."""
MASTERS_ONLY: Final = ("SealingKey", ("person-master",))
"""The sealing key, for what was sealed as a master key of persons' keys."""
NOTED_ANSWERS: Final = (PEOPLE, ("SPECIFIC_ATTRIBUTES", "pk", "sk", "survey_id"))
"""Of People, which answers are whose, and nothing that is sealed or names anybody."""
JOBS: Final = "JobsTable"
JOBBING: Final = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"}
IMPORT_FILES: Final = "${FilesBucket.Arn}/import/*"
EXPORT_FILES: Final = "${FilesBucket.Arn}/export/*"
FILES_ONLY: Final = ("SealingKey", ("FilesBucket",))
"""The sealing key, for what S3 seals in the bucket: with a bucket key, the bucket's ARN is what it is sealed for."""
# What each function may do, beyond writing its own log: (table or other resource, the only partitions or purpose of it): actions.
MAY: Final[dict[str, dict[tuple[str, tuple[str, ...]], set[str]]]] = {
    "CollectRole": {
        (ANSWERS, ()): {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem"},
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (REGISTRY, ("secret",)): {"dynamodb:Query"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem"},
        (ROLLUPS, ("#displays#*",)): {"dynamodb:UpdateItem"},
        (LEDGER, ("suppression-keys",)): {"dynamodb:Query"},
        (LEDGER, ("suppressed#*",)): {"dynamodb:BatchGetItem"},
        ("TrafficTable", ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        ("SealingKey", ()): {"kms:Decrypt"},
    },
    "PagesRole": {  # what `collect` may, as its form is the same intake
        (ANSWERS, ()): {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem"},
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (REGISTRY, ("secret",)): {"dynamodb:Query"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem"},
        ("TrafficTable", ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        ("SealingKey", ()): {"kms:Decrypt"},
    },
    "InviteRole": {
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        (PEOPLE, ("lookup#*",)): {"dynamodb:Query"},
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (REGISTRY, ("secret",)): {"dynamodb:Query"},
        (LEDGER, ("suppression-keys",)): {"dynamodb:Query"},
        (LEDGER, ("suppressed#*",)): {"dynamodb:BatchGetItem"},
        ("SealingKey", ("person-master", "identity-lookup", "suppression")): {"kms:Decrypt"},
    },
    "SessionRole": {
        ("UserPool", ()): {
            *("cognito-idp:AdminInitiateAuth", "cognito-idp:AdminRespondToAuthChallenge", "cognito-idp:AdminUserGlobalSignOut"),
        },
    },
    "UsersRole": {
        ("UserPool", ()): {
            *("cognito-idp:ListUsers", "cognito-idp:ListUsersInGroup", "cognito-idp:AdminGetUser"),
            *("cognito-idp:AdminListGroupsForUser", "cognito-idp:AdminCreateUser", "cognito-idp:AdminUpdateUserAttributes"),
            *("cognito-idp:AdminAddUserToGroup", "cognito-idp:AdminRemoveUserFromGroup", "cognito-idp:AdminEnableUser"),
            *("cognito-idp:AdminDisableUser", "cognito-idp:AdminDeleteUser"),
        },
        (REGISTRY, ("users", "summary")): {"dynamodb:PutItem", "dynamodb:DeleteItem"},
        (REGISTRY, ("summary",)): {"dynamodb:GetItem"},
        (LEDGER, ("audit##users",)): {"dynamodb:PutItem"},
    },
    "SummaryRole": {
        ("UserPool", ()): {"cognito-idp:AdminGetUser", "cognito-idp:AdminListGroupsForUser"},
        (REGISTRY, ("survey", "summary")): {"dynamodb:Query"},
        (REGISTRY, ("summary", "summary_sent")): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"},
        (ROLLUPS, ()): {"dynamodb:Query"},
        ("arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*", ()): {"ses:SendEmail"},
    },
    "ClassifyRole": {
        (ANSWERS, ()): {"dynamodb:BatchGetItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        NOTED_ANSWERS: {"dynamodb:Query"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem"},
        ("AnswersTable.StreamArn", ()): {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
        ("${AnswersTable.Arn}/stream/*", ()): {"dynamodb:ListStreams"},
        (ROLLUPS, ()): {"dynamodb:UpdateItem"},
        (REGISTRY, ("survey",)): {"dynamodb:GetItem"},
        ("EventBus", ()): {"events:PutEvents"},
        ("AgainQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        ("StreamFailures", ()): {"sqs:SendMessage"},
    },
    "SweepRole": {
        (REGISTRY, ("survey", "touched")): {"dynamodb:Query", "dynamodb:GetItem"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem", "dynamodb:DeleteItem"},
        (ANSWERS, ()): {"dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        NOTED_ANSWERS: {"dynamodb:Query"},
        (ROLLUPS, ()): {"dynamodb:UpdateItem"},
        ("EventBus", ()): {"events:PutEvents"},
    },
    "SealRole": {
        (REGISTRY, ("survey",)): {"dynamodb:Query"},
        (ANSWERS, ()): {"dynamodb:Query"},
        (ROLLUPS, ()): {"dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        (ROLLUPS, ("*#audit", "*#weeks")): {"dynamodb:PutItem"},
    },
    "ReportRole": {
        (ROLLUPS, ()): {"dynamodb:Query"},
        (REGISTRY, ("survey",)): {"dynamodb:GetItem", "dynamodb:Query"},
        (REGISTRY, ("annotation#*",)): {"dynamodb:Query"},
    },
    "ManageRole": {
        (REGISTRY, ("survey", "key", "secret")): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},
        (REGISTRY, ("key", "touched")): {"dynamodb:UpdateItem"},
        (REGISTRY, ("annotation#*",)): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"},
        (ANSWERS, ()): {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"},
        (LEDGER, ("audit#*",)): {"dynamodb:PutItem"},
        ("SealingKey", ()): {"kms:Encrypt"},
    },
    "AnswersRole": {
        (ANSWERS, ()): {"dynamodb:GetItem", "dynamodb:Query"},
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:BatchGetItem"},
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:BatchGetItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (LEDGER, ("audit#*",)): {"dynamodb:PutItem"},
        MASTERS_ONLY: {"kms:Decrypt"},
    },
    "ExportsRole": {
        (REGISTRY, ("survey",)): {"dynamodb:GetItem"},
        (JOBS, ()): JOBBING,
        (EXPORT_FILES, ()): {"s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
        ("FilesBucket", ()): {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        FILES_ONLY: {"kms:Decrypt"},
        ("ExportFilesQueue", ()): {"sqs:SendMessage"},
    },
    "ExportFilesRole": {
        (ANSWERS, ()): {"dynamodb:Query"},
        (PEOPLE, ()): {"dynamodb:BatchGetItem"},
        (KEYS, ()): {"dynamodb:BatchGetItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (LEDGER, ("audit#*",)): {"dynamodb:PutItem"},
        (JOBS, ()): JOBBING,
        (EXPORT_FILES, ()): {"s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
        ("FilesBucket", ()): {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        MASTERS_ONLY: {"kms:Decrypt"},
        FILES_ONLY: {"kms:GenerateDataKey", "kms:Decrypt"},
        ("ExportFilesQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    },
    "ImportsRole": {
        (REGISTRY, ("survey",)): {"dynamodb:GetItem"},
        (JOBS, ("job#imp_*", "jobs#import#*", "open#import")): JOBBING,
        (IMPORT_FILES, ()): {"s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
        ("FilesBucket", ()): {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        FILES_ONLY: {"kms:GenerateDataKey", "kms:Decrypt"},
        ("ImportQueue", ()): {"sqs:SendMessage"},
    },
    "ImporterRole": {
        (ANSWERS, ()): {"dynamodb:BatchGetItem", "dynamodb:PutItem"},
        (ROLLUPS, ()): {"dynamodb:Query", "dynamodb:UpdateItem"},
        (ROLLUPS, ("*#imported#*",)): {"dynamodb:BatchGetItem", "dynamodb:PutItem"},
        (PEOPLE, ()): {
            *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem")
        },
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem"},
        (REGISTRY, ("secret",)): {"dynamodb:Query"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem"},
        (LEDGER, ("suppression-keys",)): {"dynamodb:Query"},
        (LEDGER, ("suppressed#*",)): {"dynamodb:BatchGetItem"},
        ("SealingKey", ("person-master", "identity-lookup", "suppression")): {"kms:Decrypt"},
        (JOBS, ("job#imp_*", "open#import")): JOBBING,
        (IMPORT_FILES, ()): {"s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"},
        ("FilesBucket", ()): {"s3:ListBucket", "s3:ListBucketMultipartUploads"},
        FILES_ONLY: {"kms:GenerateDataKey", "kms:Decrypt"},
        ("ImportQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
    },
    "NotifySnsRole": {
        (ANSWERS, ()): {"dynamodb:GetItem"},
        (REGISTRY, ("survey",)): {"dynamodb:GetItem"},
        (DELIVERIES, ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        ("NotifySnsQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        ("DetractorTopic", ()): {"sns:Publish"},
    },
    "NotifyWebhookRole": {
        (ANSWERS, ()): {"dynamodb:GetItem"},
        (PEOPLE, ()): {"dynamodb:GetItem"},
        (KEYS, ()): {"dynamodb:GetItem"},
        (REGISTRY, ("survey", "channel")): {"dynamodb:GetItem", "dynamodb:Query"},
        (REGISTRY, ("secret",)): {"dynamodb:GetItem"},
        MASTERS_ONLY: {"kms:Decrypt"},
        (DELIVERIES, ()): {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        ("NotifyWebhookQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        ("DeliverQueue", ()): {"sqs:SendMessage"},
        **SCHEDULING,
    },
    "DeliverRole": {
        (ANSWERS, ()): {"dynamodb:GetItem"},
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem"},
        (KEYS, ()): {"dynamodb:GetItem"},
        (REGISTRY, ("survey", "secret", "channel", "channel_address", "channel_secret")): {"dynamodb:GetItem"},
        (REGISTRY, ("channel",)): {"dynamodb:PutItem"},
        (DELIVERIES, ()): OUTBOX,
        (LEDGER, ()): {"dynamodb:GetItem", "dynamodb:Query"},
        ("DeliverQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        ("SealingKey", ()): {"kms:Decrypt"},
        ("ChannelNoticesTopic", ()): {"sns:Publish"},
        **SCHEDULING,
    },
    "ChannelsRole": {
        (REGISTRY, CHANNEL_ITEMS): {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"},
        (DELIVERIES, ()): OUTBOX,
        ("DeliverQueue", ()): {"sqs:SendMessage"},
        ("SealingKey", ()): {"kms:Encrypt", "kms:Decrypt"},
        ("DetractorTopic", ()): {"sns:Subscribe"},
        ("*", ()): OF_NO_RESOURCE,
        **SCHEDULING,
    },
    "PrivacyRole": {
        (ANSWERS, ()): {"dynamodb:GetItem"},
        (PEOPLE, ()): {"dynamodb:GetItem", "dynamodb:Query"},
        (KEYS, ()): {"dynamodb:GetItem"},
        (REGISTRY, ("survey", "secret")): {"dynamodb:GetItem", "dynamodb:Query"},
        (LEDGER, ()): {*WRITING, "dynamodb:BatchGetItem"},
        ("SealingKey", ()): {"kms:Encrypt", "kms:Decrypt"},
        ("EraseQueue", ()): {"sqs:SendMessage"},
    },
    "EraseRole": {
        (ANSWERS, ()): {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        (PEOPLE, ()): WRITING | BATCHES,
        (KEYS, ()): {"dynamodb:GetItem", "dynamodb:DeleteItem"},
        (REGISTRY, ("survey", "secret", "channel")): {"dynamodb:GetItem", "dynamodb:Query"},
        (REGISTRY, ("secret",)): {"dynamodb:PutItem"},
        (REGISTRY, ("touched",)): {"dynamodb:UpdateItem"},
        (DELIVERIES, ()): WRITING | BATCHES,
        (LEDGER, ()): WRITING | BATCHES,
        ("SealingKey", ()): {"kms:Encrypt", "kms:Decrypt"},
        ("EraseQueue", ()): {"sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        ("DeliverQueue", ()): {"sqs:SendMessage"},
        ("arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*", ()): {"ses:SendEmail"},
        ("arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${DeliverySchedules}/*", ()): {
            *("scheduler:CreateSchedule", "scheduler:DeleteSchedule")
        },
        ("DeliveryScheduleRole", ()): {"iam:PassRole"},
    },
    "AuthorizeRole": {(REGISTRY, ("key",)): {"dynamodb:GetItem", "dynamodb:UpdateItem"}},
}


CONDITIONS: Final = {
    *("dynamodb:LeadingKeys", "dynamodb:Select", "dynamodb:Attributes"),
    *("kms:EncryptionContext:purpose", "kms:EncryptionContext:aws:s3:arn"),
}


def may(role: str) -> dict[tuple[str, tuple[str, ...]], set[str]]:
    found: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for owner, statement in statements():
        if owner == role and statement["Effect"] == "Allow":
            conditions = statement.get("Condition", {}).values()
            named_in_them = tuple(named(key) for condition in conditions for keys in condition.values() for key in listed(keys))
            assert {name for condition in conditions for name in condition} <= CONDITIONS
            for resource in listed(statement["Resource"]):
                found.setdefault((named(resource), named_in_them), set()).update(listed(statement["Action"]))
    return found


def named(resource: str | dict[str, Any]) -> str:
    if isinstance(resource, str):
        return resource
    if "Fn::Sub" in resource:
        return str(resource["Fn::Sub"])
    if "Ref" in resource:
        return str(resource["Ref"])
    name, attribute = resource["Fn::GetAtt"]
    return str(name) if attribute == "Arn" else f"{name}.{attribute}"


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_what_its_function_needs_and_nothing_else(role: str) -> None:
    own_log = (role.removesuffix("Role") + "Logs", ())
    assert may(role) == MAY[role] | {own_log: {"logs:CreateLogStream", "logs:PutLogEvents"}}


def test_no_role_has_a_wildcard_action_or_resource() -> None:
    for role, statement in statements():
        assert not [action for action in listed(statement["Action"]) if "*" in action], role
        assert "*" not in listed(statement["Resource"]) or set(listed(statement["Action"])) <= OF_NO_RESOURCE, role
        assert set(statement) <= {"Effect", "Action", "Resource", "Condition"}, role


def test_only_lambda_and_the_scheduler_assume_the_roles_and_nothing_is_attached_to_them() -> None:
    roles = resources("AWS::IAM::Role")
    assert set(roles) == set(MAY) | {SCHEDULER}
    for name, properties in roles.items():
        [statement] = properties["AssumeRolePolicyDocument"]["Statement"]
        service = "scheduler.amazonaws.com" if name == SCHEDULER else "lambda.amazonaws.com"
        assert statement == {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
        assert "ManagedPolicyArns" not in properties
