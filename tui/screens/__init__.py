"""The screens of the terminal, one a module."""
