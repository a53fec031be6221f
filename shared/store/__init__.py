"""The only code that touches AWS: PynamoDB models and repositories, KMS, the bus and the queue."""
