"""Players made of software: for a demo, a smoke test, and to measure what a server holds.

wire.py        one websocket
answers.py     some answer that fits a question
playing.py     a room full of players and its host, from the door to the podium
measures.py    what they measured, as a table
references.py  other ways to reach as many sockets, to compare with
"""
