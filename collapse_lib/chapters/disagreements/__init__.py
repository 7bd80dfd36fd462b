"""What stands behind the chapter `disagreements`."""
