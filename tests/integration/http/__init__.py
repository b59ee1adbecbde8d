"""The door, over ASGI without a socket."""
