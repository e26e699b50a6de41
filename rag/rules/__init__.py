"""What is decided by rule: what share of its score a sentence keeps, what an answer must have, what it is told.

Of a question, what it asks for and which sentences give it:

    kinds       a number, a day, a reason, a name …; what a quote must have where that is asked for in so many words
    posts       who heads a body or holds a post
    defined     what a term means, what a thing is
    provision   an entry or a section cited by number: where its own words stand
    news        what is new, and what happened when: records in order of date
    sides       whose position is asked for, who says what
    named       names that stand nowhere, sentences on another of the kind
    premise     what is taken for granted and a sentence denies

Of a source and its sentences:

    hollow      sentences that say nothing by themselves: titles, links, courtesies
    turns       whose turn it is in a transcript
    hindsight   which sentences tell what came only after a day
    fate        what a source was on a day, and whose words say so

Of a refusal:

    lack        what of the question the nearest quotes lack

`pipeline` says when each is asked.
"""
