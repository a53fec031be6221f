"""Reading answers one by one: lists for people, and files of many. Figures come from rollups, never from here."""
