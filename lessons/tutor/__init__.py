"""Chat to lesson: questions answered from one lesson, each sentence with the place it comes from.

passages     the lesson as passages that can be found and cited
words        words as they are compared
vectors      sentences as vectors of meaning; optional packages
retrieval    which passages are nearest to a question
kinds        what kind of thing is asked for
gate         whether the lesson answers it
extraction   an answer in the lesson's own sentences
written      an answer in a language model's words, held against the lesson
follow_ups   questions that lean on the one before
suggestions  questions to offer
marked       the notes as HTML with every sentence's place in it
replies      what a page gets
tutor        all of it together: `tutor_of(draft).ask(question)`
evaluation   how well it does on a set of questions
"""
