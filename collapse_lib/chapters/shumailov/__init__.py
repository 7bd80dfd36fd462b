"""What stands behind the chapter `shumailov`."""
