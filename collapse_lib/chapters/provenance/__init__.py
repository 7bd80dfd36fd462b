"""What stands behind the chapter `provenance`."""
