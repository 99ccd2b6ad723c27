"""The only door for outgoing mail: one message to one address by SMTP, with limits of time.

It keeps and repeats nothing; the outbox does.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from vigie.foundation.clock import now
from vigie.foundation.errors import VigieError
from vigie.foundation.settings import SettingInvalid, Settings

TIME_S_MAX = 20.0


class MailNotSent(VigieError):
    """The mail server did not take the message; to be tried again. `code` says how it failed."""

    code = "mail_not_sent"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A message. `key` makes its Message-ID, so that a repeated one is known as such."""

    key: str
    to: str
    subject: str
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs outgoing mail, and its certificate."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate


def send_mail(mail: OutgoingMail, *, settings: Settings) -> None:
    """Hand the mail to the server of `VIGIE_SMTP_URL`; raises MailNotSent or SettingInvalid."""
    parts = urlsplit(settings.smtp_url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingInvalid("VIGIE_SMTP_URL must be smtp://host:port or smtps://host:port.")
    try:
        with _connected(parts.scheme, parts.hostname, parts.port) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            message = _message(mail, settings)
            signer = _signer(settings)
            if signer is None:
                server.send_message(message)
            else:
                server.sendmail(str(message["From"]), [mail.to], signed(message, signer))
    except smtplib.SMTPResponseException as error:
        raise MailNotSent("The mail server refused.", code=f"smtp_{error.smtp_code}") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailNotSent("The mail server cannot be reached.", code="smtp_unreachable") from error


def signed(message: EmailMessage, signer: Signer) -> bytes:
    """The message with a detached S/MIME signature over its body (RFC 8551), ready for a mail server."""
    # Seven bits, so that no server on the way writes it differently.
    raw = message.as_bytes(policy=SMTP.clone(cte_type="7bit"))
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    inner = [one for one in fields if one.lower().startswith(b"content-")]
    outer = [one for one in fields if one not in inner and not one.lower().startswith(b"mime-version")]
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"\r\n".join(inner) + b"\r\n\r\n" + body)
        .add_signer(signer.certificate, signer.key, hashes.SHA256())
        .sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])
    )
    return b"\r\n".join(outer) + b"\r\n" + made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _signer(settings: Settings) -> Signer | None:
    """What the settings name; None when nothing is signed. Raises SettingInvalid."""
    if not settings.mail_signing_key_file:
        return None
    try:
        key = serialization.load_pem_private_key(
            Path(settings.mail_signing_key_file).read_bytes(), password=None
        )
        certificate = x509.load_pem_x509_certificate(
            Path(settings.mail_signing_certificate_file).read_bytes()
        )
    except (OSError, ValueError, TypeError) as error:
        raise SettingInvalid(
            "Mail cannot be signed: the key or the certificate cannot be read.",
            hint="See VIGIE_MAIL_SIGNING_KEY_FILE and VIGIE_MAIL_SIGNING_CERTIFICATE_FILE.",
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SettingInvalid("Mail is signed with an RSA key or one on an elliptic curve.")
    return Signer(key, certificate)


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIME_S_MAX, context=context)
    return smtplib.SMTP(host, port or 587, timeout=TIME_S_MAX)


def _message(mail: OutgoingMail, settings: Settings) -> EmailMessage:
    sender = settings.mail_from or settings.provider_contact_email
    message = EmailMessage()
    message["From"] = sender or "vigie@localhost"
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{mail.key}@{(sender.rpartition('@')[2] or 'localhost')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    for one in mail.attachments:
        main, _, sub = one.media_type.partition("/")
        message.add_attachment(one.data, maintype=main, subtype=sub, filename=one.name)
    return message
