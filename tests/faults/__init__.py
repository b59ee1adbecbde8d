"""A worker killed at any moment: nothing acknowledged is lost, nothing is left half done."""
