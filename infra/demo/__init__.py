"""A year of three surveys as a company might have lived it, made up and the same each time: what `make demo-data` loads."""
