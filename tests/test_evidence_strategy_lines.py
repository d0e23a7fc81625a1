"""Strategies as they are pasted: each platform's way to show numbers, searches and hits."""

import pytest

from reviewpress.evidence.strategy_lines import read_lines

OVID = """\
Database: Ovid MEDLINE(R) ALL <1946 to January 15, 2025>
Search Strategy:
--------------------------------------------------------------------------------
1     exp Gardening/ (456)
2     ((community or allotment or roof or
      school) adj3 garden*).ti,ab. (1,234)
3     or/1-2 (1500)
4     limit 3 to (english language and yr="2000 -Current") (1020)
"""
COCHRANE = """\
Search Name: Gardens
Date Run: 15/01/2025 10:11:12

ID\tSearch\tHits
#1\tMeSH descriptor: [Gardening] explode all trees\t123
#2\t(garden* or bed NEXT sore*):ti,ab,kw (Word variations have been searched)\t456
#3\t#1 OR #2 with Publication Year from 2000 to 2025, in Trials\t500
"""
EBSCO = """\
S3\tS1 OR S2\tLimiters - Published Date: 20000101-20241231\t2,345
S2\tTI ( garden* N3 roof* )\t987
S1\t(MH "Gardening+")\t1,987
"""
EMBASE = """\
No. Query Results
#3 #1 AND #2 AND [english]/lim AND [2000-2025]/py 1234
#2 (garden NEAR/3 roof*):ti,ab,kw 12345
#1 'gardening'/exp 45678
"""
WEB_OF_SCIENCE = """\
# 2\t1,234\t#1 AND TS=(roof*)
Indexes=SCI-EXPANDED, SSCI Timespan=1990-2025
# 1\t45,678\tTOPIC: ("garden*")
"""
WEB_OF_SCIENCE_NEW = """\
# Searches:

1: TS=(garden*)   Date Run: Wed Jan 15 2025 10:57:08 GMT+0000  Results: 45678
2: TS=(roof*) AND #1   Date Run: Wed Jan 15 2025 10:58:08 GMT+0000  Results: 1234
"""
PUBMED = '''\
Search number,Query,Sort By,Filters,Search Details,Results,Time
2,"#1 AND roof[tiab]",,English,"(""gardening""[MeSH Terms])","1,234",10:11:12
1,"""gardening""[MeSH Terms]",,,"""gardening""[MeSH Terms]","45,678",10:10:52
'''
PROQUEST = """\
S1 MAINSUBJECT.EXACT.EXPLODE("Gardens") 1234*
S2 ti,ab(pond* NEAR/3 child*) 56°
S3 [S1] AND [S2] 12°
* Duplicates are removed from the search, but included in the result count.
"""
PRINTED = '1. exp "information storage and retrieval"/\n2. (snow ball$).mp.\n3. 1 or 2\n'
NUMBERS = [
    (OVID, [None, 1, 2, 3, 4], [None, 456, 1234, 1500, 1020]),
    (COCHRANE, [None, None, 1, 2, 3], [None, None, 123, 456, 500]),
    (EBSCO, [3, 2, 1], [2345, 987, 1987]),
    (EMBASE, [3, 2, 1], [1234, 12345, 45678]),
    (WEB_OF_SCIENCE, [2, 1], [1234, 45678]),
    (WEB_OF_SCIENCE_NEW, [1, 2], [45678, 1234]),
    (PUBMED, [2, 1], [1234, 45678]),
    (PROQUEST, [1, 2, 3, None], [1234, 56, 12, None]),
    (PRINTED, [1, 2, 3], [None, None, None]),
    ("1 garden*\n2 roof* or\nterrace*\n3 1 and 2\n", [1, 2, 3], [None] * 3),
    ("1. garden$.tw. 2. roof$.tw. 3. 1 and 2 4. limit 3 to yr=1980 - 5", [1, 2, 3, 4], [None] * 4),
    ("1\ngarden*\n2310\n2\nroof*\n12045\n3\n1 and 2\n40\n", [1, 2, 3], [2310, 12045, 40]),
    ("(1) garden*\n(2) roof*\n(3) 1 and 2", [1, 2, 3], [None] * 3),
    ("1. garden*\n2. roof*\n4. 1 and 2", [1, 2, 4], [None] * 3),
    ("1. garden* (n = 1,234)\n2. roof* (n = 7)", [1, 2], [1234, 7]),
    ("1. garden*, 1,234 results\n2. roof*, 7 document results", [1, 2], [1234, 7]),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "numbers", "hits"), NUMBERS)
def test_numbers_and_hits_as_platforms_give_them(
    pasted: str, numbers: list[int | None], hits: list[int | None]
) -> None:
    """What is above the first line, and notes below the last, have no number."""
    lines = read_lines(pasted, {})
    assert [line.number for line in lines] == numbers
    assert [line.hits for line in lines] == hits


def test_the_words_of_a_line_stay_as_they_were_run() -> None:
    """Rows that were broken are joined; numbers of lines and hits are told apart."""
    assert [line.text for line in read_lines(OVID, {})][1:] == [
        "exp Gardening/",
        "((community or allotment or roof or school) adj3 garden*).ti,ab.",
        "or/1-2",
        'limit 3 to (english language and yr="2000 -Current")',
    ]
    assert read_lines(PUBMED, {})[0].text == "#1 AND roof[tiab] Filters: English"
    first = read_lines(WEB_OF_SCIENCE, {})[0].text
    assert first == "#1 AND TS=(roof*) Indexes=SCI-EXPANDED, SSCI Timespan=1990-2025"


@pytest.mark.parametrize(
    "pasted",
    [
        "1. vitamin B 12\n2. coenzyme Q 10\n3. 1 or 2",
        "1. PUBYEAR > 1999\n2. PUBYEAR > 2000",
        "1. limit 3 to yr=1980 - 2005\n2. limit 4 to yr=1980 - 2006",
        "1. garden* adj3 1000\n2. 1 or 2000",
    ],
)
def test_a_number_in_a_search_is_not_its_hits(pasted: str) -> None:
    """After one space a number counts records only where all lines have one, and large ones."""
    lines = read_lines(pasted, {})
    assert [line.hits for line in lines] == [None] * len(lines)
    assert [f"{line.number}. {line.text}" for line in lines] == pasted.splitlines()


@pytest.mark.parametrize(
    ("pasted", "texts"),
    [
        ("TITLE-ABS-KEY ( garden* OR\n  roof* )\nAND PUBYEAR > 1999", 1),
        ("garden* OR roof*\nchild*\n1 and 2", 3),
        ("#1 AND #2\nS1 OR S2\n1 or 2", 3),
        ("garden* AND\nroof*", 1),
    ],
)
def test_lines_without_numbers_are_counted(pasted: str, texts: int) -> None:
    """One search over several rows is one: its brackets are open, or an operator dangles."""
    lines = read_lines(pasted, {})
    assert [line.number for line in lines] == [*range(1, texts + 1)]
    assert " ".join(" ".join(line.text for line in lines).split()) == " ".join(pasted.split())


def test_hits_that_are_written_down_win() -> None:
    """By the number of the line, with or without its mark; nothing else is taken for hits."""
    lines = read_lines("S1. TI garden*\nS2. S1 (2020)", {"S1": 4, "2": 0})
    assert [(line.text, line.hits) for line in lines] == [("TI garden*", 4), ("S1 (2020)", 0)]
