"""Signs users in to the console, and out."""
