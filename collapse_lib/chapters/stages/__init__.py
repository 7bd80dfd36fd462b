"""What stands behind the chapter `stages`."""
