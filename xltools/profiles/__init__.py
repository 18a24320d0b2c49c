"""Scoring profiles: one TOML a region, and the loader."""

from xltools.profiles.profile import DEFAULT, Profile, ProfileError, available, load_profile

__all__ = ["DEFAULT", "Profile", "ProfileError", "available", "load_profile"]
