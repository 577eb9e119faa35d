"""The web doors: `public` for applicants at a kiosk, `staff` for the people who take over conversations."""
