"""What stands behind the chapter `recursion`."""
