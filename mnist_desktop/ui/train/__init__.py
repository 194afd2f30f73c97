"""The page that trains: a short form, the curves as they grow, and the runs of before."""
