"""One pure function per command: from a scene and a payload to a decision."""
