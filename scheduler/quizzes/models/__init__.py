"""Rows of quizzes."""

from scheduler.quizzes.models.attempts import Attempt as Attempt
from scheduler.quizzes.models.attempts import Mark as Mark
from scheduler.quizzes.models.attempts import Question as Question
from scheduler.quizzes.models.bank import Item as Item
from scheduler.quizzes.models.bank import ItemFile as ItemFile
from scheduler.quizzes.models.bank import ItemVersion as ItemVersion
from scheduler.quizzes.models.daily import DailyChoice as DailyChoice
from scheduler.quizzes.models.daily import DailyQuestion as DailyQuestion
from scheduler.quizzes.models.papers import Paper as Paper
from scheduler.quizzes.models.papers import PaperItem as PaperItem
from scheduler.quizzes.models.papers import PaperRule as PaperRule
from scheduler.quizzes.models.results import Candidate as Candidate
from scheduler.quizzes.models.results import RetrainingOrder as RetrainingOrder
from scheduler.quizzes.models.results import UnitResult as UnitResult
from scheduler.quizzes.models.schedules import QuizSchedule as QuizSchedule
from scheduler.quizzes.models.schedules import ScheduledSitting as ScheduledSitting
from scheduler.quizzes.models.schedules import ScheduleUnit as ScheduleUnit
from scheduler.quizzes.models.sittings import Grant as Grant
from scheduler.quizzes.models.sittings import RulesMixin as RulesMixin
from scheduler.quizzes.models.sittings import Ruling as Ruling
from scheduler.quizzes.models.sittings import Sitting as Sitting
