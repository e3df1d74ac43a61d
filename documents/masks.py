"""Shows enough of a number to recognise it and too little to use it."""


def mask_id(number: str) -> str:
    """220102199003071524 -> 2201**********1524."""
    return _mask(number, 4, 4, len(number) - 8)


def mask_card(number: str) -> str:
    """6217 and 0042 with always four stars between, so that the length is hidden too."""
    return _mask(number, 4, 4, 4)


def mask_phone(number: str) -> str:
    """13812341234 -> 138****1234."""
    return _mask(number, 3, 4, len(number) - 7)


def _mask(number: str, head: int, tail: int, stars: int) -> str:
    # What is not at least four characters longer than what stays visible is hidden whole.
    if len(number) < head + tail + 4:
        return "*" * len(number)
    return number[:head] + "*" * stars + number[-tail:]
