"""The demo's customers: made-up names, addresses at domains that cannot exist (RFC 2606)."""

from dataclasses import dataclass
from random import Random
from typing import Final

_FIRST: Final = (
    *("Ana", "Beatriz", "Camila", "Daniela", "Eduarda", "Fernanda", "Gabriela", "Helena", "Isabela", "Juliana", "Larissa", "Mariana"),
    *("André", "Bruno", "Caio", "Diego", "Eduardo", "Felipe", "Gustavo", "Heitor", "Igor", "João", "Lucas", "Mateus", "Rafael", "Thiago"),
)
_LAST: Final = (
    *("Almeida", "Barbosa", "Cardoso", "Costa", "Dias", "Esteves", "Farias", "Gomes", "Lima", "Macedo", "Moreira", "Nogueira"),
    *("Oliveira", "Pereira", "Queiroz", "Ribeiro", "Santos", "Teixeira", "Vasconcelos", "Xavier"),
)
_PLAIN_LETTERS: Final = str.maketrans("áâãéêíóôõúç", "aaaeeiooouc")


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who may answer several times; always of the same plan and region."""

    number: int
    customer_id: str
    name: str
    email: str

    def chance_of(self, property_name: str) -> Random:
        """What draws a property of theirs, the same each time."""
        return Random(f"{self.number} {property_name}")  # noqa: S311 - repeatable, and nothing secret


def customers(number: int, of: str, chance: Random) -> tuple[Customer, ...]:
    """So many customers."""
    return tuple(_customer(each, f"{of}-c{each:04}", chance) for each in range(1, number + 1))


def _customer(number: int, customer_id: str, chance: Random) -> Customer:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    spelled = f"{first}.{last}".lower().translate(_PLAIN_LETTERS)
    return Customer(number, customer_id, f"{first} {last}", f"{spelled}.{customer_id}@cliente.example")
