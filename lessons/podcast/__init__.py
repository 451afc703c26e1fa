"""Two hosts talk through a lesson: a script that a teacher approves, and its recording."""
