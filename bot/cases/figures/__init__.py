"""What the office may know of its conversations and cases in numbers: counted, made coarse, and nobody's."""

from bot.cases.figures.counting import Count, Share
from bot.cases.figures.period import PERIODS, Period
from bot.cases.figures.report import Channel, Figures, Languages, Topics, Waiting, read_figures

__all__ = [
    "PERIODS",
    "Channel",
    "Count",
    "Figures",
    "Languages",
    "Period",
    "Share",
    "Topics",
    "Waiting",
    "read_figures",
]
