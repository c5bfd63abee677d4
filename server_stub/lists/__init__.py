"""Lists of serious dishonesty, of reminders and of honour: who stands on which, and what follows from it."""
