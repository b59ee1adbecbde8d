"""Every way in: composition, command line, migrations."""
