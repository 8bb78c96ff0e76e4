from hutong.domains.workforce.models.people import (
    QUALIFICATIONS,
    RESULTS,
    Appointment,
    BackgroundCheck,
    Handout,
    Training,
    Worker,
)

__all__ = ["QUALIFICATIONS", "RESULTS", "Appointment", "BackgroundCheck", "Handout", "Training", "Worker"]
