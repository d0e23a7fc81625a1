"""Numbers in a sentence: words below ten, digits from ten on."""

_NAMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_IRREGULAR = {"child": "children", "person": "people", "study": "studies", "analysis": "analyses"}


def words(number: float, noun: str = "", *, plural: str = "") -> str:
    """Return a number as house style writes it in a sentence, with a noun if one is given.

    Whole numbers below ten are words, others digits with a comma for thousands. The noun takes
    its plural unless the number is one; `plural` gives one that is not made with -s.

    >>> words(3), words(10), words(1224)
    ('three', '10', '1,224')
    >>> words(1, "paper"), words(3, "paper"), words(0, "paper")
    ('one paper', 'three papers', 'no papers')
    >>> words(2, "study")
    'two studies'
    """
    whole = int(number) == number
    if whole and 0 <= number < len(_NAMES):
        text = _NAMES[int(number)] if number or noun else "zero"
    else:
        text = f"{int(number):,}" if whole else f"{number:,g}"
    if not noun:
        return text
    return f"{text} {noun if number == 1 else plural or _plural(noun)}"


def Words(number: float, noun: str = "", *, plural: str = "") -> str:
    """Return the same with a capital letter, for the start of a sentence.

    >>> Words(3, "paper")
    'Three papers'
    """
    text = words(number, noun, plural=plural)
    return text[:1].upper() + text[1:]


def join_words(items: list[str], last: str = "and") -> str:
    """Join items as a sentence lists them.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def _plural(noun: str) -> str:
    head, _, word = noun.rpartition(" ")
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        word = word[:-1] + "ies"
    elif word.endswith(("s", "x", "ch", "sh")):
        word += "es"
    else:
        word += "s"
    return f"{head} {word}".strip()
