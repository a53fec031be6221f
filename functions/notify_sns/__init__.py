"""Publishes detractors to the SNS topic."""
