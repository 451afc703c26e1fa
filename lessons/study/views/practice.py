"""Play Quiz alone."""

from django.http import Http404, HttpRequest, HttpResponse


def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def begin(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def run(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    raise Http404


def answer(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    raise Http404
