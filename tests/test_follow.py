"""A follow-up becomes a question that stands alone; a new topic stays as it is."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.names import atoms, place_spellings
from rag.question.follow import CARRIED, LONGEST, Followed, follow, is_courtesy

RULE = "When did BIS suspend the Affiliates Rule?"

FOLLOW_UPS = [
    # pronouns and demonstratives
    (RULE, "Does it still apply?", "Does the Affiliates Rule still apply?"),
    (RULE, "So is it dead?", "Is the Affiliates Rule dead?"),
    (RULE, "Does this rule apply to Huawei?", "Does the Affiliates Rule apply to Huawei?"),
    (RULE, "Which companies did that hit?", "Which companies did that hit (the Affiliates Rule, BIS)?"),
    (RULE, "Who said that?", "Who said that (the Affiliates Rule, BIS)?"),
    (RULE, "What did Beijing say about it?", "What did Beijing say about the Affiliates Rule?"),
    (RULE, "How does it differ from the Entity List?", "How does the Affiliates Rule differ from the Entity List?"),
    ("What does the MATCH Act ask of allies?", "When was that bill introduced?", "When was that bill introduced (the MATCH Act)?"),
    ("What did Lutnick say about the fourth best chip?", "When did he say so?", "When did Lutnick say so (the fourth best chip)?"),
    ("Is CXMT on the Entity List?", "Does it make memory?", "Does CXMT make memory (the Entity List)?"),
    ("Who came to the Beijing summit?", "Was trade discussed there?", "Was trade discussed at the Beijing summit?"),
    ("Which chips does Malaysia license?", "How many firms are there?", "How many firms are there (Malaysia, chips, license)?"),
    ("Which bill would keep tools out of China?", "Has it passed?", "Has the bill that would keep tools out of China passed?"),
    ("Which chips does Malaysia license?", "Are they sold to China?", "Are the chips sold to China (license)?"),
    (RULE, "Why did BIS drop the whole thing?", "Why did BIS drop the whole thing (the Affiliates Rule)?"),
    # the day of an earlier question
    ("As of June 2025, what did the H20 rule ask?", "Who wrote it?", "Who wrote the H20 rule (as of June 2025)?"),
    ("As of June 2025, what did the H20 rule ask?", "Does it still apply?", "Does the H20 rule still apply?"),
    ("What held as of 5 May 2025 under the tin rule?", "When was it lifted?", "When was the tin rule lifted?"),
    ("Was the H20 rule suspended a year ago?", "And on 5 May 2025?", "Was the H20 rule suspended on 5 May 2025?"),
    # ellipsis
    ("What did the Netherlands restrict in 2023?", "And Japan?", "What did Japan restrict in 2023?"),
    ("What did China restrict in 2023?", "And in 2024?", "What did China restrict in 2024?"),
    ("When did the H20 licence requirement start?", "What about the H200?", "When did the H200 licence requirement start?"),
    ("How did the Dutch government respond?", "And the Chinese government?", "How did the Chinese government respond?"),
    ("How large was Big Fund phase I?", "And phase III?", "How large was Big Fund phase III?"),
    ("How big is Big Fund III?", "And Big Fund II?", "How big is Big Fund II?"),
    ("Who introduced the MATCH Act?", "What about the Chip Security Act?", "Who introduced the Chip Security Act?"),
    ("How large was the first round?", "And the second?", "How large was the second round?"),
    ("What is the case against Qualcomm about?", "And the one against Nvidia?", "What is the case against Nvidia about?"),
    ("When was ZTE banned?", "Why?", "Why was ZTE banned?"),
    ("Does the rule cover Macau?", "Since when?", "Since when does the rule cover Macau?"),
    (RULE, "Why not?", "Why did BIS suspend the Affiliates Rule?"),
    # open questions
    (RULE, "And what did China say?", "What did China say about the Affiliates Rule?"),
    (RULE, "How did Nvidia react?", "How did Nvidia react to the Affiliates Rule?"),
    (RULE, "And when does the suspension end?", "When does the suspension end (the Affiliates Rule, BIS)?"),
    (RULE, "Was Malaysia affected?", "Was Malaysia affected (the Affiliates Rule)?"),
    ("What did Lee say in May 2025?", "What did Nvidia reply?", "What did Nvidia reply (May 2025)?"),
    (RULE, "Are there exceptions?", "Are there exceptions (the Affiliates Rule, BIS)?"),
    (RULE, "Tell me more", "Tell me more (the Affiliates Rule, BIS)?"),
    (RULE, "How did China answer?", "How did China answer the Affiliates Rule?"),  # a verb, with an object
    (RULE, "And China's answer?", "What was China's answer to the Affiliates Rule?"),  # a noun, with a preposition
    ("Which chips does the GP10 guidance name?", "How did China respond?", "How did China respond to the GP10 guidance?"),
    ("Does the tin rule cover the Ascend 910D?", "What did China say?", "What did China say about the tin rule?"),
    ("What controls did Japan adopt on chip tools?", "Why?", "Why did Japan adopt on chip tools (controls)?"),
    (RULE, "What did China get in exchange?", "What did China get in exchange (the Affiliates Rule)?"),
    ("Who signed Executive Order 14105?", "When did Treasury finish the rule?", "When did Treasury finish the rule (Executive Order 14105)?"),
    # agreement: they are several or act, it is one, he is a person
    ("Did the US clear H200 chips?", "Were they ever delivered?", "Were H200 chips ever delivered?"),
    ("What did BIS say about Huawei's chips?", "Did they change the wording?", "Did BIS change the wording (Huawei's chips)?"),
    ("Did AMD get an MI308 licence?", "Do they pay a share?", "Does AMD pay a share (the MI308 licence)?"),
    ("How many Ascend chips can Huawei make?", "Where did he say it?", "Where did he say it (Ascend chips, Huawei)?"),
    ("Which Ascend chips does the tin guidance name?", "Does it cover Macau?", "Does the tin guidance cover Macau?"),
    ("Which companies did BIS add to the Entity List?", "Was Wingtech among them?", "Was Wingtech among the companies (the Entity List)?"),
    ("Which firms did EDA curbs hit?", "When were they lifted?", "When were EDA curbs lifted?"),
    ("What did SAMR find about Nvidia?", "Was it a final decision?", "Was it a final decision (SAMR, Nvidia)?"),
    ("Is CXMT on the Entity List?", "How is it doing with HBM3?", "How is CXMT doing with HBM3?"),
    ("When did BIS extend the FDPR?", "Was it widened later?", "Was the FDPR widened later?"),
    ("What was agreed in Busan?", "Did they talk about Blackwell?", "Did they talk about Blackwell (Busan)?"),
    ("What stake did the US take in Intel?", "How much did it pay?", "How much did the US pay (the stake, Intel)?"),
    ("When did Bessent explain the 50% rule?", "Was it published?", "Was the 50% rule published?"),
    ("What did Trump post?", "Was he quoted correctly?", "Was Trump quoted correctly (Trump post)?"),
    ("Did Nvidia count China?", "What did it say then?", "What did Nvidia say then (China)?"),
    ("What did Moolenaar ask Lutnick?", "Did he write again?", "Did Moolenaar write again (Lutnick)?"),
    # it leans where it names no topic, though a place, a firm or a day
    ("When did Trump allow Lion sales?", "How much does the US government get?", "How much does the US government get (Lion sales)?"),
    ("Who signed the Lion Declaration?", "Is Taiwan in?", "Is Taiwan in (the Lion Declaration)?"),
    ("How many H20s did firms order?", "Has Beijing approved any?", "Has Beijing approved any H20s?"),
    ("What are the tiers of the AI Diffusion Rule?", "Which tier was Malaysia in?", "Which tier was Malaysia in (the AI Diffusion Rule)?"),
    ("What does the Lion Act ask?", "What was the situation as of May 2025?", "What was the situation as of May 2025 (the Lion Act)?"),
    ("What does the Lion Act ask?", "Are broader chip tariffs coming?", "Are broader chip tariffs coming (the Lion Act)?"),
    # nothing is lent to what names its own topic
    ("When was the Lion Act passed?", "And the Zebra Act, what would that do?", "What would the Zebra Act do?"),
    ("What does the Lion Act ban?", "For old chips, any exception?", "Any exception for old chips (the Lion Act)?"),
    ("Has Taiwan listed Zebra?", "And in the US, when did Lion get listed there?", "When did Lion get listed in the US?"),
    ("What did Lutnick say about the H20?", "What did he tell Congress about the H200?", "What did Lutnick tell Congress about the H200?"),
    ("How long was the Lion Rule in force?", "Who wrote the rule?", "Who wrote the Lion Rule?"),
    # corrections
    ("When did the H20 ban start?", "No, I meant the H200", "When did the H200 ban start?"),
    ("When did the H20 ban start?", "Sorry, the H200", "When did the H200 ban start?"),
    ("When did the H20 ban start?", "Not the H20, the H200", "When did the H200 ban start?"),
    ("When did the H20 ban start?", "the H200, not the H20", "When did the H200 ban start?"),
    ("What did Japan limit?", "Actually, China", "What did China limit?"),
    ("What does the licence in the May 2025 rule allow?", "No, I meant the one for Huawei", "What does the licence in the May 2025 rule for Huawei allow?"),
    # places for fragments
    ("What did Nvidia pay for the H20?", "AMD too?", "What did AMD pay for the H20?"),
    ("What does the Lion Rule ask for large clusters?", "And for small orders?", "What does the Lion Rule ask for small orders?"),
    ("When were Zebra's subsidiaries added to the Entity List?", "And the parent company?", "When was Zebra's parent company added to the Entity List?"),
    ("Can data centres use H20 chips?", "Even old ones?", "Can data centres use H20 chips, even old ones?"),
    ("What is the status of the 50% rule?", "And as of 5 May 2025?", "What is the status of the 50% rule as of 5 May 2025?"),
    ("What is the tariff on lion chips?", "And China?", "What did China say about lion chips?"),
    ("Is the Lion Rule in force now?", "And in May 2025?", "Is the Lion Rule in force in May 2025?"),
    ("Is License Exception NAC open to firms?", "What about IEC?", "Is License Exception IEC open to firms?"),
    # who acts
    ("When did YMTC land on the Entity List?", "Does it contest the listing?", "Does YMTC contest the listing (the Entity List)?"),
    ("Who owns Nexperia?", "How did its share price do?", "How did Nexperia’s share price do?"),
    ("Why did China blacklist Zebra Materials?", "What can't they buy?", "What can't Zebra Materials buy?"),
    ("What does the Lion guidance of BIS say?", "Does it make an exception for tests?", "Does the Lion guidance make an exception for tests?"),
    ("How many chips did Zebra order?", "And when did they order them?", "When did Zebra order them (chips)?"),
    ("When did Trump allow Lion H20s?", "How many were sold?", "How many Lion H20s were sold (Trump)?"),
    ("When did Trump allow Lion tools?", "Does Zebra have enough in stock?", "Does Zebra have enough Lion tools in stock?"),
    ("Who spoke of a 'low wall'?", "Didn't he use it first?", "Didn't he use it first (low wall)?"),
    # ranks
    ("How big is phase II of the Zebra Fund?", "And the first one?", "How big is phase I of the Zebra Fund?"),
    ("How big is phase II of the Zebra Fund?", "Who runs the third one?", "Who runs phase III of the Zebra Fund?"),
    ("How big is phase II of the Zebra Fund?", "What does it buy?", "What does phase II of the Zebra Fund buy?"),
    ("How large is phase one of the Zebra Fund?", "And phase two?", "How large is phase two of the Zebra Fund?"),
    ("What is the largest fine of BIS?", "And the second biggest?", "What is the second biggest fine of BIS?"),
    # a day that tells which one stays; one of a state goes where an event is asked for
    ("Which tin controls did China adopt in April 2025?", "Are those still in force?", "Are the tin controls of April 2025 still in force?"),
    ("Was the Lion Rule in force as of May 2025?", "Who first announced it?", "Who first announced the Lion Rule?"),
    ("Was the Lion Rule in force as of May 2025?", "Anything newer?", "Anything newer (the Lion Rule)?"),
    # a fragment takes its place and the question stays whole
    ("How far behind is SMIC?", "And its 5 nm process?", "SMIC’s 5 nm process?"),
    ("On what grounds did China ban Micron?", "From which customers?", "From which customers did China ban Micron?"),
    ("What was agreed in Busan?", "For how long?", "What was agreed in Busan, and for how long?"),
    ("What did Trump say about chips?", "When?", "When did Trump say that about chips?"),
    ("Is SMIC on the Entity List?", "And is YMTC?", "Is YMTC on the Entity List?"),
    ("Did the GAIN AI Act enter the NDAA?", "Why not?", "Why did the GAIN AI Act not enter the NDAA?"),
    ("Are rare tin controls in force?", "And zinc?", "Are zinc controls in force?"),
    ("Which firms are exempt?", "And Zebra Materials?", "Is Zebra Materials exempt?"),
    ("Who is exempt from the lion duty?", "And Taiwan?", "Is Taiwan exempt from the lion duty?"),
    ("Is there a duty on lion chips?", "How high?", "How high is the duty on lion chips?"),
    ("Does the UAE get Lion chips?", "How many?", "How many Lion chips does the UAE get?"),
    ("Was there a fine?", "And the Lion 60?", "What about the Lion 60 (the fine)?"),
    ("What did Lee do on chips in his last weeks?", "And Zhou?", "What did Zhou do on chips?"),
    # days in small letters, and those of today
    ("How many firms were added in december 2024?", "I mean December 2022", "How many firms were added in December 2022?"),
    ("How many firms were added in December 2022?", "And this year?", "How many firms were added this year?"),
    ("How many firms did BIS add this year?", "And last year?", "How many firms did BIS add last year?"),
    # others than those spoken of; two of a kind
    ("Who opposes the Lion Act?", "What other bills are there?", "What other bills are there?"),
    ("What does the Lion Act ask?", "What other conditions are there?", "What other conditions are there (the Lion Act)?"),
    ("Is Malaysia in the Lion Pact?", "Which other countries joined?", "Which other countries joined (the Lion Pact)?"),
    # goods; a ban that bans; whose words
    ("What are the conditions for a Z200 or a Z20?", "Does China let them in?", "Does China let them in (the Z200, the Z20)?"),
    ("Who wrote the Zebra ban?", "Is it still banned?", "Is Zebra still banned?"),
    ("What did China say to Sullivan?", "What do critics say?", "What do critics say about Sullivan?"),
]  # fmt: skip

NEW_TOPICS = [
    "H20芯片可以卖给中国吗？",
    "What is the CHIPS Act worth?",
    "Is it true that Huawei makes its own chips?",
    "When did it become legal to export H200 chips to China?",
    "How long does it take to get an H20 licence?",
    "Did Nvidia say that it had no backdoors?",
    "How much did Seagate pay, and why?",
    "What happened on 9 November 2026?",
    "What is a foundry?",
    "H20 export licence",
    "Is there a cap on Nvidia H20 sales?",
    "Which lithography machines need a licence from the Netherlands?",
    "What did the ministry say about gallium exports to the United States?",
    "Which chips did the guidance that was issued in May 2025 name as risky?",
    "What did China do to Micron in 2023?",
    "Is the Lion Act law, and when does it take effect?",
    "How much of its China revenue did Nvidia agree to share?",
    "What is the status of the 50% rule?",
    "Actually, did China ban gallium exports?",
]


@pytest.mark.parametrize(("before", "question", "alone"), FOLLOW_UPS)
def test_a_follow_up_stands_alone(before, question, alone):
    assert follow(question, [before]).searched == alone


@pytest.mark.parametrize("question", NEW_TOPICS)
def test_a_new_topic_stays_as_it_is(question):
    assert follow(question, [RULE]).searched == question


@pytest.mark.parametrize("question", [q for _, q, _ in FOLLOW_UPS])
def test_a_first_question_stays_as_it_is(question):
    assert follow(question, []).searched == question
    assert follow(question, ["  ", question]).searched == question


@pytest.mark.parametrize(
    ("question", "own", "searched"),
    [
        ("Lee spoke of a 'big lamp' in May; how did Xi put that phrase?", "how did Xi put that phrase?", "how did Xi put “big lamp”?"),
        ("BIS suspended the Affiliates Rule; does it still apply?", "does it still apply?", "Does the Affiliates Rule still apply?"),
        ("Who was fined; and how much was it?", None, None),
        ("BIS suspended the Affiliates Rule; what does the H20 cost?", None, None),
    ],
)  # fmt: skip
def test_what_a_question_states_before_it_asks_is_a_turn_before_it(question, own, searched):
    followed = follow(question, [])
    assert (followed.own, followed.searched) == (own or question, searched or question)


def test_that_phrase_is_the_one_quoted_before():
    assert follow("Who used that phrase?", ["What is a “small yard”?"]).searched == "Who used “small yard”?"


def test_turns_are_resolved_in_order():
    turns = ["What did the Netherlands restrict in 2023?", "And Japan?"]
    assert follow("And in 2024?", turns).searched == "What did Japan restrict in 2024?"


def test_a_turn_that_leans_does_not_end_the_topic():
    turns = ["What does the Lion Rule cover?", "Is Taiwan in?", "Who else?"]
    assert follow("When does it end?", turns).searched == "When does the Lion Rule end?"
    turns = ["Did the US limit Lion chips?", "Who said that?", "When did he say it?"]
    assert follow("And under Trump?", turns).searched == "Did the US limit Lion chips under Trump?"


@pytest.mark.parametrize("said", ["Thanks!", "ok, got it", "Great, thanks a lot for your help.", "hello", "谢谢！"])
def test_a_courtesy_asks_nothing_and_is_no_turn(said):
    assert is_courtesy(said)
    assert follow(said, [RULE]) == Followed(said, said)
    assert follow("Does it still apply?", [RULE, said]).searched == "Does the Affiliates Rule still apply?"


@pytest.mark.parametrize(
    "asked", ["Thanks, and Japan?", "Why?", "No licence?", "Is that all of it?", "OK, who pays?", ""]
)
def test_what_asks_something_is_no_courtesy(asked):
    assert not is_courtesy(asked)


def test_a_correction_that_has_no_place_is_asked_about_alone():
    turns = ["zebra fund", "How much in total?", "Phase three?"]
    assert follow("Sorry, I meant the Lion Act", turns).searched == "What about the Lion Act?"
    turns = ["Lion Act", "And London?"]
    assert follow("No, I meant Geneva", turns).searched == "What about Geneva (the Lion Act)?"


def test_two_that_were_asked_about_in_turn_are_compared():
    turns = ["How big was the Zebra fine?", "And the Lion fine?"]
    assert follow("Which was bigger?", turns).searched == "Which was bigger, the Lion fine or the Zebra fine?"


def test_a_fragment_behind_a_pronoun_takes_the_place_of_what_that_stands_for():
    turns = ["rare tin controls china", "are they still in force?"]
    assert follow("and zinc?", turns).searched == "Are zinc controls still in force?"
    assert follow("until when?", [*turns, "and zinc?"]).searched == "Until when are zinc controls still in force?"


@pytest.mark.parametrize(
    "piece", ["that's all and all ", "X, what does it do ", "it ", "in 2025 ", "and ", "not a, but b "]
)
def test_long_texts_of_repeated_pieces_take_no_time(piece):
    long = (piece * 2000)[:4000]
    begun = thread_time()  # what others do meanwhile does not count
    follow(long, [f"{long}{n}" for n in range(4)])
    follow(long[: LONGEST - 1], [f"{long}{n}" for n in range(4)])
    is_courtesy(long)
    assert thread_time() - begun < 2


def test_a_very_long_question_stands_alone_and_a_very_long_turn_lends_its_beginning():
    long = f"{RULE} {'Please say more. ' * 40}"
    assert follow(f"Does it still apply? {long}", [RULE]).leans is False
    assert "Affiliates Rule" in follow("Does it still apply?", [long]).searched


def test_after_a_change_of_topic_only_the_new_one_counts():
    turns = ["What did Jensen Huang say in May 2025?", "When did BIS suspend the Affiliates Rule?"]
    assert follow("Does it still apply?", turns).searched == "Does the Affiliates Rule still apply?"
    assert "Huang" not in follow("Why?", turns).searched


def test_what_is_carried_counts_less_than_what_is_asked():
    followed = follow("What did Beijing say about it?", [RULE])
    weigh = followed.weighing(lambda token: 2.0)
    assert weigh("beij") == 2.0
    assert weigh("affili") == 2.0 * CARRIED
    assert follow(RULE, []).weighing(lambda token: 2.0)("affili") == 2.0


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_is_followed(question, turns):
    followed = follow(question, turns)
    assert isinstance(followed.searched, str)
    assert followed.searched == question or any(t.strip() for t in turns)


@given(
    st.sampled_from([q for _, q, _ in FOLLOW_UPS] + NEW_TOPICS),
    st.lists(st.sampled_from([before for before, *_ in FOLLOW_UPS]), max_size=4),
)
def test_what_stands_alone_holds_the_words_of_the_question_or_of_the_last(question, turns):
    """Nothing is searched that nobody said."""
    searched = set(
        follow(question, turns)
        .searched.lower()
        .replace("’", "'")
        .replace("'s", "")
        .replace("(", "")
        .replace(")", "")
        .split()
    )
    said = set(" ".join([question, *turns]).lower().replace("'s", "").split()) | set(
        "and at about to in the that what is was does has did say of for".split()
    )
    named = [n.text for text in (question, *turns) for n in atoms(text) if n.kind == "place"]
    said |= {word for name in named for way in place_spellings(name) for word in way.lower().split()}  # Japan, Japanese
    assert {w.strip("?,.'") for w in searched} <= {w.strip("?,.'") for w in said}


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("那中国怎么回应的？", "How did China respond to the Affiliates Rule?"),
        ("中国政府对此有何反应？", "How did China respond to the Affiliates Rule?"),
        ("商务部怎么说？", "What did MOFCOM say about the Affiliates Rule?"),
        ("英伟达后来怎么表态的", "What did Nvidia say about the Affiliates Rule?"),
        ("现在还有效吗？", "Does the Affiliates Rule still apply?"),
        ("为什么？", "Why did BIS suspend the Affiliates Rule?"),
        ("后来怎么样了？", "What became of the Affiliates Rule?"),
        ("中国商务部怎么回应？", "How did MOFCOM respond to the Affiliates Rule?"),
        ("什么时候到期？", "When does the Affiliates Rule end?"),
        ("谁宣布的？", "Who announced the Affiliates Rule?"),
        ("解除了吗？", "Was the Affiliates Rule lifted?"),
        ("2024年呢？", "When did BIS suspend the Affiliates Rule in 2024?"),
    ],
)
def test_a_chinese_follow_up_of_a_common_form_leans_on_an_english_conversation(question, searched):
    assert follow(question, [RULE]).searched == searched


@pytest.mark.parametrize(
    "question", ["华为什么时候被列入实体清单？", "中国限制了哪些稀土？", "英伟达在中国卖什么芯片？"]
)
def test_a_chinese_question_that_names_its_subject_stays_as_it_is(question):
    assert follow(question, [RULE]).searched == question
    assert follow("那中国怎么回应的？", []).searched == "那中国怎么回应的？"


def test_a_chinese_place_takes_the_place_of_the_last():
    assert follow("日本呢？", ["What did the Netherlands limit in 2023?"]).searched == "What did Japan limit in 2023?"


def test_a_name_keeps_its_article_before_a_percentage():
    turns = ["When did BIS issue the 50% Affiliates Rule?"]
    assert follow("Does it still apply?", turns).searched == "Does the Affiliates Rule still apply?"


def test_a_follow_up_has_a_wider_reading_with_names_of_turns_before_the_last():
    turns = ["What did DeepSeek train on?", "Did the House committee accuse Nvidia?"]
    followed = follow("What did Moolenaar write about them in 2026?", turns)
    assert "DeepSeek" not in followed.searched
    assert "DeepSeek" in followed.wider


def test_a_short_question_that_names_no_topic_has_one_from_earlier_turns_as_its_wider_reading():
    followed = follow("Why was ZTE banned?", ["What are the tiers of the AI Diffusion Rule?"])
    assert not followed.leans
    assert "AI Diffusion Rule" in followed.wider


def test_a_chip_is_asked_about_by_its_family_where_its_number_finds_nothing():
    followed = follow("And how did Beijing answer?", ["Is the Ascend 910D covered?"])
    assert followed.searched == "How did Beijing answer the Ascend 910D?"
    assert followed.wider == "How did Beijing answer the Ascend?"


def test_what_is_carried_is_left_out_where_it_finds_nothing_and_the_question_names_its_topic():
    followed = follow("Has Beijing approved any?", ["How many H200s have Chinese firms ordered?"])
    assert followed.searched == "Has Beijing approved any H200s (Chinese firms)?"
    assert followed.alternatives == (followed.barer,) == ("Has Beijing approved any H200s?",)
    assert follow("Is Taiwan in?", ["Who signed the Lion Declaration?"]).alternatives == ()
    assert follow(RULE, []).alternatives == ()


def test_nothing_to_answer_to_is_no_error():
    assert follow("How did Beijing answer?", ["Why now?"]).searched.startswith("How did Beijing answer")


@pytest.mark.parametrize(
    ("question", "turns"),
    [
        (
            "And Japan?",
            ["What is the MATCH Act?", "What did the Netherlands limit in 2023?"],
        ),  # takes a place in the last
        ("When did the H20 ban begin?", ["What is the MATCH Act?", "Who leads BIS?"]),  # stands alone
        ("Is it still in force?", ["What did the Netherlands limit in 2023?"]),  # no turn before the last
    ],
)
def test_what_is_no_open_follow_up_has_no_wider_reading(question, turns):
    assert follow(question, turns).wider == ""


def test_a_day_is_lent_but_once():
    turns = ["What did Trump announce about the H200 in December 2025?"]
    second = follow("Did China allow them in?", turns).searched
    assert "December 2025" in second
    third = follow("How many can each firm buy?", [*turns, "Did China allow them in?"]).searched
    assert "H200" in third
    assert "December 2025" not in third
