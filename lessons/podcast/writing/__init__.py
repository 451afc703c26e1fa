"""A lesson as a talk of two hosts, without a language model: the same lesson, the same words. Pure.

    points.py      a section's notes -> what is to be said, in order, each with its span
    sentences.py   a fragment -> a sentence; a long sentence -> pieces
    grammar.py     an English sentence -> its subject and verb, by single words
    wording.py     how the lesson writes a word in mid-sentence
    asking.py      a sentence -> the question it answers
    glossary.py    flashcards -> terms to be explained where they are first heard
    recall.py      a lesson's questions -> moments to think, and their answers
    phrases.py     what the hosts say of their own, never the same twice in a while
    talk.py        all of them together: opening, a chapter for each section, end
    reading.py     a lesson in another language than English, read by two voices
    whole.py       the one or the other, bounded

Every word that carries meaning is the lesson's own; the hosts add only the phrases of `phrases.py`.
"""

from lessons.podcast.writing.whole import script_of

__all__ = ["script_of"]
