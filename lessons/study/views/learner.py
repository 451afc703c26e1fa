"""A learner's own page."""

from django.http import Http404, HttpRequest, HttpResponse


def study(request: HttpRequest) -> HttpResponse:
    raise Http404


def settings(request: HttpRequest) -> HttpResponse:
    raise Http404


def fit(request: HttpRequest) -> HttpResponse:
    raise Http404


def data(request: HttpRequest) -> HttpResponse:
    raise Http404


def delete(request: HttpRequest) -> HttpResponse:
    raise Http404


def card(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404
