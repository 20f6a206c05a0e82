"""HCL, the language of bake files: text to a tree, a tree to values."""
