"""What Cognito refuses at the door, as those before it learn it: as little as possible. The emulator refuses less than AWS does."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from shared.signin.ports import PasswordRefusedError, PoolBusyError, ResetRefusedError, SessionEndedError, SignInRefusedError
from shared.store.pool_door import CognitoDoor

PASSWORD = "correct-horse-battery"
CALLS: dict[str, tuple[Callable[[CognitoDoor], object], type[Exception]]] = {
    "admin_initiate_auth": (lambda door: door.sign_in("ana@loja.example", PASSWORD), SignInRefusedError),
    "admin_respond_to_auth_challenge": (lambda door: door.choose_password("ana@loja.example", "x" * 40, PASSWORD), SignInRefusedError),
    "confirm_forgot_password": (lambda door: door.reset("ana@loja.example", "123456", PASSWORD), ResetRefusedError),
}


def met(method: str, code: str, act: Callable[[CognitoDoor], Any]) -> Any:  # noqa: ANN401 - whatever the door gives
    """Do something at a door where Cognito answers `method` with an error."""
    cognito = boto3.client("cognito-idp", region_name="sa-east-1")
    with Stubber(cognito) as stub:
        stub.add_client_error(method, code, "ana@loja.example is not there")
        return act(CognitoDoor(cognito, "sa-east-1_Pool", "client"))


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize(
    "code",
    [
        *("NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException", "UserNotConfirmedException"),
        *("InvalidParameterException", "CodeMismatchException", "ExpiredCodeException", "TooManyFailedAttemptsException"),
        "LimitExceededException",  # of one user, so it would tell that there is one
    ],
)
def test_whatever_is_wrong_is_one_refusal(method: str, code: str) -> None:
    act, refusal = CALLS[method]
    with pytest.raises(refusal) as raised:
        met(method, code, act)
    assert "ana" not in str(raised.value)


@pytest.mark.parametrize("method", CALLS)
def test_a_weak_password_a_busy_pool_and_a_fault_are_told_apart(method: str) -> None:
    act, _ = CALLS[method]
    for code, expected in (
        ("InvalidPasswordException", PasswordRefusedError),
        ("PasswordHistoryPolicyViolationException", PasswordRefusedError),
        ("TooManyRequestsException", PoolBusyError),
        ("InternalErrorException", PoolBusyError),
        ("AccessDeniedException", ClientError),
    ):
        with pytest.raises(expected):
            met(method, code, act)


@pytest.mark.parametrize("code", ["NotAuthorizedException", "InvalidParameterException"])
def test_a_session_that_is_none_has_ended_and_may_be_signed_out_of(code: str) -> None:
    with pytest.raises(SessionEndedError):
        met("admin_initiate_auth", code, lambda door: door.refresh("x"))
    for refused in (code, "UnauthorizedException", "UnsupportedTokenTypeException"):
        met("revoke_token", refused, lambda door: door.sign_out("x"))
    with pytest.raises(PoolBusyError):
        met("revoke_token", "TooManyRequestsException", lambda door: door.sign_out("x"))


@pytest.mark.parametrize(
    "code",
    [
        "UserNotFoundException",
        "NotAuthorizedException",
        "LimitExceededException",
        "TooManyRequestsException",
        "CodeDeliveryFailureException",
    ],
)
def test_whether_a_code_goes_out_is_no_refusal(code: str) -> None:
    assert met("forgot_password", code, lambda door: door.send_code("ana@loja.example")) is False
    with pytest.raises(ClientError):
        met("forgot_password", "ResourceNotFoundException", lambda door: door.send_code("ana@loja.example"))
