"""Why a customer is asked nothing by a model, in the language of the exports."""

from collections.abc import Mapping

from pipeline.foundation.config import Language

NOT_YET = "not_yet"
_PORTUGUESE = {
    "up_sell": "Não tem nenhum produto abaixo do nível mais alto de uma categoria à venda.",
    "cross_sell": "Já tem um produto de cada categoria à venda.",
    NOT_YET: "Ainda não era cliente na data de referência.",
}
NOTES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "up_sell": "Holds no product below the top tier of a category on offer.",
        "cross_sell": "Already holds a product of every category on offer.",
        NOT_YET: "Was not yet a customer on the as-of date.",
    },
    "es": {
        "up_sell": "No tiene ningún producto por debajo del nivel más alto de una categoría en venta.",
        "cross_sell": "Ya tiene un producto de cada categoría en venta.",
        NOT_YET: "Todavía no era cliente en la fecha de referencia.",
    },
    "pt-PT": _PORTUGUESE,
    "pt-BR": _PORTUGUESE,
}
"""Language → the model, or NOT_YET for who was not known → the sentence."""
