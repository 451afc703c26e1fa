"""Questions and flashcards made from a lesson's notes, as drafts that a teacher approves.

    uploads.py, readers/   a file of another program -> a lesson's sections
    texts.py          a section's notes -> blocks of sentences that know where they stand
    reading.py        a lesson -> its sentences, each with what it needs to be understood
    phrases.py        a sentence -> its noun phrases (spaCy, optional)
    mentions.py, terms.py  a lesson -> what it names and where, and how much that is worth
    distractors.py    a term -> others that could stand in its place, and are wrong
    gaps.py, definitions.py, statements.py, steps.py   one way each to make drafts
    drafting.py       all of them together: ranked, none twice, none that was rejected
    with_model.py     drafts of a language model, each checked
    weak_spots.py     a learner's weak spots -> a quiz
    evaluation.py     drafts -> what rules find wrong with them

    models.py         drafts that are kept, and what became of them
    making.py         has them made by the worker
    places.py         where their sentences stand now
    deciding.py       a teacher's yes or no
    adding.py         a text -> a lesson, or more sections of one
    admin.py, forms.py, showing.py   the pages for all that

No part of the engine needs a language model or the internet, and the same lesson always gives the same drafts.
"""
