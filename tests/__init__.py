"""Everything that proves the product, from field words to whole flows."""
