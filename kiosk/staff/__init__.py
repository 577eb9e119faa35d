"""The staff door: interpreters and officers see the queue, take a case, write with the applicant and close it."""

from kiosk.staff.app import create_staff_app

__all__ = ["create_staff_app"]
