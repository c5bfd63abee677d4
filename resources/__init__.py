"""Files that ship with the product; import it to find where they lie."""
