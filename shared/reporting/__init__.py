"""What reports are made of: counts of local days, spans of them, and what of them a caller may see. Pure."""
