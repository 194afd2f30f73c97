"""The dataset page: see every sample of an IDX file, pick some of them, look at one closely."""
