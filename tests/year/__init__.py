"""A year of reminders: random life on a real database, held against a slow oracle of its own."""
