"""What the areas share: resources, tables, names. It defines no assets."""
