"""What can be asked and commanded, one file for each kind of thing; each has an `add`."""
