"""The HTTP API: requests, problems, wire messages and the table of routes. Pure: no AWS, no clock."""
