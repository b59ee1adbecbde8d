"""The door over HTTP beside bare routes that run the same statements."""
