"""Spaced repetition."""

from django.http import Http404, HttpRequest, HttpResponse


def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def due(request: HttpRequest) -> HttpResponse:
    raise Http404


def next_card(request: HttpRequest) -> HttpResponse:
    raise Http404


def rate(request: HttpRequest) -> HttpResponse:
    raise Http404


def undo(request: HttpRequest) -> HttpResponse:
    raise Http404


def put_aside(request: HttpRequest) -> HttpResponse:
    raise Http404
