"""What the hub itself says, by name: the words behind `say:<phrase>` keys and the labels of its buttons.

The English message id stands here; the other languages stand in `locales/`. Short sentences, one idea each.
"""

from typing import Final

from bot.i18n.catalogues import N_

PHRASES: Final = {
    "greeting": N_(
        "Hello. I am Rehber, the information service of the migration office. "
        "Ask me a question in your own words, or choose below."
    ),
    "privacy": N_(
        "Using this service does not change your application. "
        "Please do not send photos of your documents or identity numbers here."
    ),
    "privacy-telegram": N_("Telegram stores this chat abroad. For private matters, use the kiosk or the desk."),
    "help": N_(
        "You can ask about registration, your papers, appointments, travel, health, work, your address and school. "
        "You can also ask for a person at any time."
    ),
    "thanks": N_("You are welcome. You can ask another question at any time."),
    "goodbye": N_("Goodbye. You can come back at any time."),
    "out-of-scope": N_(
        "I cannot answer this question. I know about protection, papers, appointments and residence in Türkiye. "
        "A person at the office can tell you who can help."
    ),
    "not-understood": N_("I am not sure what you mean. Did you mean one of these?"),
    "not-understood-again": N_("I do not understand you well enough. A person can help you."),
    "which-topic": N_("What is your question about? Choose a topic, or write it in one sentence."),
    "which-paper": N_("Which paper do you have? Then I can show the rules for you."),
    "paper-noted": N_("Thank you. I will show the rules for this paper."),
    "person-called": N_("I have also asked a person of the office to write to you here. You can go on asking me."),
    "trouble": N_("I cannot answer now. Your message is saved. A person can help you."),
    "please-wait": N_("We are slow at the moment. Your message is saved. The answer will come here."),
    "gave-up": N_("I could not answer your message. I am sorry. Please ask again, or ask for a person."),
    "in-doubt": N_("I am not sure that my last message reached you."),
    "unreadable": N_("I can read text and buttons only. Please write your question."),
    "picture-unseen": N_("I cannot see pictures or files. I read your words."),
    "edited": N_("You changed a message. Please send your question again as a new message."),
    "button-expired": N_("This button no longer works. Please choose again."),
    "withheld": N_("This information is being checked by the office. Please ask at the desk or call {phone}."),
    "choose-language": N_("Choose your language."),
    "menu": N_("What do you want to know?"),
    "forget": N_("Do you want to erase this conversation? You cannot get it back."),
    "forgotten": N_("Your conversation with this service is erased."),
    "forget-not-now": N_("A person is still working on your request. The conversation stays until that is finished."),
    "handoff-opened": N_("I have asked a person to help you. They will write to you here. You can write more now."),
    "handoff-already": N_("A person will write to you here. You can write more now."),
    "handoff-place": N_("Your place in the queue: {place}."),
    "handoff-nobody-now": N_(
        "Nobody who speaks your language is here at the moment. Your request is kept. "
        "In an emergency call 112. You can also call 157 at any hour."
    ),
    "unclear-told": N_("I have told the person. They will write it in other words."),
    "unclear-ways": N_("How can I help you to understand it?"),
    "moved-here": N_("You go on here now. Nothing of it stays on the screen in the office."),
    "code-over": N_("This code does not work any more. At the kiosk you can get a new code."),
    "handoff-closed": N_("The conversation with the person is finished. You can ask me again."),
    "status-bot": N_("I am answering you now. Your language: {language}."),
    "check-elsewhere": N_(
        "For your safety I do not check appointments or permits in this chat. "
        "Please use the kiosk in the office or ask at the desk."
    ),
    "check-not-abroad": N_(
        "I do not check appointments or permits in this chat. Telegram keeps chats on computers abroad. The office has "
        "not allowed me to send your data there. Please use the kiosk in the office or ask at the desk."
    ),
    "check-begins": N_(
        "I must be sure that it is you. In this check you may type your number. I delete what you type from this chat."
    ),
    "check-here": N_("You can check this on a safe page. Nothing you type there is stored."),
    "delete-yours": N_(
        "I delete what you typed in this check now, and my messages of it after ten minutes. "
        "If you still see your details here, please delete them."
    ),
    "please-delete": N_("I could not delete a message with your details. Please delete it yourself."),
    "calendar-file": N_(
        "Here is a file for your calendar. Open it and save the appointment. I delete this message after ten minutes."
    ),
    "calendar-care": N_("People who can see your calendar will see the appointment."),
    "check-over": N_("This check is closed. You can start it again."),
    "check-cancelled": N_("The check is stopped. I do not keep what you typed."),
    "not-official": N_("This is information. It is not an official notification."),
    "remind-appointment": N_("I keep the time and place of your appointment, locked with a key, until it is over."),
    "remind-clock": N_("I keep the last day of this duty, locked with a key, until it is over."),
    "remind-office": N_("The office tells me only that something changed, and nothing else."),
    "remind-telegram": N_("Telegram sees the messages that I send you."),
    "remind-free": N_("You can stop this with one tap, and it does not change your application."),
    "remind-appointment-done": N_("Thank you. I will remind you before your appointment."),
    "remind-clock-done": N_("Thank you. I will remind you before the last day."),
    "remind-too-soon": N_("The time is too near for a reminder. Please write it down."),
    "remind-check-first": N_("Please check your appointment again. Then you can ask for a reminder."),
    "remind-impossible": N_("I cannot remind you of this. Please write down the day and the time."),
    "remind-not-now": N_(
        "I cannot make a reminder now. This does not change your appointment. Please try again in some minutes."
    ),
    "remind-stopped": N_(
        "The reminders are stopped. I have erased what I kept for them. Your application is as before."
    ),
    "remind-on": N_("Reminders are on."),
    "remind-off": N_("Reminders are off."),
    "reminder-appointment": N_("Reminder: you have an appointment."),
    "reminder-documents": N_("Please bring your documents."),
    "reminder-in-doubt": N_("Your appointment may have changed. Please check."),
    "reminder-clock": N_("This is a reminder of a last day."),
    "reminder-last-day": N_("Last day: {day}"),
    "reminder-do-it": N_("Please do it as soon as you can. Only the office decides."),
    "news": N_("There is news. Please ask me for your appointment or your file, or see an officer."),
    "compared-official": N_("This is on our list of official numbers and addresses: {name}."),
    "compared-unlisted": N_("This is not on our list of official numbers and addresses."),
    "compared-look-alike": N_("It looks like the official address {address}, but it is another one."),
    "compared-more": N_("You wrote more numbers or addresses. I have compared the first three."),
    "official-phone": N_("The official phone line is {phone}."),
    "official-address": N_("The official address for appointments is {address}."),
    "official-desk": N_("You can also ask at the desk of the office."),
    "pay-nobody": N_(
        "An appointment costs nothing. Please do not pay anybody for it. Please do not send photos of your documents."
    ),
    "groups-refused": N_("I only answer in private chats. Please write to me directly."),
}

