"""Lessons, their notes, and accounts."""

from django.urls import path

from lessons import accounts, gallery, second_factor, sign_in, views

urlpatterns = [
    path("lessons/", views.lesson_list, name="lesson_list"),
    path("lessons/<slug:slug>/", views.lesson, name="lesson"),
    path("explanations/", gallery.gallery, name="gallery"),
    path("explanations/<slug:key>/", gallery.explanation, name="explanation"),
    path("explanations/<slug:key>/picture.json", gallery.picture_json, name="picture"),
    path("accounts/", accounts.account, name="account"),
    path("accounts/log-in/", accounts.LogIn.as_view(), name="log_in"),
    path("accounts/log-out/", accounts.LogOut.as_view(), name="log_out"),
    path("accounts/sign-up/", accounts.sign_up, name="sign_up"),
    path("accounts/password/", accounts.ChangePassword.as_view(), name="change_password"),
    path("accounts/with/<slug:server>/", accounts.go_to_server, name="go_to_server"),
    path("accounts/with/<slug:server>/disconnect/", accounts.disconnect, name="disconnect"),
    # allauth looks these up by its own names.
    path("accounts/", accounts.account, name="mfa_index"),
    path("accounts/log-in/", accounts.LogIn.as_view(), name="account_login"),
    path("accounts/sign-up/", accounts.sign_up, name="account_signup"),
    path(
        "accounts/with/<slug:provider_id>/back/", sign_in.come_back, name="openid_connect_callback"
    ),
    path("accounts/code/", second_factor.EnterCode.as_view(), name="mfa_authenticate"),
    path("accounts/password-again/", accounts.password_again, name="account_reauthenticate"),
    path("accounts/code-again/", second_factor.code_again, name="mfa_reauthenticate"),
    path("accounts/second-factor/", second_factor.SetUp.as_view(), name="mfa_activate_totp"),
    path("accounts/second-factor/off/", second_factor.turn_off, name="mfa_deactivate_totp"),
    path("accounts/spare-codes/", second_factor.spare_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/spare-codes/new/",
        second_factor.new_spare_codes,
        name="mfa_generate_recovery_codes",
    ),
]
