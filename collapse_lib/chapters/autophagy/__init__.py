"""What stands behind the chapter `autophagy`."""
