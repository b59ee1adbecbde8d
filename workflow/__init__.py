"""The engine. Knows no article of law, no HTTP, no templates."""
