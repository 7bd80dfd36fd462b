"""What stands behind the chapter `language`."""
