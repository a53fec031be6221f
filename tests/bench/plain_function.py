"""What `collect` is measured beside: about the least a function can do with an answer - `json.loads`, a Logger, one boto3 `put_item`."""

import json
import os
import time
import uuid
from typing import Any

import boto3
from aws_lambda_powertools import Logger

logger = Logger()
dynamodb = boto3.client("dynamodb")


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Store an answer as it comes."""
    body = json.loads(event["body"])
    answer_id = str(uuid.uuid4())
    given = {name: body[name] for name in ("touchpoint", "channel", "variant", "locale")} | body["segments"]
    dynamodb.put_item(
        TableName=os.environ["PLAIN_TABLE"],
        Item={
            "pk": {"S": event["pathParameters"]["survey_id"]},
            "sk": {"S": answer_id},
            "score": {"N": str(body["score"])},
            "at": {"N": str(time.time_ns() // 1_000_000)},
            "dimensions": {"M": {name: {"S": value} for name, value in given.items()}},
        },
    )
    logger.info("answer received", answer_id=answer_id)
    return {"statusCode": 201, "headers": {"content-type": "application/json"}, "body": json.dumps({"answer_id": answer_id})}
