"""What people are told: alerts and their words."""
