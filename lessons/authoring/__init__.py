"""Questions and flashcards made from a lesson's notes, as drafts that a teacher approves.

    uploads/      a file of another program -> the sections of a lesson
    texts.py      a section's notes -> blocks of sentences that know where they stand
    phrases.py    a sentence -> its noun phrases (spaCy, optional)
    terms.py      a lesson -> what is worth asking for
    distractors.py  a term -> others that could stand in its place, and are wrong
    gaps.py, definitions.py, statements.py, steps.py   one way each to make drafts
    drafting.py   all of them together: ranked, none twice, none that was rejected
    with_model.py    the same from a language model, every draft checked
    weak_spots.py a learner's weak spots -> a quiz

No part needs a language model or the internet, and the same lesson always gives the same drafts.
"""
