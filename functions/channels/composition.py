"""What managing channels works with."""

from aws_lambda_powertools import Logger

logger = Logger()
