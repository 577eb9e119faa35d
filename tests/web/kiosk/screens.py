"""Every screen of the kiosk by name, and how a person gets there. Whoever makes a new one adds a line to `SCREENS`."""

from dataclasses import dataclass
from typing import Final

from tests.web.kiosk import ways
from tests.web.kiosk.ways import Stage, Way, person


@dataclass(frozen=True, slots=True)
class Screen:
    """`place` is opened, if any, then `way` walked. The screens of `SCREENS` follow one another in one visit.

    `for_all`: a screen for everybody, in the office's language. `on_phone`: it stands on the person's own phone.
    """

    name: str
    place: str
    way: Way | None = None
    for_all: bool = False
    on_phone: bool = False

    async def show(self, stage: Stage) -> None:
        if self.place:
            await stage.page.goto(self.place)
        if self.way is not None:
            await self.way(stage)


SCREENS: Final = (
    Screen("wall", "/", for_all=True),
    Screen("wall-person", "/?then=person", for_all=True),
    Screen("wall-offline", "", ways.choose_without_a_server, for_all=True),
    Screen("wall-erased", "/?left=erased", ways.have_left, for_all=True),
    Screen("wall-kept", "/?left=kept", ways.have_left, for_all=True),
    Screen("wall-phone", "/?left=phone", ways.have_left, for_all=True),
    Screen("wall-closed", "/?left=closed", ways.have_left, for_all=True),
    Screen("welcome", "/", ways.begin),
    Screen("wall-in-a-visit", "/", for_all=True),
    Screen("cut-off", "/chat", ways.without_a_line),
    Screen("answer", "/chat", ways.ask),
    Screen("listening", "/chat", ways.listen),
    Screen("no-voice", "/chat", ways.without_a_voice),
    Screen("keyboard", "/chat", ways.with_keys),
    Screen("unclear", "/chat", ways.not_understand),
    Screen("topics", "/topics"),
    Screen("group", "/topics/danger"),
    Screen("largest-group", "/topics/residence-permits"),
    Screen("topic", "/topic/work-permit", ways.open_all),
    Screen("danger", "/topic/violence-abuse-and-self-harm", ways.open_all),
    Screen("person-first", "/topic/negative-decision-and-appeals", ways.open_all),
    Screen("with-papers", "/topic/residence-permit-extension", ways.open_all),
    Screen("original", "/topic/work-permit/turkish", ways.open_all),
    Screen("take", "/topic/work-permit/take"),
    Screen("take-printed", "/topic/work-permit/take?slip=printed"),
    Screen("take-silent", "/topic/work-permit/take?slip=silent"),
    Screen("contacts", "/contacts"),
    Screen("offline", "", ways.read_without_a_server),
    Screen("check", "/check"),
    Screen("check-document", "/check?about=appointment"),
    Screen("check-asks-to-listen", "/check?about=appointment", ways.asked_before_listening),
    Screen("check-number", "/check?about=appointment", ways.say_which_document),
    Screen("check-typed", "/check", ways.type_some),
    Screen("check-wrong", "/check", ways.mistype),
    Screen("check-second", "/check", ways.typing(person().number)),
    Screen("check-phone", "/check", ways.typing(person().factor_value)),
    Screen("check-code", "/check", ways.typing(person().phone)),
    Screen("check-answer", "/check", ways.typing("")),
    Screen("check-shown", "/check", ways.show),
    Screen("check-by-phone", "/check/phone"),
    Screen("phone-covered", "", ways.open_on_phone, on_phone=True),
    Screen("phone-shown", "", ways.show_on_phone, on_phone=True),
    Screen("phone-over", "", ways.open_on_phone, on_phone=True),
    Screen("check-whole", "/check?whole=true", ways.show),
    Screen("check-no-answer", "/check", ways.without_the_office),
    Screen("nowhere", "/no-such-page"),
    Screen("unknown-kiosk", "/kiosk/no-such-kiosk"),
    Screen("waiting", "/chat", ways.wait_for_a_person),
    Screen("waiting-topic", "/topic/work-permit", ways.see_the_wait),
    Screen("continue", "/continue", ways.see_the_wait),
    Screen("finish", "/chat", ways.leave),
    Screen("written-to", "/topics", ways.be_written_to),
    Screen("person", "/chat"),
    Screen("more-time", "/chat", ways.be_asked_for_more_time),
    Screen("more-time-once", "", ways.ask_for_more_time_nine_times),
)
"""In the order in which one person sees them. The first lines without a visit, the last with a case."""
