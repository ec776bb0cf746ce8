"""`sijill train`: a model learned from files, without labels or with them."""
