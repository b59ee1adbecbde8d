"""Keys held for people by the installation, and signing with them."""
