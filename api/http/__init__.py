"""The door: the engine's questions and commands over HTTP. No rule stands here."""
