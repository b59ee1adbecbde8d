"""The record kept beyond the database: checkpoints, bundles, backups."""
