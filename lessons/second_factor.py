"""The second factor: codes that a phone makes, and codes on paper for when the phone is lost."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from lessons.throttles import OF_CODE, failures_throttled, too_many, user_key

CODES_REMEMBERED = 3
"""As many codes of a phone as are right at one time."""
OPEN_WITHOUT = frozenset(
    {
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "log_out",
        "change_password",
    }
)
"""The way to a second factor, and out."""


def has_one(user: User | AnonymousUser) -> bool:
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return bool(found.exists())


def must_have_one(user: User | AnonymousUser) -> bool:
    return settings.STAFF_NEEDS_SECOND_FACTOR and user.is_staff


def is_proved(request: HttpRequest) -> bool:
    """Was it asked for in this session? Others may have been opened before it was set up."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


class StaffHaveOne(MiddlewareMixin):
    """With STAFF_NEEDS_SECOND_FACTOR, staff see nothing before they have set one up and used it."""

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        assert request.resolver_match
        if request.resolver_match.url_name in OPEN_WITHOUT:
            return None
        # The setting first: who the user is costs a query, and many pages don't ask.
        if not settings.STAFF_NEEDS_SECOND_FACTOR or not must_have_one(request.user):
            return None
        if not has_one(request.user):
            return redirect("mfa_activate_totp")
        if is_proved(request):
            return None
        goal = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(reverse("mfa_reauthenticate", query=goal))


class SetUp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "accounts/set_up_second_factor.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        context["is_asked_for"] = must_have_one(self.request.user)
        shown: dict[str, Any] = super().get_context_data(**context)
        return shown

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        return response


class EnterCode(AuthenticateView):  # type: ignore[misc]
    """After the password, or another server's word: the code."""

    template_name = "accounts/enter_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        who = str(self.stage.login.user.pk)
        if wait_s := OF_CODE.wait_s(who):
            return too_many(request, wait_s)
        response: HttpResponse = super().post(request, *args, **kwargs)
        if response.status_code != 302:
            OF_CODE.count(who)
        return response


code_again = failures_throttled(OF_CODE, user_key)(
    ReauthenticateView.as_view(template_name="accounts/code_again.html")
)
turn_off = DeactivateTOTPView.as_view(template_name="accounts/turn_off_second_factor.html")
spare_codes = never_cache(ViewRecoveryCodesView.as_view(template_name="accounts/spare_codes.html"))
new_spare_codes = GenerateRecoveryCodesView.as_view(template_name="accounts/new_spare_codes.html")


class _CodeField(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class CodeForm(_CodeField, AuthenticateForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        return used_once(self, super().clean_code())


class CodeAgainForm(_CodeField, ReauthenticateForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        return used_once(self, super().clean_code())


class FirstCodeForm(_CodeField, ActivateTOTPForm):  # type: ignore[misc]
    pass


def used_once(form: AuthenticateForm, code: str) -> str:
    """The code, if it wasn't used before: who looked over a shoulder can't use it again.

    allauth remembers that too, but in each process alone and not for as long as a code is right.
    """
    if form.authenticator.type != Authenticator.Type.TOTP:
        return code
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().get(pk=form.authenticator.pk)
        used = kept.data.get("used", [])
        if code in used:
            raise forms.ValidationError(_("This code was used already. Wait for the next one."))
        kept.data["used"] = [*used, code][-CODES_REMEMBERED:]
        kept.save(update_fields=["data"])
    form.authenticator = kept
    return code
