"""Buttons inside Excel: the macro project and its sources, the containers that carry it, installation."""
