"""The properties of template.yaml that the rest leans on."""

import importlib
import json
import pkgutil
from dataclasses import fields

import pytest

from functions.session.cookie import LIVES_SECONDS
from infra.build import function_name
from shared.access import Role
from shared.api.routes import ROUTES
from shared.jobs.job import LEASE, MOST_TRIES
from shared.jobs.slices import SLICE_SECONDS
from shared.signin.password import SHORTEST
from tests.template import DATA_TABLES, FUNCTIONS, load, resources

PASSING = {"TrafficTable", "JobsTable"}
"""Tables of what is gone after an hour, or can be asked for again."""


def test_every_function_of_the_plan_is_there_with_a_role_and_a_log_of_its_own() -> None:
    functions = resources("AWS::Serverless::Function")
    logs = resources("AWS::Logs::LogGroup")
    assert set(functions) == FUNCTIONS
    for name, properties in functions.items():
        short = name.removesuffix("Function")
        assert properties["Handler"] == f"functions.{function_name(name)}.handler.handle"
        assert properties["Role"] == {"Fn::GetAtt": [f"{short}Role", "Arn"]}
        assert properties["LoggingConfig"]["LogGroup"] == {"Ref": f"{short}Logs"}
        assert "RetentionInDays" in logs[f"{short}Logs"]


