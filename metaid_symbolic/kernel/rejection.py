"""What the kernel says to a certificate that establishes nothing."""


class Rejected(Exception):
    """The certificate does not establish the claim.  Says nothing about the claim's truth."""


def require(holds: object, message: str, *parts: object, error: type[Rejected] = Rejected) -> None:
    """Raises the error with the parts set into the message, unless the condition holds."""
    if not holds:
        raise error(message.format(*parts))
