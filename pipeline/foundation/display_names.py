"""Display names: what a category and a code of the contract are called in a language."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.foundation.config import Language

_ENGLISH = {
    "email": "e-mail",
    "sms": "text message",
    "push": "push message",
    "mail": "letter",
    "phone": "phone",
    "web": "website",
    "app": "app",
    "store": "store",
    "call_centre": "call centre",
    "chat": "chat",
    "social": "social media",
    "consumer": "private",
    "business": "business",
}
_SPANISH = {
    "email": "correo electrónico",
    "sms": "SMS",
    "push": "notificación de la app",
    "mail": "carta",
    "phone": "teléfono",
    "web": "web",
    "app": "app",
    "store": "tienda",
    "call_centre": "atención telefónica",
    "chat": "chat",
    "social": "redes sociales",
    "consumer": "particular",
    "business": "empresa",
}
_EUROPEAN_PORTUGUESE = {
    "email": "e-mail",
    "sms": "SMS",
    "push": "notificação da app",
    "mail": "carta",
    "phone": "telefone",
    "web": "site",
    "app": "app",
    "store": "loja",
    "call_centre": "linha de apoio",
    "chat": "chat",
    "social": "redes sociais",
    "consumer": "particular",
    "business": "empresa",
}
CODES: Mapping[Language, Mapping[str, str]] = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "pt-PT": _EUROPEAN_PORTUGUESE,
    "pt-BR": {
        **_EUROPEAN_PORTUGUESE,
        "push": "notificação do aplicativo",
        "app": "aplicativo",
        "call_centre": "central de atendimento",
        "consumer": "pessoa física",
    },
}
"""Language → code → name in the middle of a sentence."""


@dataclass(frozen=True)
class DisplayNames:
    """Names in one language, as they stand in the middle of a sentence."""

    language: Language = "en"
    categories: Mapping[Language, Mapping[str, str]] | None = None
    """`products.category_names`: language → category → name."""

    def category(self, category: str) -> str:
        """Return how a category is called: without a name, its code as words."""
        named = (self.categories or {}).get(self.language, {})
        return named.get(category) or category.replace("_", " ")

    def code(self, code: str) -> str:
        """Return how a code of the contract is called, such as a channel."""
        return CODES[self.language].get(code) or code.replace("_", " ")
