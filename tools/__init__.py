"""The project's own steps: `python -m tools` lists them. They run the same on every system."""
