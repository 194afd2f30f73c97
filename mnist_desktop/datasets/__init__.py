"""Know files: the IDX format, pairing, names, diagnosis. Needs numpy alone."""
