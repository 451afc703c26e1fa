from lessons.authoring.drafting import drafts_from
from lessons.authoring.words import content_words
from lessons.drafts import LessonDraft
from lessons.questions import TrueFalse


def statements_of(lesson: LessonDraft) -> list[tuple[TrueFalse, str]]:
    drafts = drafts_from(lesson)
    return [(draft.item, draft.sentence) for draft in drafts if isinstance(draft.item, TrueFalse)]


def test_a_true_one_is_the_sentence_itself(revolution: LessonDraft) -> None:
    true = [(item.prompt, sentence) for item, sentence in statements_of(revolution) if item.right]

    assert true
    assert [prompt for prompt, _ in true] == [sentence for _, sentence in true]


def test_a_false_one_differs_by_a_term_that_its_section_does_not_speak_of(
    revolution: LessonDraft,
) -> None:
    false = [item for item, _ in statements_of(revolution) if not item.right]
    prompts = [item.prompt for item in false]

    assert "On 17 June the Old Regime declared itself the National Assembly." in prompts
    assert all(item.note != item.prompt for item in false)
    changed = [set(content_words(item.prompt)) - set(content_words(item.note)) for item in false]
    assert all(changed)


def test_there_are_some_of_both(revolution: LessonDraft, photosynthesis: LessonDraft) -> None:
    rights = [item.right for item, _ in statements_of(revolution) + statements_of(photosynthesis)]

    assert 0.25 < sum(rights) / len(rights) < 0.75
