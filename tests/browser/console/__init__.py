"""The console in a real Chromium, on the deployed stack."""
