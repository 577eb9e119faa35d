"""Each rule of `bot.checks.content` finds the error that is planted for it, and names the file."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.checks.content import check_content
from bot.checks.content.freshness import VOLATILE
from bot.checks.findings import Report
from tests.data.conftest import Plant

TODAY = date(2026, 11, 23)
ADDRESS = "topics/address-registration/"
HEALTH = "topics/health-care/"
EMERGENCY = "topics/emergency-and-contacts/"

# file to damage, old, new, what the finding must say
PLANTED = [
    pytest.param(f"{ADDRESS}ar.md", "20 يوم عمل", "20 يومًا", "20 working_day is not stated", id="unit-lost"),
    pytest.param(f"{ADDRESS}fa.md", "20 روز کاری", "15 روز کاری", "20 working_day is not stated", id="other-number"),
    pytest.param(
        f"{ADDRESS}en.md", "within 20 working", "within 20 or 45 working", "45 is in no published", id="new-number"
    ),
    pytest.param(f"{ADDRESS}tr.md", "157'yi", "telefonla", "phone number 157 is not there", id="phone-lost"),
    pytest.param(f"{ADDRESS}en.md", "call 157", "call 157 or 183", "183 is in no published fact", id="foreign-phone"),
    pytest.param(f"{ADDRESS}ar.md", "157", "١٥٧", "has the digit ١", id="arabic-digits"),
    pytest.param(f"{ADDRESS}fa.md", "157", "۱۵۷", "has the digit ۱", id="persian-digits"),
    pytest.param(f"{HEALTH}en.md", "Law 5510", "The law", "law 5510 is not named", id="law-lost"),
    pytest.param(f"{HEALTH}fa.md", "01.01.2026", "01.01.2025", "date 01.01.2026 is not stated", id="date-changed"),
    pytest.param(f"{HEALTH}en.md", "for one year after", "after", "other numbers than the source", id="year-lost"),
    pytest.param(f"{EMERGENCY}fa.md", "444 48 68", "444\u200f 48 68", "invisible direction mark", id="direction-mark"),
    pytest.param(f"{EMERGENCY}ar.md", "444 48 68", "\u202d444 48 68\u202c", "LEFT-TO-RIGHT OVERRIDE", id="override"),
    pytest.param(f"{ADDRESS}fa.md", "کاری", "كاری", "has the letter ك", id="arabic-letter-in-persian"),
    pytest.param(f"{ADDRESS}ar.md", "عنوانكم", "عنوانکم", "has the letter ک", id="persian-letter-in-arabic"),
    pytest.param(
        f"{ADDRESS}en.md",
        "## What to bring {#bring}",
        "## What to bring {#who-else}",
        "unknown section",
        id="section-id",
    ),
    pytest.param(f"{ADDRESS}ar.md", "- اسألوا قبل المجيء هل تلزم وثيقة أخرى.\n", "", "has 2 items", id="item-lost"),
    pytest.param(
        f"{ADDRESS}en.md", "The same time limit applies when you move.\n", "", "1 paragraphs below", id="paragraph-lost"
    ),
    pytest.param(
        f"{ADDRESS}en.md",
        "conditional refugees",
        "recognised persons",
        "'conditional refugee' is missing",
        id="term-lost",
    ),
    pytest.param(f"{ADDRESS}en.md", "for international protection", "for asylum", "'asylum' is used", id="wrong-term"),
    pytest.param(f"{ADDRESS}en.md", "Do not wait", "You qualify. Do not wait", "a promise about", id="promise"),
    pytest.param(f"{ADDRESS}tr.md", "Son günü", "Ücreti 300 TL'dir. Son günü", "sums of money", id="money"),
    pytest.param(
        f"{HEALTH}en.md",
        "Health care is tied",
        "Health care is free. It is tied",
        "free treatment",
        id="free-treatment",
    ),
    pytest.param(
        f"{ADDRESS}en.md",
        "Do not wait for the last day.",
        " ".join(["word"] * 26) + ".",
        "26 words in one",
        id="long-sentence",
    ),
    pytest.param(
        f"{ADDRESS}en.md", "Do not wait for", "Wait. Do not wait for", "4 sentences in one", id="long-paragraph"
    ),
    pytest.param(
        f"{ADDRESS}en.md",
        "within 20 working days.",
        "within 20 working days. Hurry.",
        "not one sentence",
        id="long-answer",
    ),
    pytest.param(f"{ADDRESS}fr.md", "{#do}", "{#bring}", "same id", id="section-swapped"),
    pytest.param(
        "topics/work-permit/facts.yaml",
        "applies_to: [ip_applicant, ",
        "applies_to: [",
        "who is not in applies_to",
        id="persona",
    ),
    pytest.param(
        f"{ADDRESS}kmr.md",
        "Dema ku hûn mala xwe diguherin jî heman dem derbas dibe.",
        "Taşındığınızda da aynı süre geçerlidir.",
        "left in Turkish: 'Taşındığınızda",
        id="left-in-Turkish",
    ),
    pytest.param(
        f"{ADDRESS}kmr.md",
        "Dema ku hûn mala xwe diguherin jî heman dem derbas dibe.",
        "The same time limit applies when you move.",
        "left in English: 'The same",
        id="left-in-English",
    ),
    pytest.param(f"{HEALTH}en.md", "Law 5510", "Article 67 of Law 5510", "article 67 is not in the", id="article"),
    pytest.param(f"{HEALTH}ru.md", "5510", "5510 (статья ٢٨)", "article 28 is not in the", id="article-digits"),
    pytest.param(
        f"{ADDRESS}tr.md", "Son günü beklemeyin.", "Geç kalmayın.", "translated from an older tr text", id="outdated"
    ),
    pytest.param(f"{ADDRESS}facts.yaml", "2027-05-22", "2027-05-23", "more than 180 days", id="review-too-late"),
    pytest.param(f"{HEALTH}facts.yaml", "2027-02-21", "2027-02-22", "more than 90 days", id="volatile-review-too-late"),
    pytest.param(
        f"{ADDRESS}facts.yaml",
        "yükümlüdürler",
        "zorundadırlar",
        "not a sentence of the office's list",
        id="seed-changed",
    ),
    pytest.param(
        f"{ADDRESS}facts.yaml",
        "place: [do/1, do/2]",
        "place: [do/1, do/9]",
        "aspect place names do/9, which the text has not",
        id="aspect-without-its-place",
    ),
    pytest.param(
        f"{ADDRESS}facts.yaml",
        "place: [do/1, do/2]",
        "place: [do/1, persona-tp]",
        "aspect place names persona-tp, which the text has not",
        id="aspect-without-its-section",
    ),
    pytest.param(
        f"{ADDRESS}ar.md",
        "- إذا بدأتم عملًا، فأبلغوا بمعلومات العمل خلال 30 يومًا.\n",
        "",
        "has no do/6, where the aspect duration is answered",
        id="aspect-lost-in-translation",
    ),
    pytest.param(
        f"{ADDRESS}facts.yaml",
        "aspects:\n",
        "aspects:\n  who: [do/1]\n",
        "a section answers the aspect who",
        id="aspect-of-a-section",
    ),
    pytest.param(
        f"{ADDRESS}facts.yaml", "family: [do/4]", "family: []", "aspect family names no place", id="aspect-empty"
    ),
    pytest.param(
        f"{ADDRESS}facts.yaml",
        "place: [do/1, do/2]",
        "place: [do, do/2]",
        "aspect place shows do/2 twice",
        id="aspect-line-twice",
    ),
    pytest.param(
        "topics/work-permit/facts.yaml",
        "place: [persona-tp/2,",
        "place: [persona-refugee/1, persona-subsidiary/1, persona-tp/2,",
        "aspect place shows persona-subsidiary/1 twice",
        id="aspect-line-twice-by-two-ids",
    ),
    pytest.param("case/fa.yaml", "  BOOKED: این نوبت ثبت شده است.\n", "", "no words for BOOKED", id="code-lost"),
    pytest.param("case/en.yaml", "  BOOKED: ", "  BOOKT: ", "BOOKT, which is not in the contract", id="code-invented"),
    pytest.param(
        "case/en.yaml",
        "permit_statuses:\n",
        "permit_statuses:\n  WITHDRAWN: Your application is withdrawn.\n",
        "permit_statuses has words for WITHDRAWN",
        id="words-of-a-decision",
    ),
    pytest.param("case/en.yaml", "  OTHER: at the office\n", "", "no words for OTHER", id="stand-in-lost"),
    pytest.param(
        "case/en.yaml",
        "travel_permit_statuses:\n",
        "travel_permit_statuses:\n  OTHER: A permit.\n",
        "has words for OTHER",
        id="stand-in-for-a-status",
    ),
    pytest.param("case/en.yaml", "\nitems:\n", "\nthings:\n", "unknown vocabulary 'things'", id="vocabulary"),
    pytest.param(
        "case/ru.yaml",
        "\n    do: Сейчас вам ничего делать не нужно.",
        "",
        "APPROVED_PRINTING: 'do' is not as in",
        id="part-lost",
    ),
    pytest.param("case/tr.yaml", "Kartınız basılıyor.", "Kartınız hazır.", "from an older tr", id="codes-outdated"),
    pytest.param("case/ps.yaml", "SMS ته", "SMS ۱ ته", "has the digit ۱", id="codes-digits"),
    pytest.param(
        "case/en.yaml",
        "Your card is being printed.",
        f"Your card is {'very ' * 25}new.",
        "29 words in one",
        id="codes-long-sentence",
    ),
    pytest.param("case/en.yaml", "international", "asylum", "'asylum' is used", id="codes-wrong-term"),
    pytest.param(
        "case/kmr.yaml",
        "Hûn dikarin randevûya xwe ji min bipirsin.",
        "Lütfen eksik belgeyi müdürlüğe getirin.",
        "left as in tr",
        id="codes-left",
    ),
    pytest.param("case/en.yaml", "Your card is being", "Your {card} is being", "plain words", id="codes-place"),
    pytest.param("case/en.yaml", "status: draft", "status: machine", "a machine translation", id="codes-machine"),
    pytest.param("laws.yaml", "      fa: قانون خدمات ثبت احوال\n", "", "law 5490 has no Persian name", id="law-name"),
    pytest.param("phones.yaml", "      ar: مواعيد المستشفيات\n", "", "phone 182 has no Arabic name", id="phone-name"),
    pytest.param("groups.yaml", ", so: Khatar iyo gargaar degdeg ah", "", "no name in so", id="group-name"),
    pytest.param("glossary.yaml", ", so: [maalmood, maalin, maalmaha]", "", "unit 'day' has no Somali", id="unit-gap"),
    pytest.param("glossary.yaml", ", fa: [حمایت موقت]", "", "'temporary protection' has no Persian", id="glossary-gap"),
]


def _findings(content: Path, on: date = TODAY) -> Report:
    report = Report()
    check_content(content, on, report)
    return report


@pytest.mark.parametrize(("name", "old", "new", "says"), PLANTED)
def test_a_planted_error_is_found(content: Path, plant: Plant, name: str, old: str, new: str, says: str) -> None:
    """By one line, `path: reason: remedy`, that names the file which a person has to change."""
    path = plant(name, old, new)
    report = _findings(content)
    assert report.failed
    found = [finding for finding in report.findings if says in finding.reason]
    assert found, [finding.line(content) for finding in report.findings]
    # Where the source or the facts changed, the texts that no longer agree are named.
    assert any(path == finding.path or path.parent == finding.path.parent for finding in found)
    for finding in found:
        where = finding.path.relative_to(content).as_posix()
        assert finding.line(content) == f"{where}: {finding.reason}: {finding.remedy}"
        assert finding.remedy
        assert "\n" not in finding.line(content)


def test_a_missing_text_is_found_by_name(content: Path) -> None:
    (content / "topics/education/fa.md").unlink()
    [finding] = _findings(content).findings
    assert finding.path == content / "topics/education/fa.md"
    assert "Persian" in finding.reason


def test_an_expired_review_is_a_warning_and_does_not_fail(content: Path) -> None:
    report = _findings(content, on=date(2027, 2, 22))
    assert not report.failed
    expired = {finding.path.parent.name for finding in report.findings}
    assert expired >= VOLATILE
    assert "address-registration" not in expired


def test_digits_of_any_script_are_understood_and_latin_ones_are_asked_for(content: Path, plant: Plant) -> None:
    plant(f"{ADDRESS}ar.md", "20 يوم عمل", "٢٠ يوم عمل")
    plant(f"{ADDRESS}fa.md", "20 روز کاری", "۲۰ روز کاری")
    reasons = {finding.reason for finding in _findings(content).findings}
    assert reasons == {"has the digit ٠", "has the digit ٢", "has the digit ۰", "has the digit ۲"}


def test_an_article_of_the_legal_basis_may_be_named(content: Path, plant: Plant) -> None:
    plant(f"{HEALTH}en.md", "Law 5510 applies", "Under article 27, Law 5510 applies")
    # Its number is missing in the same place of the Turkish text, and that is all there is to say.
    [finding] = _findings(content).findings
    assert finding.reason.startswith("other numbers than the source text")


def test_long_sentences_on_average_are_found(content: Path) -> None:
    path = content / ADDRESS / "so.md"
    words = " ".join(["erey"] * 22)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^- .*$", f"- {words}.", text), encoding="utf-8")
    [finding] = [f for f in _findings(content).findings if "on average" in f.reason]
    assert finding.path == path
    assert finding.remedy == "at most 15: shorten sentences"


def test_a_lost_seed_file_is_found(content: Path) -> None:
    (content / "seed/services.tr.txt").unlink()
    assert _findings(content).failed


def test_an_unpublished_number_may_not_reach_a_text(content: Path, plant: Plant) -> None:
    facts = content / "topics/temporary-leave-from-province/facts.yaml"
    assert re.search(r"published: false", facts.read_text(encoding="utf-8"))
    plant("topics/temporary-leave-from-province/en.md", "up to 15 days", "up to 15 or 90 days")
    assert any("90 is in no published fact" in finding.reason for finding in _findings(content).findings)


def test_the_summary_says_how_much_was_looked_at(content: Path) -> None:
    topics = len(list((content / "topics").iterdir()))
    texts = len(list((content / "topics").glob("*/*.md")))
    summary = _findings(content).summary()
    assert f"{topics} topics" in summary
    assert f"{texts} texts" in summary
    assert summary.endswith("0 findings")
