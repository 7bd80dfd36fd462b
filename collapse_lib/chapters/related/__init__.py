"""What stands behind the chapter `related`."""
