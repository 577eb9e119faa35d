"""Machine translation and its guard."""
