"""Files as a folder of this machine keeps them, and what is told of them by looking inside."""
