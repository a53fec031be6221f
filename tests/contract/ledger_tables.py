"""Tables for contract tests, of the shape that all of ours have."""

import boto3


def made(name: str) -> str:
    """A new table, by its name."""
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": attribute, "AttributeType": "S"} for attribute in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    return name
