"""Studying alone. Pages of one lesson have its `slug`, so that they are locked while a room plays it."""

from django.urls import path

from lessons.study.views import chat, flashcards, learner, practice, review

urlpatterns = [
    path("lessons/<slug:slug>/quiz/", practice.quiz, name="practice"),
    path("lessons/<slug:slug>/quiz/begin/", practice.begin, name="begin_practice"),
    path("lessons/<slug:slug>/quiz/<slug:key>/", practice.run, name="practice_run"),
    path("lessons/<slug:slug>/quiz/<slug:key>/answer/", practice.answer, name="answer_practice"),
    path(
        "lessons/<slug:slug>/quiz/<slug:key>/report/",
        practice.report_question,
        name="report_question",
    ),
    path("lessons/<slug:slug>/flashcards/", flashcards.deck, name="flashcards"),
    path("lessons/<slug:slug>/flashcards/known/", flashcards.know, name="know_flashcard"),
    path("lessons/<slug:slug>/flashcards.apkg", flashcards.apkg, name="flashcards_apkg"),
    path("lessons/<slug:slug>/flashcards.csv", flashcards.csv, name="flashcards_csv"),
    path("lessons/<slug:slug>/review/", review.lesson, name="review_lesson"),
    path("lessons/<slug:slug>/chat/", chat.chat, name="chat"),
    path("lessons/<slug:slug>/chat/suggested/", chat.suggested, name="chat_suggestions"),
    path("lessons/<slug:slug>/chat/ask/", chat.ask, name="ask_lesson"),
    path("lessons/<slug:slug>/chat/clear/", chat.clear, name="clear_chat"),
    path("study/", learner.study, name="study"),
    path("study/review/", review.due, name="review"),
    path("study/review/next/", review.next_card, name="next_card"),
    path("study/review/rate/", review.rate, name="rate_card"),
    path("study/review/undo/", review.undo, name="undo_review"),
    path("study/review/put-aside/", review.put_aside, name="put_aside"),
    path("study/cards/<int:pk>/", learner.card, name="study_card"),
    path("study/settings/", learner.settings, name="study_settings"),
    path("study/settings/fit/", learner.fit, name="fit_parameters"),
    path("study/data/", learner.data, name="study_data"),
    path("study/delete/", learner.delete, name="study_delete"),
]
