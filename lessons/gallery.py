"""The gallery: every explanation, to explore without a room and to link to with its knobs as they are turned."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from pydantic import ValidationError
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lessons import explanations, pictures
from lessons.explanations import DEFAULT_SEED, UnknownExplanation
from lessons.questions import ExplanationRef

CHAPTERS = (
    (gettext_lazy("From text to vectors"), ("tokens", "probe", "attention")),
    (gettext_lazy("Inside an MLP"), ("mlp", "relu", "params")),
    (gettext_lazy("Room in many dimensions"), ("angles", "pack", "jl", "capacity")),
    (gettext_lazy("Superposition"), ("toy", "geometry", "sae")),
    (gettext_lazy("Training"), ("nextword", "rlhf", "scaling")),
)
"""In which order the explanations are told."""
TOLD = tuple(key for _title, keys in CHAPTERS for key in keys)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All explanations; the browser draws them small as they come into view."""
    chapters = [
        {
            "title": title,
            "explanations": [{"key": key, **_told(key)} for key in keys],
        }
        for title, keys in CHAPTERS
    ]
    return render(request, "explanations/gallery.html", {"chapters": chapters})


@require_safe
def explanation(request: HttpRequest, key: str) -> HttpResponse:
    """One explanation to explore, with its formula, its source and the code that computed it."""
    if key not in TOLD:
        raise Http404(f"There is no explanation “{key}”.")
    problem = ""
    try:
        shown = pictures.picture(key, *_asked(key, request.GET))
    except ValidationError as error:
        # The address was typed or cut short: the picture is worth seeing all the same.
        problem = explanations.in_words(error, key)
        shown = pictures.picture(key, {})
    at = TOLD.index(key)
    return render(
        request,
        "explanations/explanation.html",
        {
            "key": key,
            "told": _told(key),
            "picture": shown.model_dump(mode="json", by_alias=True),
            "problem": problem,
            "code": {
                name: _highlighted(code) for name, code in explanations.source_code(key).items()
            },
            "before": {"key": TOLD[at - 1], **_told(TOLD[at - 1])} if at else None,
            "after": {"key": TOLD[at + 1], **_told(TOLD[at + 1])} if TOLD[at + 1 :] else None,
        },
        status=400 if problem else 200,
    )


@require_safe
def picture_json(request: HttpRequest, key: str) -> HttpResponse:
    """A picture with the parameters of the address, computed if nobody asked for it before."""
    try:
        params, seed = _asked(key, request.GET)
        name = f'"{explanations.digest(key, params, seed)}"'
        # Compressing the answer on its way makes the name a weak one.
        if request.headers.get("If-None-Match", "").removeprefix("W/") == name:
            return HttpResponse(status=304, headers={"ETag": name})
        body = pictures.picture_json(key, params, seed, is_chosen_by_visitor=True)
    except UnknownExplanation as error:
        return JsonResponse({"problem": str(error)}, status=404)
    except ValidationError as error:
        return JsonResponse({"problem": explanations.in_words(error, key)}, status=400)
    except pictures.Busy:
        problem = _("The server is busy with other pictures.")
        return JsonResponse({"problem": problem}, status=503, headers={"Retry-After": "1"})
    except pictures.NotComputed:
        return JsonResponse({"problem": _("This picture couldn’t be computed.")}, status=500)
    headers = {"ETag": name, "Cache-Control": "no-cache"}
    if "download" in request.GET:
        headers["Content-Disposition"] = f'attachment; filename="{key}.json"'
    return HttpResponse(body, content_type="application/json", headers=headers)


def link_to(ref: ExplanationRef) -> dict[str, str]:
    """The page of a picture with these parameters, and what it is called."""
    params = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in ref.params.items()
    }
    address = reverse("explanation", args=[ref.key])
    return {
        "title": explanations.find(ref.key).TITLE,
        "address": f"{address}?{urlencode(params)}" if params else address,
    }


def _told(key: str) -> dict[str, str]:
    module = explanations.find(key)
    return {"title": module.TITLE, "idea": module.IDEA, "formula": module.FORMULA}


def _asked(key: str, query: QueryDict) -> tuple[dict[str, Any], int]:
    """Parameters and seed of an address. What else is in it (knobs that the browser turns) isn't ours.

    Raises UnknownExplanation and ValidationError, for the seed too.
    """
    fields = explanations.find(key).Params.model_fields
    params = {name: _value(str(query[name])) for name in query if name in fields}
    return explanations.validated(key, params), _seed(query)


def _seed(query: QueryDict) -> int:
    text = query.get("seed", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else DEFAULT_SEED


def _value(text: str) -> Any:
    """A value of an address: JSON, else the text as it stands."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return text


def _highlighted(code: str) -> SafeString:
    html = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))
    return mark_safe(html)  # noqa: S308  # Pygments escapes; the code is this project's own
