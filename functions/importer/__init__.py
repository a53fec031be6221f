"""Works imports off, some lines at a time."""
