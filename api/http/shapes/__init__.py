"""The forms of the answers, for the description of the door; the answers themselves are data."""
