"""Words that are taken for each other: do and make, say and tell, false friends."""

from __future__ import annotations

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.engine import rule

_W = "word_choice"
_MAKE = {"do": "make", "does": "makes", "did": "made", "done": "made", "doing": "making"}
_DO = {"make": "do", "makes": "does", "made": "did", "making": "doing"}
_TAKE = {
    "make": "take",
    "makes": "takes",
    "made": "took",
    "making": "taking",
    "do": "take",
    "did": "took",
    "doing": "taking",
}
_HAVE = {
    "make": "have",
    "makes": "has",
    "made": "had",
    "making": "having",
    "do": "have",
    "did": "had",
    "doing": "having",
}
_MISS = {"lose": "miss", "loses": "misses", "lost": "missed", "losing": "missing"}
_LEND = {"borrow": "lend", "borrowed": "lent", "borrows": "lends"}
_TEACH = {"learn": "teach", "learned": "taught", "learnt": "taught", "learns": "teaches"}
_ED = {
    "boring": "bored", "exciting": "excited", "interesting": "interested", "tiring": "tired", "surprising": "surprised",
    "confusing": "confused", "frightening": "frightened", "disappointing": "disappointed", "embarrassing": "embarrassed",
}  # fmt: skip
_ING = {ed: ing for ing, ed in _ED.items()}
_LY = {"careful": "carefully", "slow": "slowly", "quick": "quickly", "bad": "badly", "good": "well", "beautiful": "beautifully", "loud": "loudly",
       "quiet": "quietly", "dangerous": "dangerously", "perfect": "perfectly", "fluent": "fluently", "easy": "easily", "clear": "clearly"}  # fmt: skip
_TELL = {"say": "tell", "says": "tells", "said": "told", "saying": "telling"}
_SAY = {"told": "said", "tell": "say", "tells": "says"}

