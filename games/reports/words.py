"""Questions, keys and answers in the words of a report."""

from django.utils.translation import gettext as _

from lessons.questions import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    NumberAnswer,
    NumberGuess,
    OrderAnswer,
    OrderSteps,
    Poll,
    Question,
    SeveralRight,
    SingleChoice,
    TextAnswer,
    TrueFalse,
    TypedNumber,
    measured,
    right_answers,
    right_options,
    shown_steps,
)


def answer_in_words(question: Question, answer: Answer) -> str:
    """What somebody answered, as they would say it."""
    options = options_of(question)
    match answer:
        case ChoiceAnswer():
            return options[answer.choice]
        case ChoicesAnswer():
            return "; ".join(options[i] for i in sorted(answer.choices))
        case TextAnswer():
            return answer.text
        case NumberAnswer():
            unit = question.unit if isinstance(question, TypedNumber | NumberGuess) else ""
            return measured(answer.number, unit)
        case OrderAnswer():
            return " → ".join(options[place] for place in answer.order)


def key_in_words(question: Question) -> str:
    """What is right; empty where nothing is."""
    if isinstance(question, TrueFalse):
        return options_of(question)[right_options(question)[0]]
    words = (" → " if isinstance(question, OrderSteps) else "; ").join(right_answers(question))
    if isinstance(question, TypedNumber | NumberGuess) and question.tolerance:
        return f"{words} ± {measured(question.tolerance, question.unit)}"
    return words


def options_of(question: Question) -> tuple[str, ...]:
    """What one could choose from, or the steps as players saw them."""
    match question:
        case SingleChoice() | SeveralRight() | Poll():
            return question.options
        case TrueFalse():
            return (_("True"), _("False"))
        case OrderSteps():
            return shown_steps(question)
        case _:
            return ()
