"""What cannot be done to a scenario, said so that the form can show it."""


class Refused(ValueError):
    """The text says what is wrong and how to mend it, in Chinese."""