RULES = [
    rule(r"\b(do|does|did|done|doing) ((?:a|the|some|many|any|this|my|too many|so many|lots of|a lot of|big|no)? ?(?:big |bad |stupid |small )?"
         r"(?:mistakes?|decisions?|noise|phone calls?|progress|plans|an effort|effort))\b", lambda m: f"{_MAKE[m[1].lower()]} {m[2]}", _W,
         "Mistakes, decisions and noise are made."),
    rule(r"\b(make|makes|made|making) ((?:my|the|his|her|some|our|their|your|a lot of|much)? ?(?:homework|housework|shopping|yoga|sports?|exercises?|"
         r"gymnastics|the dishes|research))\b", lambda m: f"{_DO[m[1].lower()]} {m[2]}", _W, "Homework, housework and sport are done."),
    rule(r"\b(make|makes|made|making|do|did|doing) ((?:a|some|many|the|an|my)? ?(?:nice |beautiful |lot of )?(?:photos?|pictures?|break|exam|test|shower|"
         r"nap))\b(?= (?:of|with|in|at|on|and|before|after|yesterday|last|tomorrow|next|today|every)|$)", lambda m: None
         if m[2].lower().endswith(("picture", "pictures", "test", "break")) and m[1].lower().startswith("d") else f"{_TAKE[m[1].lower()]} {m[2]}",
         _W, "Photos, exams and breaks are taken."),
    rule(r"\b(make|makes|made|making|do|did|doing) (a (?:big |birthday |small |surprise )?party)\b", lambda m: f"{_HAVE[m[1].lower()]} {m[2]}", _W,
         "Have a party."),
    rule(r"\b(make|made|do|did) ((?:you |me |him |her |us )?(?:a|some) (?:question|questions))\b",
         lambda m: f"{'ask' if m[1].lower() in ('make', 'do') else 'asked'} {m[2]}", _W, "Questions are asked."),
    rule(r"\b(say|says|said) (me|him|her|us|them)\b", lambda m: f"{_TELL[m[1].lower()]} {m[2]}", _W, "Tell somebody; say something."),
    rule(r"\b(say|says|said|saying) (the truth|a lie|lies|a story|a joke|a secret)\b", lambda m: f"{_TELL[m[1].lower()]} {m[2]}", _W,
         "Truth, lies and stories are told."),
    rule(r"\b(i|he|she|we|they) (told|tells) that\b", lambda m: f"{m[1]} {_SAY[m[2].lower()]} that", _W, "Say that; tell somebody that."),
    rule(r"\b(lose|loses|lost|losing) ((?:the|my|our|his|her) (?:last )?(?:bus|train|plane|flight|lesson|class))\b",
         lambda m: f"{_MISS[m[1].lower()]} {m[2]}", _W, "A bus or a lesson is missed."),
    rule(r"\b(borrow|borrowed) (me|him|her|us|them)\b", lambda m: f"{_LEND[m[1].lower()]} {m[2]}", _W,
         "Who gives lends; who takes borrows."),
    rule(r"\bcan i lend (?=your|a|some|the)", "can i borrow ", _W, "Who gives lends; who takes borrows."),
    rule(r"\b(learn|learned|learnt|learns) (me|him|her|us|them) (?=to|how|english|the)", lambda m: f"{_TEACH[m[1].lower()]} {m[2]} ", _W,
         "Who knows teaches; who does not learns."),
    rule(r"\b(win|won|wins) (me|him|her|us|them)\b", lambda m: f"{({'win': 'beat', 'won': 'beat', 'wins': 'beats'})[m[1].lower()]} {m[2]}", _W,
         "A game is won; a person is beaten."),
    rule(r"\b(assist|assisted|assists) (?:to|at) (?=(?:a|the|my|this) (?:\w+ )?(?:conference|meeting|class|course|lesson|concert|lecture|wedding|event))",
         lambda m: {"assist": "attend", "assisted": "attended", "assists": "attends"}[m[1].lower()] + " ", _W, "To be there is to attend."),
    rule(r"\b(my|the|our|his|her) actual (job|boss|address|house|flat|situation|president|company|girlfriend|boyfriend|work)\b", r"\1 current \2", _W,
         "What is now is current. Actual means real."),
    rule(r"\b(am|is|are|very|so) sensible to\b", r"\1 sensitive to", _W, "Who feels quickly is sensitive."),
    rule(r"\b(buy|bought|buying) ((?:a|the|some|many|this|my) (?:\w+ )?books?) (in|at|from) (?:the|a) library\b", r"\1 \2 \3 the bookshop", _W,
         "Books are sold in a bookshop and lent in a library."),
    rule(r"\b(work|works|worked) in a fabric\b", r"\1 in a factory", _W, "Things are made in a factory. Fabric is cloth."),
    rule(r"\bsympathic\b", "nice", _W, "Nice, or friendly."),
    rule(r"\b(i|we) became (a|an) (letter|email|message|present|gift|answer)\b", r"\1 got \2 \3", _W, "What one is given one gets."),
    rule(r"\b(remember|remembers) me to (?=(?:<sure>|call|buy|go)\b)", r"remind me to ", _W, "Remind somebody; remember oneself."),
    # -ed and -ing
    rule(r"\b(i am|i'm|i was|i feel|i felt|we are|we were|she is|he is|they are|i get|i got) ((?:<much>) )?(" + "|".join(_ED) + r")"
         r"(?= (?:in|about|by|with|because|today|at|of|when|to see|after|now)\b|$|[.,!?])",
         lambda m: f"{m[1]} {m[2] or ''}{_ED[m[3].lower()]}", _W, "How one feels ends in -ed; what makes one feel so in -ing."),
    rule(r"\b((?:the|this|that|my|our) (?:film|book|movie|lesson|class|game|trip|story|job|party|journey|meeting|course|news)) (is|was) ((?:<much>) )?"
         r"(bored|excited|interested|confused|surprised|disappointed)\b", lambda m: f"{m[1]} {m[2]} {m[3] or ''}{_ING[m[4].lower()]}", _W,
         "How one feels ends in -ed; what makes one feel so in -ing."),
    # Adverbs
    rule(r"\b((?:he|she|i|we|they|you|(?:<poss>) <person>) (?:can )?(?:speaks?|drives?|cooks?|sings?|plays?|swims?|dances?|writes?|works?|drove|sang|played|"
         r"wrote|danced)) ((?:<much>) )?(" + "|".join(_LY) + r")(?=$|[.,!?]| (?:in|at|now|because|and|but)\b)",
         lambda m: f"{m[1]} {m[2] or ''}{_LY[m[3].lower()]}", _W, "How something is done: the adverb."),
    rule(r"\b((?:speaks?|spoke) (?:<lang>) )((?:<much>) )?(good|bad|perfect|fluent)(?=$|[.,!?]| (?:and|but|because)\b)",
         lambda m: f"{m[1]}{m[2] or ''}{_LY[m[3].lower()]}", _W, "How something is done: the adverb."),
    rule(r"\b(was|is|it's|had) so (<adj>) (day|idea|man|woman|house|place|person|film|book|time|evening|trip|party|weekend|city|problem|story)<ends>",
         lambda m: f"{m[1]} such {lx.article(m[2].lower())} {m[2]} {m[3]}", _W, "Before an adjective with its noun: such a."),
    rule(r"\bthanks god\b", "thank god", _W, "Thank God, without -s."),
]  # fmt: skip
