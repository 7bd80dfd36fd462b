"""What stands behind the chapter `mitigation`."""
