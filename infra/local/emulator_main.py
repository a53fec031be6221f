"""Run the emulator in its own environment until whoever started it is gone: `python -m infra.local.emulator_main < pipe`.

The starter keeps the other end of the pipe. When it ends, even by SIGKILL, the pipe closes and the emulator stops the
clean way, which is also what saves its state.

Where the emulator differs from AWS in what this project stands on, it is mended here; each mend says in what.
"""

import gc
import hashlib
import inspect
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
import types
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from infra.environments import locked
from infra.local.forking import ForkedProcess

_STDIN = 0
_PORT = "GATEWAY_PORT"
_PACKAGES_KEPT = 75
"""Those of three builds."""


def _stop_with_the_starter() -> None:
    while os.read(_STDIN, 1024):  # not through sys.stdin, whose lock would be in the way when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _keep_queue_urls() -> None:
    """A queue's URL stays what it is when the emulator is started again on another port: saved state knows queues by it."""
    port = os.environ[_PORT]
    os.environ[_PORT] = "4566"
    try:
        import ministack.services.sqs  # noqa: F401, PLC0415 - it reads the port when it is imported
    finally:
        os.environ[_PORT] = port


def _authorize_as_aws_does() -> None:
    """What a call is authorized as, on what, and in which context.

    The right to SendMessage is the right to SendMessageBatch; a schedule's ARN names its own group; a letter is sent as an identity;
    conditions know the context that KMS seals in.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html, …/list_amazoneventbridgescheduler.html and
    …/list_amazonsimpleemailservicev2.html
    """
    from ministack.core import iam_actions  # noqa: PLC0415 - after the queues

    action_of, resource_of = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def action(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
        found = action_of(*args, **named)
        return "sqs:SendMessage" if found == "sqs:SendMessageBatch" else found

    def resource(  # noqa: PLR0913, PLR0917 - as the emulator calls it
        service: str,
        method: str,
        path: str,
        headers: Any,  # noqa: ANN401 - whatever it is
        body: bytes,
        query: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        found: str = resource_of(service, method, path, headers, body, query, region, account_id)
        if ":schedule/default/" in found:
            [group] = [json.loads(body).get("GroupName", "default")] if method == "POST" else query.get("groupName", ["default"])
            return found.replace(":schedule/default/", f":schedule/{group}/")
        if path == "/v2/email/outbound-emails":
            sender = json.loads(body).get("FromEmailAddress", "")
            return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return found

    tags_of = iam_actions.request_tag_context

    def context(service: str, iam_action: str, body: bytes, params: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever it is
        sealed_for = json.loads(body or b"{}").get("EncryptionContext", {}) if service == "kms" else {}
        known: dict[str, Any] = tags_of(service, iam_action, body, params)
        return known | {f"kms:EncryptionContext:{name}": value for name, value in sealed_for.items()}

    iam_actions.extract_iam_action, iam_actions.extract_resource_arn, iam_actions.request_tag_context = action, resource, context


def _expire_as_templates_say() -> None:
    """A table's TimeToLiveSpecification in a template turns TTL on; the emulator reads it in a call of its own only.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
    """
    from ministack.services import dynamodb  # noqa: PLC0415 - after the queues
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415 - likewise

    of_tables = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]  # noqa: SLF001 - the emulator has no door for this
    create, update = of_tables["create"], of_tables["update"]

    def expiring(name: str, properties: dict[str, Any]) -> None:
        if "TimeToLiveSpecification" in properties:
            dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": properties["TimeToLiveSpecification"]})  # noqa: SLF001 - likewise

    def created(logical_id: str, properties: dict[str, Any], *args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
        made = create(logical_id, properties, *args, **named)
        expiring(made[0], properties)
        return made

    def updated(name: str, before: dict[str, Any], properties: dict[str, Any], *args: Any, **named: Any) -> Any:  # noqa: ANN401 - likewise
        made = update(name, before, properties, *args, **named)
        expiring(made[0] if isinstance(made, tuple) else name, properties)
        return made

    of_tables["create"], of_tables["update"] = created, updated


def _delete_what_is_due_sooner() -> None:
    """What is due by its TTL goes within ten seconds: the emulator looks once a minute, and AWS promises no time at all."""
    from ministack.services import dynamodb  # noqa: PLC0415 - after the queues

    often, source = "time.sleep(60)", inspect.getsource(dynamodb._ttl_reaper)  # noqa: SLF001 - the emulator has no door for this
    if source.count(often) != 1:
        raise RuntimeError("the emulator deletes what is due in another way than this mend knows")
    exec(compile(source.replace(often, "time.sleep(10)"), dynamodb.__file__, "exec"), vars(dynamodb))  # noqa: S102 - its own text, another number
    threading.Thread(target=dynamodb._ttl_reaper, daemon=True).start()  # noqa: SLF001 - likewise


def _ask_the_route_for_preflights() -> None:
    """An HTTP API without a CORS configuration leaves OPTIONS to its routes; the emulator refuses it for every one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    from ministack.services import apigateway  # noqa: PLC0415 - after the queues

    refused, asked = 'if method == "OPTIONS":', 'if method == "OPTIONS" and cors_cfg:'
    source = inspect.getsource(apigateway._handle_execute_in_scope)  # noqa: SLF001 - the emulator has no door for this
    if source.count(refused) != 1:
        raise RuntimeError("the emulator answers preflights in another way than this mend knows")
    exec(compile(source.replace(refused, asked), apigateway.__file__, "exec"), vars(apigateway))  # noqa: S102 - its own text, one condition more


def _take_loopback_for_safe() -> None:
    """A policy that asks for TLS (aws:SecureTransport) is satisfied: what does not leave this machine is read by nobody.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    from ministack.core import iam_evaluator  # noqa: PLC0415 - after the queues

    pin = iam_evaluator.pin_request_origin

    def pinned(source_ip: str, secure_transport: bool) -> None:  # noqa: FBT001 - as the emulator calls it
        del secure_transport
        pin(source_ip, True)  # noqa: FBT003 - likewise

    iam_evaluator.pin_request_origin = pinned


def _let_clients_say_where_they_are() -> None:
    """A request comes from the address that its X-Forwarded-For names first, where it has one.

    In AWS it comes from wherever its connection does; here everybody connects from the same machine, and networks have to be told apart.
    """
    from ministack.services import lambda_svc  # noqa: PLC0415 - after the queues

    execute = lambda_svc._execute_function_with_config_scope  # noqa: SLF001 - the emulator has no door for this

    def executed(function: dict[str, Any], event: Any) -> Any:  # noqa: ANN401 - whatever it is
        if isinstance(event, dict) and "http" in (event.get("requestContext") or {}):
            forwarded = {name.lower(): value for name, value in (event.get("headers") or {}).items()}.get("x-forwarded-for")
            if forwarded:
                event["requestContext"]["http"]["sourceIp"] = forwarded.partition(",")[0].strip()
        return execute(function, event)

    lambda_svc._execute_function_with_config_scope = executed  # noqa: SLF001 - likewise


def _ask_for_the_challenge_that_was_given() -> None:
    """A first password is chosen with the challenge that signing in gave, once, and by the pool's policy; the emulator asks for neither.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
    """
    from ministack.services import cognito  # noqa: PLC0415 - after the queues

    given: dict[str, str] = {}
    result_of, respond = cognito._password_auth_result, cognito._admin_respond_to_auth_challenge  # noqa: SLF001 - the emulator has no door for this

    def result(pool: Any, pool_id: str, client_id: str, user: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
        answered = result_of(pool, pool_id, client_id, user, *args, **named)
        said = json.loads(answered[2])
        if said.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
            given[said["Session"]] = user["Username"]
        return answered

    def responded(data: dict[str, Any]) -> Any:  # noqa: ANN401 - likewise
        if data.get("ChallengeName") != "NEW_PASSWORD_REQUIRED":
            return respond(data)
        responses = data.get("ChallengeResponses", {})
        pool = cognito._user_pools[data["UserPoolId"]]  # noqa: SLF001 - likewise
        user, _ = cognito._resolve_user(pool, responses.get("USERNAME"))  # noqa: SLF001 - likewise
        if user is None or given.get(data.get("Session", "")) != user["Username"]:
            return cognito.error_response_json("NotAuthorizedException", "Invalid session for the user.", 400)
        weak = cognito._validate_password(pool, responses.get("NEW_PASSWORD", ""))  # noqa: SLF001 - likewise
        if weak:
            return weak
        del given[data["Session"]]
        return respond(data)

    cognito._password_auth_result, cognito._admin_respond_to_auth_challenge = result, responded  # noqa: SLF001 - likewise


def _unpack_each_package_once() -> None:
    """The processes of a function share its unpacked package, which in AWS they cannot write to either; so do all local deployments.

    Left alone, the emulator unpacks the 2,400 files again for every process that it starts, and it starts one for each call at a time.
    """
    from ministack.core import lambda_runtime  # noqa: PLC0415 - after the queues

    store = Path(os.environ.pop("PACKAGES"))  # functions have no business there

    class Package(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:  # noqa: ANN401 - as it is inherited
            whole = store / hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
            with locked(store / "lock"):
                if not whole.exists():
                    unfinished = store / "unfinished"
                    shutil.rmtree(unfinished, ignore_errors=True)
                    super().extractall(unfinished, members, pwd)
                    unfinished.rename(whole)
                os.utime(whole)
                for forgotten in sorted(store.glob("*/"), key=lambda package: package.stat().st_mtime)[:-_PACKAGES_KEPT]:
                    shutil.rmtree(forgotten)
            Path(path).rmdir()  # the emulator has just made it
            Path(path).symlink_to(whole)

    lambda_runtime.zipfile = types.SimpleNamespace(**{**vars(zipfile), "ZipFile": Package})


def _start_functions_by_forking() -> None:
    """A function's second process is a copy of one that has imported the handler, not a Python that imports it all again.

    Left alone, each of the hundreds that a run of the tests starts takes a quarter of a second of computing; AWS has SnapStart for that.
    """
    from ministack.core import lambda_runtime  # noqa: PLC0415 - after the queues

    starting = threading.local()

    class Worker(lambda_runtime.Worker):  # type: ignore[misc]
        def _spawn(self) -> None:
            starting.module = self.config["Handler"].rpartition(".")[0]
            super()._spawn()

    def started(arguments: list[str], *, cwd: str, env: dict[str, str], **_streams: Any) -> ForkedProcess:  # noqa: ANN401 - always pipes
        return ForkedProcess.started(starting.module, arguments[1], Path(cwd), env)

    lambda_runtime.Worker = Worker
    lambda_runtime.subprocess = types.SimpleNamespace(**{**vars(subprocess), "Popen": started})


def _know_when_a_function_has_said_all() -> None:
    """What a function logs during a call ends with a line of one NUL.

    Left alone, the emulator looks every millisecond whether more comes: for 50 of them after each call that logs nothing, as most do.
    """
    from ministack.core import lambda_runtime  # noqa: PLC0415 - after the queues

    end, seconds = "\0", 0.25  # as long as the emulator waits at most
    called, script = "            result = handler_fn(event, context)\n", lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001 - it has no door for this
    if script.count(called) != 1:
        raise RuntimeError("the emulator calls functions in another way than this mend knows")
    told = f"            try:\n    {called}            finally:\n                print({end!r}, file=sys.stderr, flush=True)\n"
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(called, told)  # noqa: SLF001 - likewise

    def said(worker: Any) -> str:  # noqa: ANN401 - the emulator's
        lines = []
        try:
            while (line := worker._stderr_queue.get(timeout=seconds)) != end:  # noqa: SLF001 - likewise
                lines.append(line)
        except queue.Empty:  # it was killed
            pass
        return "\n".join(lines)

    lambda_runtime.Worker._drain_stderr_bounded = said  # noqa: SLF001 - likewise


def _read_rules_once() -> None:
    """The same few conditions and policies come with every request, and mean the same each time: a tenth of it was reading them."""
    from ministack.core import iam_evaluator  # noqa: PLC0415 - after the queues
    from ministack.services import dynamodb  # noqa: PLC0415 - likewise

    parse = iam_evaluator.parse_policy_document
    parse_text = lru_cache(maxsize=None)(parse)
    iam_evaluator.parse_policy_document = lambda policy: parse_text(policy) if isinstance(policy, str) else parse(policy)
    dynamodb._condition_syntax_error = lru_cache(maxsize=None)(dynamodb._condition_syntax_error)  # noqa: SLF001 - it has no door for this


def _read_requests_quickly() -> None:
    """HTTP is read by httptools, which is compiled; half of what the emulator computed was h11 reading it in Python."""
    import hypercorn.asyncio  # noqa: PLC0415 - after the queues
    import uvicorn  # noqa: PLC0415 - likewise

    async def serve(app: Any, config: Any) -> None:  # noqa: ANN401 - an application, and hypercorn's configuration
        host, _, port = config.bind[0].rpartition(":")
        await uvicorn.Server(
            uvicorn.Config(
                app,
                host,
                int(port),
                http="httptools",
                ws="none",
                access_log=False,
                proxy_headers=False,
                log_config=None,
                server_header=False,
                date_header=False,  # as it is with hypercorn: the application says it
                timeout_keep_alive=config.keep_alive_timeout,
                timeout_graceful_shutdown=int(config.graceful_timeout),
            )
        ).serve()

    hypercorn.asyncio.serve = serve


threading.Thread(target=_stop_with_the_starter, daemon=True).start()
_keep_queue_urls()
_take_loopback_for_safe()
_authorize_as_aws_does()
_expire_as_templates_say()
_delete_what_is_due_sooner()
_ask_the_route_for_preflights()
_let_clients_say_where_they_are()
_ask_for_the_challenge_that_was_given()
_unpack_each_package_once()
_know_when_a_function_has_said_all()
_read_rules_once()
_start_functions_by_forking()
_read_requests_quickly()

from ministack.app import main  # noqa: E402 - mended

gc.freeze()  # code stays: looking through it for garbage took a twentieth of the time
gc.set_threshold(20_000, 50, 100)
main()
