"""Texts of the e-mails, by language."""

from __future__ import annotations

from server.protocol.accounts import MailLanguage

_TEXTS: dict[MailLanguage, tuple[str, str, str]] = {
    "en": (
        "Keep your Parlor profile",
        "Sign in to Parlor",
        "{what}: open this link within 15 minutes. It works once.\n\n{link}\n\n"
        "If you did not ask for it, ignore this e-mail: nothing happens.\n",
    ),
    "vi": (
        "Giữ hồ sơ Parlor của bạn",
        "Đăng nhập Parlor",
        "{what}: hãy mở liên kết này trong vòng 15 phút. Liên kết chỉ dùng được một lần.\n\n{link}\n\n"
        "Nếu bạn không yêu cầu, hãy bỏ qua e-mail này: sẽ không có gì xảy ra.\n",
    ),
}


def mail_text(language: MailLanguage, link: str, *, adds: bool) -> tuple[str, str]:
    """Subject and plain text. `adds`: the link adds the address to a profile."""
    keep, sign_in, text = _TEXTS[language]
    subject = keep if adds else sign_in
    return subject, text.format(what=subject, link=link)
