"""The one exception of the kernel."""


class Rejected(Exception):
    """The certificate does not establish the claim.  Says nothing about the claim's truth."""
