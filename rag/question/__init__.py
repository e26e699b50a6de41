"""What a question's words say, before anything is searched.

    asking     a question as it was put -> all that is read from its words; it calls the others. Read it first
    follow     a follow-up and its earlier turns -> the question that stands alone
    when       the day or the period that it asks about
    parts      a question of several parts, a quote for each
    spelling   a word that the sources do not have -> the one that is meant
    reworded   a question that found nothing, in the verb of the source that came nearest
    chinese    a question in Chinese -> one in English

Some of it is read by `rag.rules`, which stands below and imports nothing from here.
"""
