"""One folder a Lambda function. Each `handler.py` turns one AWS event into one call into `shared`."""
