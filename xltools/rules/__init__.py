"""One module a family, one function a rule.  A rule knows the form and nothing of files."""
