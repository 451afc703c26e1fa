"""Where teachers look at drafts and take what they like; and make a lesson from a text."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from lessons.admin import may_edit
from lessons.authoring import adding, deciding
from lessons.authoring.drafting import best
from lessons.authoring.forms import FoundSections, HeadForm, TextForm, edit_form, found_sections
from lessons.authoring.making import ask_for_drafts, content_of
from lessons.authoring.models import Making, Proposal
from lessons.authoring.places import Places
from lessons.authoring.showing import (
    KINDS,
    Decided,
    counts_of,
    made_in_words,
    making_view,
    proposal_view,
)
from lessons.drafts import LessonDraft
from lessons.language_model import language_model
from lessons.models import Lesson

SHOWN_AT_ONCE = 20


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's own has no parameters
    """Pages of its own; the usual list and form of a model would be no help."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    has_add_permission = has_module_permission

    def has_view_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return False

    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        """Who may not delete the draft could not delete its lesson."""
        return may_edit(request, obj.lesson if obj else None)

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, str, Callable[..., HttpResponseBase]]] = [
            ("new/", "authoring_new", self.new),
            ("lesson/<int:pk>/", "authoring_drafts", self.drafts),
            ("lesson/<int:pk>/add/", "authoring_add", self.add),
            ("lesson/<int:pk>/make/", "authoring_make", require_POST(self.make)),
            ("lesson/<int:pk>/progress/", "authoring_progress", require_safe(self.progress)),
            ("<int:pk>/decide/", "authoring_decide", require_POST(self.decide)),
            ("<int:pk>/edit/", "authoring_edit", self.edit),
        ]
        return [path(at, self.admin_site.admin_view(view), name=name) for at, name, view in views]

    def drafts(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The drafts of a lesson, the best first, to say yes or no to each."""
        lesson = _own_lesson(request, pk)
        told = lesson.as_draft()
        places = Places(told)
        chosen = _Chosen(request)
        drafts = list(chosen.of(lesson))
        there = [p for p in drafts if chosen.state != "waiting" or places.of(p.draft)]
        page = Paginator(there, SHOWN_AT_ONCE).get_page(request.GET.get("page"))
        shown = (
            page.object_list if chosen.state != "waiting" else _in_order(there, page.end_index())
        )
        makings = {making.section: making for making in lesson.makings.all()}
        rules = makings.get("")
        model = language_model()
        counts = counts_of(lesson)
        return self._page(
            request,
            "admin/authoring/drafts.html",
            gettext("Questions and cards from the notes"),
            lesson=lesson,
            chosen=chosen,
            page=page,
            proposals=[proposal_view(p, places.of(p.draft)) for p in shown],
            gone=len(drafts) - len(there),
            counts=counts,
            states=[
                {"value": s.value, "name": s.label, "count": counts.get(f"state:{s.value}", 0)}
                for s in Proposal.State
            ],
            kinds=_choices({k: str(name) for k, name in KINDS.items()}, "kind", counts),
            sections=_choices({s.title: s.title for s in told.sections}, "section", counts),
            rules=rules,
            is_outdated=rules is not None and rules.content not in {"", content_of(lesson)},
            making=making_view(makings.values()) if _busy(makings.values()) else None,
            model=model.name if model else "",
            by_model=_by_model(told, makings) if model else [],
            undoable=_undoable(request, lesson),
            here=request.get_full_path(),
        )

    def make(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin to make drafts: by rules, or by the model from the section that is named."""
        lesson = _own_lesson(request, pk)
        section = request.POST.get("section", "")
        if section and not lesson.sections.filter(title=section).exists():
            messages.error(request, gettext("This section has been renamed or deleted meanwhile."))
        elif section and language_model() is None:
            messages.error(request, gettext("This server has no language model any more."))
        else:
            ask_for_drafts(lesson, section)
        return redirect("admin:authoring_drafts", pk)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        told = making_view(_own_lesson(request, pk).makings.all())
        return JsonResponse(told.model_dump(mode="json"))

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, reject, or undo what was decided: as a form, or from the page's script."""
        do = request.POST.get("do", "")
        steps = {"accept": deciding.accept, "reject": deciding.reject, "undo": deciding.undo}
        proposal = _own_proposal(request, pk)
        if proposal is None or do not in steps:
            return self._gone(request)
        try:
            proposal = steps[do](pk, _user(request))
        except Proposal.DoesNotExist:
            return self._gone(request)
        except deciding.Refused as why:
            needs_editing = isinstance(why, deciding.NeedsEditing)
            return self._decided(request, proposal, str(why), needs_editing, is_done=False)
        return self._decided(request, proposal, _decided_in_words(proposal))

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a draft and accept it; for the page's script, only the form."""
        proposal = _own_proposal(request, pk)
        if proposal is None:
            return self._gone(request)
        place = Places(proposal.lesson.as_draft()).of(proposal.draft)
        row = deciding.row_of(proposal, place.section if place else proposal.section)
        form = edit_form(row, proposal.kind, request.POST or None)
        problem = ""
        if request.method == "POST" and form.is_valid():
            try:
                proposal = deciding.accept_edited(pk, form.instance, _user(request))
            except Proposal.DoesNotExist:
                return self._gone(request)
            except deciding.Refused as why:
                problem = str(why)
            else:
                return self._decided(request, proposal, _decided_in_words(proposal))
        context = {
            "form": form,
            "problem": problem,
            "proposal": proposal_view(proposal, place),
            "lesson": proposal.lesson,
            "next": _next(request, proposal.lesson),
        }
        if _is_script(request):
            status = 422 if request.method == "POST" else 200
            return render(request, "authoring/edit.html", context, status=status)
        return self._page(
            request, "admin/authoring/edit.html", gettext("Edit and accept"), **context
        )

    def new(self, request: HttpRequest) -> HttpResponse:
        """A new lesson from a text."""
        return self._from_text(request, None)

    def add(self, request: HttpRequest, pk: int) -> HttpResponse:
        """More sections of a lesson from a text."""
        return self._from_text(request, _own_lesson(request, pk))

    def _from_text(self, request: HttpRequest, lesson: Lesson | None) -> HttpResponse:
        """First the text, then what was found in it, then it is written."""
        title = (
            gettext("Add a text to the lesson") if lesson else gettext("A new lesson from a text")
        )
        step = request.POST.get("step")
        if step == "write":
            head = None if lesson else HeadForm(request.POST)
            found = FoundSections(request.POST, prefix="sections")
            is_valid = found.is_valid()
            if (head is None or head.is_valid()) and is_valid:
                try:
                    written = self._written(request, lesson, head, found)
                except adding.TooMany as why:
                    messages.error(request, str(why))
                else:
                    return redirect("admin:authoring_drafts", written.pk)
            return self._page(
                request, "admin/authoring/found.html", title, lesson=lesson, head=head, found=found
            )
        form = TextForm(request.POST or None, request.FILES or None)
        if step == "read" and form.is_valid():
            read = form.lesson
            head = None if lesson else HeadForm(initial={"title": read.title, "language": "en"})
            return self._page(
                request,
                "admin/authoring/found.html",
                title,
                lesson=lesson,
                head=head,
                found=found_sections(read.sections),
            )
        return self._page(request, "admin/authoring/text.html", title, lesson=lesson, form=form)

    def _written(
        self, request: HttpRequest, lesson: Lesson | None, head: Any, found: Any
    ) -> Lesson:
        """The lesson with its new sections, whose drafts are on the way. Raises TooMany."""
        sections = found.sections
        if lesson is None:
            told = head.cleaned_data
            lesson = adding.new_lesson(told["title"], told["language"], sections, _user(request))
            said = gettext("“%s” is there, as a draft that only you see.") % lesson
        else:
            adding.add_sections(lesson, sections)
            added = ngettext("%d section is added.", "%d sections are added.", len(sections))
            said = added % len(sections)
        ask_for_drafts(lesson)
        messages.success(request, said)
        return lesson

    def _decided(
        self,
        request: HttpRequest,
        proposal: Proposal,
        said: str,
        needs_editing: bool = False,
        is_done: bool = True,
    ) -> HttpResponse:
        if _is_script(request):
            told = Decided(
                said=said,
                is_done=is_done,
                needs_editing=needs_editing,
                counts=counts_of(proposal.lesson),
            )
            return JsonResponse(told.model_dump(mode="json"), status=200 if is_done else 409)
        if is_done and proposal.state != Proposal.State.WAITING:
            request.session["undoable_draft"] = proposal.pk
        (messages.success if is_done else messages.error)(request, said)
        return redirect(_next(request, proposal.lesson))

    def _gone(self, request: HttpRequest) -> HttpResponse:
        said = gettext("This draft or its lesson is no longer there. Load the page again.")
        if _is_script(request):
            told = Decided(said=said, is_done=False, counts={})
            return JsonResponse(told.model_dump(mode="json"), status=404)
        messages.error(request, said)
        return redirect("admin:lessons_lesson_changelist")

    def _page(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> HttpResponse:
        common = self.admin_site.each_context(request) | {
            "title": title,
            "is_nav_sidebar_enabled": False,
        }
        return render(request, template, common | context)


class _Chosen:
    """Which drafts are wanted: by state, kind and section, as the address says."""

    def __init__(self, request: HttpRequest) -> None:
        state = request.GET.get("state", "")
        self.state = state if state in Proposal.State.values else Proposal.State.WAITING.value
        self.kind = request.GET.get("kind", "")
        self.section = request.GET.get("section", "")

    def of(self, lesson: Lesson) -> QuerySet[Proposal]:
        drafts = lesson.proposals.filter(state=self.state)
        if self.kind:
            drafts = drafts.filter(kind=self.kind)
        if self.section:
            drafts = drafts.filter(section=self.section)
        return drafts if self.state == "waiting" else drafts.order_by("-decided_at", "pk")

    @property
    def query(self) -> str:
        """For links to other pages of the same."""
        return urlencode({"state": self.state, "kind": self.kind, "section": self.section})


def _in_order(waiting: Sequence[Proposal], end: int) -> list[Proposal]:
    """Those of the page that ends there: what a learner complained of, then the best that differ."""
    reported = [proposal for proposal in waiting if proposal.reported_at]
    others = {p.draft.fingerprint: p for p in waiting if not p.reported_at}
    differing = best([proposal.draft for proposal in others.values()], end)
    ordered = reported + [others[draft.fingerprint] for draft in differing]
    return ordered[(end - 1) // SHOWN_AT_ONCE * SHOWN_AT_ONCE : end]


def _own_lesson(request: HttpRequest, pk: int) -> Lesson:
    lesson = get_object_or_404(Lesson, pk=pk)
    if not may_edit(request, lesson):
        raise Http404  # whose drafts aren't to be seen needn't be known to be there
    return lesson


def _own_proposal(request: HttpRequest, pk: int) -> Proposal | None:
    found = Proposal.objects.select_related("lesson", "question", "flashcard").filter(pk=pk).first()
    return found if found and may_edit(request, found.lesson) else None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin lets nobody else in
    return request.user


def _is_script(request: HttpRequest) -> bool:
    """The page's own script asks, which stays on the page."""
    return request.headers.get("X-Requested-With") == "fetch"


def _next(request: HttpRequest, lesson: Lesson) -> str:
    """The page of drafts as it was filtered."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("admin:authoring_drafts", args=[lesson.pk])


def _undoable(request: HttpRequest, lesson: Lesson) -> Proposal | None:
    """What was decided last, without the page's script, to undo it."""
    if "undoable_draft" not in request.session:
        return None
    return lesson.proposals.filter(pk=request.session.pop("undoable_draft")).first()


def _decided_in_words(proposal: Proposal) -> str:
    match proposal.state:
        case Proposal.State.ACCEPTED if proposal.kind == "flashcard":
            return gettext("Accepted: it is a flashcard of the lesson now.")
        case Proposal.State.ACCEPTED:
            return gettext("Accepted: it is a question of the lesson now.")
        case Proposal.State.REJECTED:
            return gettext("Rejected: it won’t come again.")
        case _:
            return gettext("Undone: it waits again.")


def _choices(names: Mapping[str, str], of: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """To filter by: those that there are drafts of."""
    return [
        {"value": value, "name": name, "count": counts[f"{of}:{value}"]}
        for value, name in names.items()
        if counts.get(f"{of}:{value}")
    ]


def _busy(makings: Collection[Making]) -> bool:
    return any(making.is_under_way for making in makings)


def _by_model(told: LessonDraft, makings: Mapping[str, Making]) -> list[dict[str, Any]]:
    """For each section with notes, what came of asking the model about it."""
    sections = []
    for section in told.sections:
        making = makings.get(section.title)
        sections.append(
            {
                "title": section.title,
                "is_busy": making is not None and making.is_under_way,
                "said": made_in_words(making) if making and not making.is_under_way else "",
            }
        )
    return [each for each, section in zip(sections, told.sections, strict=True) if section.notes]
