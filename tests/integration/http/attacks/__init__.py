"""What people try at a door: each attack by name, and what it comes to."""
