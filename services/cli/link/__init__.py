"""`sijill link`, `evaluate` and `simulate`: whole files of registrations, and how well they were linked."""
