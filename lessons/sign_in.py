"""What allauth asks of this site: who may have an account, and what is said."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lessons.second_factor import must_have_one
from lessons.study.learners import learner_of, take_along
from lessons.study.models import Learner

SAID = {
    "mfa/messages/totp_activated.txt": gettext_lazy("The second factor is on."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy(
        "The second factor is off. Your password alone logs in."
    ),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "These spare codes are new. Keep them where your phone is not."
    ),
    "socialaccount/messages/account_connected.txt": gettext_lazy(
        "Connected. You can log in that way from now on."
    ),
    "socialaccount/messages/account_connected_updated.txt": gettext_lazy(
        "This was connected already."
    ),
    "socialaccount/messages/account_connected_other.txt": gettext_lazy(
        "Another account here is connected to that one. Log in with it and disconnect it there first."
    ),
}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Every log-in ends here, whatever it began with."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        take_along(request, user)

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, **details: Any
    ) -> HttpResponse:
        if signup:
            messages.success(request, welcome(learner_of(request)))
        response: HttpResponse = super().post_login(request, user, signup=signup, **details)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("This account was closed. Ask an administrator of this site."))
        return redirect("log_in")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """In our words, or not at all: whoever logs in sees that."""
        if said := message or SAID.get(message_template or ""):
            messages.add_message(request, level, said, extra_tags=extra_tags)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code isn’t right. Take the one that is shown now; each is good for half a minute."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "This site asks its staff for a second factor."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not must_have_one(authenticator.user)


class AccountsElsewhere(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Log-in by another server. It tells who somebody is; no mail address links two accounts."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.email_addresses = []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        if settings.SIGN_UP_BY_SERVER:
            return True
        raise ImmediateHttpResponse(render(request, "accounts/sign_up_closed.html", status=403))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("account")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error in (AuthError.CANCELLED, AuthError.DENIED):
            said = _("You came back from %s without logging in there.") % provider.name
        else:
            said = unusable(provider.name)
        messages.error(request, said)
        raise ImmediateHttpResponse(redirect("log_in"))


class SignedAnswers(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """What another server tells of somebody, believed only if it is signed and makes sense."""

    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **details: Any
    ) -> SocialLogin:
        # allauth takes TLS for a signature; networks that look into TLS are no rarity in schools.
        self.did_fetch_access_token = False
        try:
            found = super().complete_login(request, app, token, **details)
            told = found.account.extra_data
            is_of_one = told["id_token"]["sub"] == told["userinfo"]["sub"]
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("This answer makes no sense.") from error
        if not is_of_one:  # OpenID Connect Core, 5.3.2
            raise OAuth2Error("Token and userinfo are of two people.")
        return found


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From another server, with what it says."""
    try:
        view = OAuth2CallbackView.adapter_view(SignedAnswers(request, provider_id))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response


def unusable(server: str) -> str:
    said = _("%s can’t be used for logging in just now. Try again, or use your password.")
    return said % server


def welcome(learner: Learner | None) -> str:
    """What a new account hears, with what came along from this device."""
    cards, quizzes = (learner.memories.count(), learner.runs.count()) if learner else (0, 0)
    told = [
        *([ngettext("%d card", "%d cards", cards) % cards] if cards else []),
        *([ngettext("%d quiz", "%d quizzes", quizzes) % quizzes] if quizzes else []),
    ]
    if not told:
        return _("Welcome. What you study from now on is kept.")
    both = _(" and ").join(told)
    return _("Welcome. What you studied on this device came along: %s.") % both