LABELS: Final = {
    "person": N_("Talk to a person"),
    "languages": N_("Change language"),
    "menu": N_("All topics"),
    "turkish": N_("Show Turkish"),
    "leaflet": N_("Paper for the desk (PDF)"),
    "do": N_("What to do"),
    "bring": N_("What to bring"),
    "who": N_("Who can help"),
    "law": N_("Legal basis"),
    "check-appointment": N_("My appointment"),
    "check-status": N_("My permit or file"),
    "other-document": N_("Another document"),
    "forget-yes": N_("Yes, erase"),
    "no": N_("No"),
    "show-again": N_("Show it again"),
    "unclear": N_("I do not understand"),
    "shorter": N_("Say it in one sentence"),
    "cancel": N_("Stop"),
    "remind": N_("Remind me"),
    "remind-yes": N_("Yes, remind me"),
    "remind-stop": N_("Stop reminders"),
    "calendar": N_("Save in my calendar"),
    "open-check": N_("Open the safe page"),
    "whole": N_("Show the whole page"),
    "other-paper": N_("I have another paper"),
    "paper-tp_card": N_("Temporary protection card"),
    "paper-applicant_card": N_("Card of an applicant for international protection"),
    "paper-status_card": N_("Card of a refugee or of another protection status"),
    "paper-residence_permit": N_("Residence permit"),
    "paper-student_permit": N_("Student residence permit"),
    "paper-stateless_card": N_("Stateless person identity card"),
    "paper-none": N_("I have no paper yet"),
    "paper-unknown": N_("I do not know"),
}

NOTES: Final = {
    "draft": N_("This translation is not yet checked by a person."),
    "machine": N_("This is a machine translation."),
    "outdated": N_("The Turkish text is newer than this translation."),
    "other-language": N_("There is no text in your language yet. This is the text in {language}."),
    "law": N_("Legal basis: {laws}"),
    "law-with-article": N_("{law} (No. {number}), article {article}"),
    "law-as-a-whole": N_("{law} (No. {number})"),
    "not-on-the-page": N_("This page does not say that. An officer can tell you."),
    "reviewed": N_("Last checked: {date}"),
    "turkish": N_("Turkish original"),
}
