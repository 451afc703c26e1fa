"""Flashcards to flip, and to take away."""

from django.http import Http404, HttpRequest, HttpResponse


def deck(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def know(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def apkg(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def csv(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404
