"""The door to accounts, and an account's own page."""

import hashlib
import secrets
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ReauthenticateForm
from allauth.account.utils import complete_signup, perform_login
from allauth.account.views import ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core import signing
from django.core.signing import get_cookie_signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from lessons.second_factor import has_one, must_have_one
from lessons.sign_in import unusable
from lessons.study.learners import forget_device
from lessons.throttles import (
    OF_ACCOUNT,
    OF_ACCOUNT_HERE,
    OF_ADDRESS,
    OF_CODE,
    SIGN_UPS,
    Throttle,
    address_of,
    failures_throttled,
    too_many,
    user_key,
)

KNOWN_DEVICE = "known_device"
KNOWN_DEVICE_S = 400 * 24 * 60 * 60


class LogIn(LoginView):
    """By name and password; what follows, a second factor or none, is allauth's.

    A device that has logged in to an account before has tries of its own: nobody can lock a host
    out by failing for it (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
    """

    template_name = "accounts/log_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttles = throttles_of_log_in(request)
        if wait_s := max(throttle.wait_s(who) for throttle, who in throttles):
            return too_many(request, wait_s)
        response = super().post(request, *args, **kwargs)
        if response.status_code != 302:
            for throttle, who in throttles:
                throttle.count(who)
        return response

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        response: HttpResponse = perform_login(
            self.request, user, redirect_url=self.get_success_url()
        )
        know_device(self.request, response, user)
        return response


def throttles_of_log_in(request: HttpRequest) -> list[tuple[Throttle, str]]:
    """What this try counts against, if it fails."""
    account = digest(request.POST.get("username", ""))
    if device := device_known_to(request, account):
        return [(OF_ACCOUNT_HERE, f"{account}:{device}")]
    address = address_of(request)
    return [
        (OF_ACCOUNT_HERE, f"{account}:{address}"),
        (OF_ACCOUNT, account),
        (OF_ADDRESS, address),
    ]


def device_known_to(request: HttpRequest, account: str) -> str | None:
    """Its name, if it has logged in to that account before."""
    try:
        told = get_cookie_signer(salt=KNOWN_DEVICE).unsign(
            request.COOKIES.get(KNOWN_DEVICE, ""), max_age=KNOWN_DEVICE_S
        )
    except signing.BadSignature:
        return None
    device, _, its_account = told.partition(".")
    return device if its_account == account else None


def know_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    account = digest(user.get_username())
    device = device_known_to(request, account) or secrets.token_hex(8)
    response.set_cookie(
        KNOWN_DEVICE,
        get_cookie_signer(salt=KNOWN_DEVICE).sign(f"{device}.{account}"),
        max_age=KNOWN_DEVICE_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
        path=reverse("log_in"),
    )


def digest(username: str) -> str:
    """Of a name, however long and in whatever case somebody typed it."""
    return hashlib.sha256(username.casefold().encode()).hexdigest()


class LogOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        forget_device(response)
        return response


def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account, logged in at once; where the site takes none, a page that says so."""
    if not settings.SIGN_UP_OPEN:
        return render(request, "accounts/sign_up_closed.html", status=404)
    if request.method == "POST":
        if wait_s := SIGN_UPS.wait_s(address_of(request)):
            return too_many(request, wait_s)
        SIGN_UPS.count(address_of(request))
    form: UserCreationForm[User] = UserCreationForm(request.POST or None)
    goal = safe_goal(request)
    if form.is_valid():
        response: HttpResponse = complete_signup(request, form.save(), None, goal or None)
        return response
    return render(request, "accounts/sign_up.html", {"form": form, "next": goal})


def safe_goal(request: HttpRequest) -> str:
    """Where the visitor was going, if that is a page of this site."""
    goal = request.POST.get("next", request.GET.get("next", ""))
    is_here = url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return goal if is_here else ""


@require_POST
def go_to_server(request: HttpRequest, server: str) -> HttpResponse:
    """Off to another server to log in there, or to connect this account with one there.

    A page on the way: a form may send nobody to another site, says our Content-Security-Policy.
    """
    name = name_of_server(server)
    provider = get_adapter().get_provider(request, server)
    try:
        address = provider.redirect_from_request(request)["Location"]
    except (RequestException, KeyError, ValueError):
        # It can't be asked where to go, or its answer makes no sense.
        messages.error(request, unusable(name))
        return redirect("account" if request.user.is_authenticated else "log_in")
    return render(request, "accounts/on_the_way.html", {"address": address, "name": name})


def name_of_server(server: str) -> str:
    for known in settings.SIGN_IN_SERVERS:
        if known["provider_id"] == server:
            return str(known["name"])
    raise Http404


@login_required
@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What an account logs in by, and where that is changed."""
    user = account_of(request)
    connected = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    spare = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "has_password": user.has_usable_password(),
        "has_second_factor": has_one(user),
        "must_have_second_factor": must_have_one(user),
        "spare_codes": len(spare.wrap().get_unused_codes()) if spare else 0,
        "servers": [
            {**server, "is_connected": server["provider_id"] in connected}
            for server in settings.SIGN_IN_SERVERS
        ],
    }
    return render(request, "accounts/account.html", context)


class ChangePassword(PasswordChangeView):
    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait_s := OF_CODE.wait_s(user_key(request)):
            return too_many(request, wait_s)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        # A new one may be as weak as often as somebody likes.
        if "old_password" in form.errors:
            OF_CODE.count(user_key(self.request))
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is new. Other devices are logged out."))
        return super().form_valid(form)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


password_again = failures_throttled(OF_CODE, user_key)(
    ReauthenticateView.as_view(
        form_class=PasswordAgainForm, template_name="accounts/password_again.html"
    )
)


@login_required
@require_POST
@reauthentication_required(app="allauth.socialaccount")  # type: ignore[untyped-decorator]
def disconnect(request: HttpRequest, server: str) -> HttpResponse:
    """The account here and the one there have nothing to do with each other any more."""
    user = account_of(request)
    connected = SocialAccount.objects.filter(user=user)
    name = name_of_server(server)
    if not user.has_usable_password() and not connected.exclude(provider=server).exists():
        messages.error(request, _("Without %s you couldn’t log in any more.") % name)
    else:
        connected.filter(provider=server).delete()
        messages.success(request, _("%s and this account are disconnected.") % name)
    return redirect("account")


def account_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
