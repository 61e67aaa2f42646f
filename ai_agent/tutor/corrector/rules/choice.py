"""Words that learners confuse: do and make, say and tell, false friends."""

from __future__ import annotations

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.rule import rule

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
         "Say: make a mistake, make a decision, make a noise."),
    rule(r"\b(make|makes|made|making) ((?:my|the|his|her|some|our|their|your|a lot of|much)? ?(?:homework|housework|shopping|yoga|sports?|exercises?|"
         r"gymnastics|the dishes|research))\b", lambda m: f"{_DO[m[1].lower()]} {m[2]}", _W, "Say: do homework, do the housework, do sport."),
    rule(r"\b(make|makes|made|making|do|did|doing) ((?:a|some|many|the|an|my)? ?(?:nice |beautiful |lot of )?(?:photos?|pictures?|break|exam|test|shower|"
         r"nap))\b(?= (?:of|with|in|at|on|and|before|after|yesterday|last|tomorrow|next|today|every)|$)", lambda m: None
         if m[2].lower().endswith(("picture", "pictures", "test", "break")) and m[1].lower().startswith("d") else f"{_TAKE[m[1].lower()]} {m[2]}",
         _W, "Say: take a photo, take an exam, take a break."),
    rule(r"\b(make|makes|made|making|do|did|doing) (a (?:big |birthday |small |surprise )?party)\b", lambda m: f"{_HAVE[m[1].lower()]} {m[2]}", _W,
         "Say: have a party."),
    rule(r"\b(make|made|do|did) ((?:you |me |him |her |us )?(?:a|some) (?:question|questions))\b",
         lambda m: f"{'ask' if m[1].lower() in ('make', 'do') else 'asked'} {m[2]}", _W, "Say: ask a question."),
    rule(r"\b(say|says|said) (me|him|her|us|them)\b", lambda m: f"{_TELL[m[1].lower()]} {m[2]}", _W, "You tell somebody, but you say something."),
    rule(r"\b(say|says|said|saying) (the truth|a lie|lies|a story|a joke|a secret)\b", lambda m: f"{_TELL[m[1].lower()]} {m[2]}", _W,
         "Say: tell the truth, tell a lie, tell a story."),
    rule(r"\b(i|he|she|we|they) (told|tells) that\b", lambda m: f"{m[1]} {_SAY[m[2].lower()]} that", _W, "Use say without a person: say that ... Use tell with a person: tell me that ..."),
    rule(r"\b(lose|loses|lost|losing) ((?:the|my|our|his|her) (?:last )?(?:bus|train|plane|flight|lesson|class))\b",
         lambda m: f"{_MISS[m[1].lower()]} {m[2]}", _W, "Say: miss a bus, miss a lesson."),
    rule(r"\b(borrow|borrowed) (me|him|her|us|them)\b", lambda m: f"{_LEND[m[1].lower()]} {m[2]}", _W,
         "You lend something to somebody. You borrow something from somebody."),
    rule(r"\bcan i lend (?=your|a|some|the)", "can i borrow ", _W, "You lend something to somebody. You borrow something from somebody."),
    rule(r"\b(learn|learned|learnt|learns) (me|him|her|us|them) (?=to|how|english|the)", lambda m: f"{_TEACH[m[1].lower()]} {m[2]} ", _W,
         "A teacher teaches; a student learns."),
    rule(r"\b(win|won|wins) (me|him|her|us|them)\b", lambda m: f"{({'win': 'beat', 'won': 'beat', 'wins': 'beats'})[m[1].lower()]} {m[2]}", _W,
         "You win a game, but you beat a person."),
    rule(r"\b(assist|assisted|assists) (?:to|at) (?=(?:a|the|my|this) (?:\w+ )?(?:conference|meeting|class|course|lesson|concert|lecture|wedding|event))",
         lambda m: {"assist": "attend", "assisted": "attended", "assists": "attends"}[m[1].lower()] + " ", _W, "To attend means to go to an event. To assist means to help."),
    rule(r"\b(my|the|our|his|her) actual (job|boss|address|house|flat|situation|president|company|girlfriend|boyfriend|work)\b", r"\1 current \2", _W,
         "Current means of now. Actual means real."),
    rule(r"\b(am|is|are|very|so) sensible to\b", r"\1 sensitive to", _W, "Sensitive means that you feel things easily. Sensible means reasonable."),
    rule(r"\b(buy|bought|buying) ((?:a|the|some|many|this|my) (?:\w+ )?books?) (in|at|from) (?:the|a) library\b", r"\1 \2 \3 the bookshop", _W,
         "A bookshop sells books. A library lends them."),
    rule(r"\b(work|works|worked) in a fabric\b", r"\1 in a factory", _W, "Things are made in a factory. Fabric is cloth."),
    rule(r"\bsympathic\b", "nice", _W, "Say nice or friendly. Sympathic is not an English word."),
    rule(r"\b(i|we) became (a|an) (letter|email|message|present|gift|answer)\b", r"\1 got \2 \3", _W, "You get a letter. To become means to change into something."),
    rule(r"\b(remember|remembers) me to (?=(?:<sure>|call|buy|go)\b)", r"remind me to ", _W, "You remember something yourself. You remind another person."),
    # -ed and -ing
    rule(r"\b(i am|i'm|i was|i feel|i felt|we are|we were|she is|he is|they are|i get|i got) ((?:<much>) )?(" + "|".join(_ED) + r")"
         r"(?= (?:in|about|by|with|because|today|at|of|when|to see|after|now)\b|$|[.,!?])",
         lambda m: f"{m[1]} {m[2] or ''}{_ED[m[3].lower()]}", _W, "Use -ed for how you feel: I am bored. Use -ing for what causes it: it is boring."),
    rule(r"\b((?:the|this|that|my|our) (?:film|book|movie|lesson|class|game|trip|story|job|party|journey|meeting|course|news)) (is|was) ((?:<much>) )?"
         r"(bored|excited|interested|confused|surprised|disappointed)\b", lambda m: f"{m[1]} {m[2]} {m[3] or ''}{_ING[m[4].lower()]}", _W,
         "Use -ed for how you feel: I am bored. Use -ing for what causes it: it is boring."),
    # Adverbs
    rule(r"\b((?:he|she|i|we|they|you|(?:<poss>) <person>) (?:can )?(?:speaks?|drives?|cooks?|sings?|plays?|swims?|dances?|writes?|works?|drove|sang|played|"
         r"wrote|danced)) ((?:<much>) )?(" + "|".join(_LY) + r")(?=$|[.,!?]| (?:in|at|now|because|and|but)\b)",
         lambda m: f"{m[1]} {m[2] or ''}{_LY[m[3].lower()]}", _W, "Use an adverb to say how somebody does something."),
    rule(r"\b((?:speaks?|spoke) (?:<lang>) )((?:<much>) )?(good|bad|perfect|fluent)(?=$|[.,!?]| (?:and|but|because)\b)",
         lambda m: f"{m[1]}{m[2] or ''}{_LY[m[3].lower()]}", _W, "Use an adverb to say how somebody does something."),
    rule(r"\b(was|is|it's|had) so (<adj>) (day|idea|man|woman|house|place|person|film|book|time|evening|trip|party|weekend|city|problem|story)<ends>",
         lambda m: f"{m[1]} such {lx.article(m[2].lower())} {m[2]} {m[3]}", _W, "Use such a before an adjective and a noun: such a nice day."),
    rule(r"\bthanks god\b", "thank god", _W, "Say: thank God, without -s."),
]  # fmt: skip
