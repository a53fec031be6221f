"""Who may use the console: sessions, users and the rules between them. Passwords and sessions lie in a user pool; nothing of them here."""
