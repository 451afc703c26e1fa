"""Studying alone: one file is one mode (flashcards, spaced_repetition, practice), `views` are their pages.

A mode's messages to the browser are pydantic classes, named in its `MESSAGES`; TypeScript's types
are generated from them.
"""