def test_tables_are_encrypted_recoverable_and_kept() -> None:
    assert set(resources("AWS::DynamoDB::Table")) == DATA_TABLES
    for name, properties in resources("AWS::DynamoDB::Table").items():
        if name in PASSING:
            continue
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["SSESpecification"] == {"SSEEnabled": True}
        week = {"RecoveryPeriodInDays": 7} if name == "KeysTable" else {}  # a key that was destroyed can be brought back no longer
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True} | week
        assert properties["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
        assert [(key["AttributeName"], key["KeyType"]) for key in properties["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
        resource = load()["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
        assert "TableName" not in properties  # a retained table of a fixed name would block the next deployment
    assert load()["Parameters"]["DeletionProtection"]["Default"] == "true"


@pytest.mark.parametrize("name", sorted(PASSING))
def test_what_passes_soon_is_encrypted_and_there_is_nothing_to_restore_or_to_keep(name: str) -> None:
    properties, resource = resources("AWS::DynamoDB::Table")[name], load()["Resources"][name]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert "PointInTimeRecoverySpecification" not in properties
    assert properties["DeletionProtectionEnabled"] is False
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Delete"
    assert "TableName" not in properties


def test_files_are_sealed_private_and_gone_after_a_day() -> None:
    [(name, bucket)] = resources("AWS::S3::Bucket").items()
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["SealingKey", "Arn"]}}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    [life] = bucket["LifecycleConfiguration"]["Rules"]
    assert (life["Status"], life["ExpirationInDays"], life["AbortIncompleteMultipartUpload"]) == ("Enabled", 1, {"DaysAfterInitiation": 1})
    assert not {"VersioningConfiguration", "BucketName", "ReplicationConfiguration"} & set(bucket)
    [policy] = resources("AWS::S3::BucketPolicy").values()
    [statement] = policy["PolicyDocument"]["Statement"]
    assert policy["Bucket"] == {"Ref": name}
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_the_consoles_own_origin_may_send_files_from_a_browser() -> None:
    [bucket] = resources("AWS::S3::Bucket").values()
    [rule] = bucket["CorsConfiguration"]["CorsRules"]
    [origin] = rule.pop("AllowedOrigins")
    assert rule == {"AllowedMethods": ["POST"], "MaxAge": 3600}
    address = {"Fn::If": ["HasPublicUrl", {"Ref": "PublicUrl"}, {"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}]}
    scheme, host = ({"Fn::Select": [place, {"Fn::Split": ["/", address]}]} for place in (0, 2))
    assert origin == {"Fn::Join": ["//", [scheme, host]]}  # of https://nps.example/recomenda, https://nps.example


def test_the_consoles_policy_is_told_the_host_that_forms_for_files_lead_to() -> None:
    variables = resources("AWS::Serverless::Function")["PagesFunction"]["Environment"]["Variables"]
    assert variables["UPLOAD_HOST"] == {"Fn::GetAtt": ["FilesBucket", "RegionalDomainName"]}


def test_only_rollups_never_expire_and_only_answers_have_a_stream() -> None:
    tables = resources("AWS::DynamoDB::Table")
    expiring = {name for name, properties in tables.items() if "TimeToLiveSpecification" in properties}
    assert expiring == DATA_TABLES - {"RollupsTable"}
    assert all(tables[name]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True} for name in expiring)
    streams = {name: properties["StreamSpecification"] for name, properties in tables.items() if "StreamSpecification" in properties}
    assert streams == {"AnswersTable": {"StreamViewType": "NEW_AND_OLD_IMAGES"}}


def test_the_stream_is_read_from_its_start_in_bounded_tries_and_only_for_pending_answers() -> None:
    mapping = resources("AWS::Lambda::EventSourceMapping")["AnswersStreamMapping"]
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] <= 100
    assert 0 < mapping["MaximumRecordAgeInSeconds"] <= 86_400
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["StreamFailures", "Arn"]}
    [only] = mapping["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {"dynamodb": {"NewImage": {"pending": {"N": ["1"]}}}}


def test_the_again_queue_reports_single_failures_and_ends_in_dead_letters() -> None:
    mapping = resources("AWS::Lambda::EventSourceMapping")["AgainQueueMapping"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = resources("AWS::SQS::Queue")
    assert queues["AgainQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["AgainDeadLetters", "Arn"]}
    # AWS asks for six times the function's timeout, or a message can come back while it is still being worked on.
    assert queues["AgainQueue"]["VisibilityTimeout"] >= 6 * resources("AWS::Serverless::Function")["ClassifyFunction"]["Timeout"]
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


@pytest.mark.parametrize(
    ("worker", "mapping", "queue", "schedule"),
    [
        ("ExportFilesFunction", "ExportFilesQueueMapping", "ExportFilesQueue", "ExportFilesSchedule"),
        ("ImporterFunction", "ImporterFromQueue", "ImportQueue", "ImporterTick"),
    ],
)
def test_whoever_works_on_jobs_has_ended_when_a_lease_ends_and_is_woken_by_its_queue_alone(
    worker: str, mapping: str, queue: str, schedule: str
) -> None:
    function = resources("AWS::Serverless::Function")[worker]
    assert SLICE_SECONDS < function["Timeout"] < LEASE.total_seconds()
    source = resources("AWS::Lambda::EventSourceMapping")[mapping]
    assert (source["BatchSize"], source["FunctionResponseTypes"]) == (1, ["ReportBatchItemFailures"])
    fed_by = resources("AWS::SQS::Queue")[queue]
    assert fed_by["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert fed_by["RedrivePolicy"]["maxReceiveCount"] > MOST_TRIES  # a job is given up before its message is
    assert resources("AWS::Events::Rule")[schedule]["ScheduleExpression"] == "rate(5 minutes)"


def test_the_template_has_exactly_the_routes_of_the_code_and_guards_those_with_a_scope() -> None:
    in_template = {
        properties["RouteKey"]: (properties["Target"]["Fn::Sub"], properties.get("AuthorizationType", "NONE"))
        for properties in resources("AWS::ApiGatewayV2::Route").values()
    }
    in_code = {
        route.key: (f"integrations/${{{route.function.capitalize()}Integration}}", "NONE" if route.scope is None else "CUSTOM")
        for route in ROUTES
    }
    assert in_template == in_code


def test_every_public_route_is_throttled_and_any_other_by_the_stage() -> None:
    [stage] = resources("AWS::ApiGatewayV2::Stage").values()
    public = {route.key for route in ROUTES if route.scope is None}
    assert set(stage["RouteSettings"]) == public
    for settings in [stage["DefaultRouteSettings"], *stage["RouteSettings"].values()]:
        assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"]


def test_a_revoked_key_is_refused_at_once_as_no_authorizer_result_is_kept() -> None:
    [authorizer] = resources("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["AuthorizerResultTtlInSeconds"] == 0
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


def test_access_logs_name_neither_person_nor_path() -> None:
    [stage] = resources("AWS::ApiGatewayV2::Stage").values()
    logged = json.loads(stage["AccessLogSettings"]["Format"])
    assert set(logged.values()) == {
        *("$context.requestId", "$context.requestTime", "$context.routeKey", "$context.status", "$context.responseLength"),
        *("$context.responseLatency", "$context.integrationLatency", "$context.integration.status"),
    }


def test_environments_hold_names_only_never_a_secret() -> None:
    plain = {"STAGE", "LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME", "ANSWER_LINK", "PUBLIC_URL"}
    places = {
        *("ANSWERS_TABLE", "PEOPLE_TABLE", "KEYS_TABLE", "ROLLUPS_TABLE", "REGISTRY_TABLE", "DELIVERIES_TABLE", "EVENT_BUS"),
        "SEALING_KEY",
        *("AGAIN_QUEUE_URL", "NOTIFY_QUEUE_URL", "DELIVER_QUEUE_URL", "DELIVER_QUEUE_ARN", "DETRACTOR_TOPIC", "CHANNEL_NOTICES_TOPIC"),
        *("DELIVERY_SCHEDULES", "DELIVERY_SCHEDULE_ROLE", "CALLS_ALLOWED", "ALERT_WAIT_SECONDS", "ALERT_LOCALE"),
        *("LEDGER_TABLE", "ERASE_QUEUE_URL", "SECOND_LOOK_MINUTES", "MAIL_FROM", "SAMPLES"),
        *("TRAFFIC_TABLE", "USER_POOL", "USER_POOL_CLIENT"),
        *("JOBS_TABLE", "FILES_BUCKET", "EXPORT_FILES_QUEUE_URL", "IMPORT_QUEUE_URL", "UPLOAD_HOST"),
    }
    assert set(load()["Globals"]["Function"]["Environment"]["Variables"]) <= plain
    for properties in resources("AWS::Serverless::Function").values():
        for name, value in properties["Environment"]["Variables"].items():
            assert name in plain | places
            assert name in plain or set(value) <= {"Ref", "Fn::GetAtt"}  # a resource of this template, nothing typed in


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_is_told_of_exactly_the_places_it_asks_for(function: str) -> None:
    package = importlib.import_module(f"functions.{function_name(function)}")
    modules = [importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    [settings] = {vars(module)["Settings"] for module in modules if "Settings" in vars(module)}
    told = set(resources("AWS::Serverless::Function")[function]["Environment"]["Variables"]) - {"POWERTOOLS_SERVICE_NAME"}
    assert told == {field.name.upper() for field in fields(settings)}


def test_the_user_pool_is_kept_and_lets_nobody_in_by_themselves() -> None:
    [(name, pool)] = resources("AWS::Cognito::UserPool").items()
    assert load()["Resources"][name]["DeletionPolicy"] == load()["Resources"][name]["UpdateReplacePolicy"] == "Retain"
    assert pool["DeletionProtection"] == {"Fn::If": ["IsProtected", "ACTIVE", "INACTIVE"]}
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == SHORTEST
    groups = {group["GroupName"] for group in resources("AWS::Cognito::UserPoolGroup").values()}
    assert groups == {role.value for role in Role}


def test_letters_of_the_pool_have_what_cognito_puts_in_and_speak_three_languages() -> None:
    [pool] = resources("AWS::Cognito::UserPool").values()
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]["Fn::Sub"][0]
    code = pool["VerificationMessageTemplate"]["EmailMessage"]
    assert [letter.count("{####}") for letter in (invitation, code)] == [3, 3]
    assert invitation.count("{username}") == 3
    for letter in (invitation, code):
        assert (letter.count('<p lang="en">'), letter.count('<p lang="es">'), letter.count("<p>")) == (1, 1, 1)


def test_a_session_lives_as_long_as_its_cookie_and_an_access_token_for_minutes() -> None:
    [client] = resources("AWS::Cognito::UserPoolClient").values()
    assert client["TokenValidityUnits"] == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}
    assert client["RefreshTokenValidity"] * 24 * 3600 == LIVES_SECONDS
    assert client["AccessTokenValidity"] == 15
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert (client["GenerateSecret"], client["PreventUserExistenceErrors"], client["EnableTokenRevocation"]) == (False, "ENABLED", True)


def test_the_sealing_key_rotates_and_is_kept() -> None:
    [(name, key)] = resources("AWS::KMS::Key").items()
    assert key["EnableKeyRotation"] is True
    assert load()["Resources"][name]["DeletionPolicy"] == "Retain"


def test_functions_are_built_for_the_runtime_that_the_wheels_are_for() -> None:
    shared_by_all = load()["Globals"]["Function"]
    assert (shared_by_all["Runtime"], shared_by_all["Architectures"]) == ("python3.13", ["arm64"])
    assert all(load()["Resources"][name]["Metadata"] == {"BuildMethod": "makefile"} for name in FUNCTIONS)


def test_what_matters_has_an_alarm() -> None:
    alarms = resources("AWS::CloudWatch::Alarm", "infra/alarms.yaml")
    watched = {(alarm.get("Namespace"), alarm.get("MetricName")) for alarm in alarms.values() if "MetricName" in alarm}
    watched |= {
        (metric["MetricStat"]["Metric"]["Namespace"], metric["MetricStat"]["Metric"]["MetricName"])
        for alarm in alarms.values()
        for metric in alarm.get("Metrics", ())
        if "MetricStat" in metric
    }
    assert watched >= {
        *(("AWS/Lambda", name) for name in ("IteratorAge", "Errors", "Throttles", "Invocations")),
        *(("AWS/SQS", name) for name in ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage")),
        ("AWS/Events", "FailedInvocations"),
        ("AWS/ApiGateway", "5xx"),
        *(("Recomenda", name) for name in ("PendingAgeSeconds", "UnsealedDays", "RequestsUnanswered", "JobsFailed", "SignInsRefused")),
    }
    given = load()["Resources"]["Alarms"]["Properties"]["Parameters"]
    assert set(given) == set(load("infra/alarms.yaml")["Parameters"])
