"""The values of a message for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from workflow.catalogue import Catalogue, Lines, Said, locales
from workflow.errors import YichengError


def as_data(value: object, catalogue: Catalogue) -> object:
    """The value of a message for programs: plain JSON, with further messages worded beside it."""

    def mapped(items: Mapping[str, object]) -> dict[str, object]:
        return {str(name): as_data(each, catalogue) for name, each in items.items()}

    plain: object
    match value:
        case None | bool() | int():
            plain = value
        case str():
            plain = str(value)
        case date():
            plain = value.isoformat()
        case Said() | YichengError():
            params = mapped(value.params)
            plain = {"code": value.code, "message": catalogue.tell(value), "params": params}
        case Lines(items) | (Sequence() | AbstractSet() as items):
            plain = [as_data(each, catalogue) for each in items]
        case Mapping():
            plain = mapped(value)
        case _ if hasattr(value, "zh"):
            plain = {locale: getattr(value, locale) for locale in locales()}
        case _:
            plain = str(value)
    return plain
