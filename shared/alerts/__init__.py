"""Alerting Customer Success: who is told what and when, and the only code that calls out to the internet."""
