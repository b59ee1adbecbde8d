"""Attacks by the thousand: requests made up from the description of the door."""
