"""What became of a transaction that DynamoDB refused."""

from typing import Final

from pynamodb.exceptions import TransactWriteError

CONDITION: Final = "ConditionalCheckFailed"
_INVALID: Final = frozenset({"ValidationError", "ValidationException", "ItemCollectionSizeLimitExceeded"})
_BUSY: Final = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)


def reasons(error: TransactWriteError) -> list[str]:
    """The reason of each action in order ("" where it was not to blame); of the whole call where it was refused at the door.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html, Errors.
    """
    if error.cause_response_code == "TransactionCanceledException":
        return [reason.code if reason else "" for reason in error.cancellation_reasons]
    return [error.cause_response_code or ""]


def is_invalid(codes: list[str]) -> bool:
    """Whether something in the transaction cannot be written as it is."""
    return not _INVALID.isdisjoint(codes)


def is_busy(codes: list[str]) -> bool:
    """Whether the same transaction may pass a moment later."""
    return not _BUSY.isdisjoint(codes)
