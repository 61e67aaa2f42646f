"""Words that need a certain preposition, or none."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.phrases import table

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mondays|fridays|saturdays|sundays"
_MONTHS = "january|february|april|june|july|august|september|october|november|december"
_WHO = "me|him|her|us|them|you"
_DET = "the|my|your|his|her|our|their|a|an|this|that"
_PLACES = frozenset(
    [
        "airport",
        "station",
        "hotel",
        "school",
        "house",
        "home",
        "office",
        "party",
        "hospital",
        "restaurant",
        "shop",
        "university",
        "museum",
        "beach",
        "bus",
    ]
)


def explain(parse: Parse) -> Iterator[Edit]:
    """ "Explain me this word"."""
    for verb in parse:
        whom = parse.after(verb)
        if (
            verb.lemma not in ("explain", "describe", "suggest", "recommend")
            or verb.lemma in ("suggest", "recommend")
            or whom.low not in ("me", "us", "him", "her", "them")
        ):
            continue
        if whom.low == "her" and parse.after(whom).is_noun:
            continue
        what = parse.after(whom)
        if what.tag in ("WRB", "WP", "WDT") or what.low in ("how", "what", "why"):
            yield replace(whom, f"to {whom.text}", "explain_to")
            continue
        thing = parse.child(verb, "dobj")
        if thing is None or thing.i <= whom.i:
            thing = next(
                (t for t in parse.tokens[whom.i + 1 :] if t.is_noun and not parse.after(t).is_noun), None
            )
        if thing is None or what.tag not in ("DT", "PRP$", "NN", "NNS"):
            continue
        last = thing.i
        if parse.after(thing).is_word and parse.after(thing).low != "please":
            continue
        words = parse.text[what.start : parse.at(last).end]
        yield replace(whom, f"{words} to {whom.text}", "explain_to", parse.at(last))


def arrive(parse: Parse) -> Iterator[Edit]:
    for to in parse:
        if to.low != "to" or parse.before(to).lemma != "arrive":
            continue
        place = parse.child(to, "pobj") or parse.after(to)
        if parse.after(to).low in ("home", "here", "there"):
            yield replace(to, "", "arrive_at")
        elif place.low in _PLACES:
            yield replace(to, "at", "arrive_at")
        elif place.tag == "NNP" or place.low in ("city", "country", "town", "village"):
            yield replace(to, "in", "arrive_at")


def until(parse: Parse) -> Iterator[Edit]:
    """ "I must finish it until Friday": by."""
    for word in parse:
        point = parse.after(word)
        if (
            word.low == "until"
            and (point.low in _DAYS.split("|") or point.low in ("tomorrow", "tonight"))
            and not parse.after(point).is_word
        ):
            if any(
                t.lemma in ("finish", "complete", "submit", "pay", "return") and t.tag == "VB"
                for t in parse.tokens[: word.i]
            ) and not parse.has("n't", "not"):
                yield replace(word, "by", "by_until")


RULES: list[Rule] = [
    *table("depend_on", ("=depend&#VB|VBP|VBZ|VBD|VBG [of|from|in]", "on")),
    *table(
        "listen_to",
        (f"=listen&#VB|VBP|VBZ|VBD|VBG [] music|songs|podcasts|radio|{_WHO}|my|the|some|english", "to"),
    ),
    *table("married_to", ("married [with] a|an|my|his|her|him|the|me|someone|somebody|#NNP", "to")),
    *table(
        "no_preposition",
        ("=marry&#VB|VBP|VBD|VBZ [with]", ""),
        ("=discuss&#VB|VBP|VBZ|VBD|VBG|VBN [about]", ""),
        (f"=enter&#VB|VBP|VBZ|VBD|VBG [in|into|to] {_DET}", ""),
        (f"=contact&#VB|VBP|VBZ|VBD [with|to] {_WHO}|my|the", ""),
        ("=lack&#VBP|VBZ|VBD [of] money|time|experience|confidence", ""),
        ("=reach&#VB|VBP|VBD [to] the|my", ""),
        (f"=ask&#VB|VBP|VBZ|VBD [to] {_WHO} #TO|IN|WRB|WP|DT|PRP$", ""),
        (f"=answer&#VB|VBP|VBD [to] {_WHO}|my|the|your|this question|questions?", ""),
        (f"=tell&#VB|VBP|VBZ|VBD [to] {_WHO}", ""),
        ("=call&#VB|VBP|VBD|VBZ [to] me|him|us|them", ""),
        (f"=give|show|send&#VB|VBP|VBZ|VBD [to] {_WHO} a|the|some|an|my|his|her|your", ""),
        ("=join&#VB|VBP|VBD [to|with] the|our|my club|team|class|group", ""),
        ("=visit&#VB|VBP|VBD|VBZ [to] my|the|a|his|her", ""),
        ("=phone&#VBD|VB [to] me|him|her|us|them", ""),
    ),
    arrive,
    *table("interested_in", ("interested [on|for|at|about|of|to] !you", "in")),
    *table(
        "good_at",
        (
            "good|bad|great|terrible|better|best [in] math|maths|mathematics|english|sports|tennis|football|cooking|singing|dancing|drawing|swimming|languages|physics|chemistry|chess @ends",
            "at",
        ),
    ),
    *table("on_day", (f"[in|at] {_DAYS} @ends", "on")),
    *table("in_month", (f"[on|at] {_MONTHS} @ends !#CD", "in")),
    *table(
        "in_year",
        (
            "[on|at] 1950|1960|1970|1975|1980|1985|1986|1987|1988|1989|1990|1991|1992|1993|1994|1995|1996|1997|1998|1999|2000|2001|2002|2003|2004|2005|2006|2007|2008|2009|2010|2011|2012|2013|2014|2015|2016|2017|2018|2019|2020|2021|2022|2023|2024|2025|2026",
            "in",
        ),
    ),
    *table("at_time", ("[in|on] #CD o'clock", "at")),
    *table(
        "in_the_morning",
        ("[at] morning|afternoon|evening @ends", "in the"),
        ("[at the] morning|afternoon|evening @ends", "in the"),
    ),
    *table("at_night", ("[in night]", "at night")),
    *table("at_the_weekend", ("[in] the weekend|weekends @ends", "at")),
    *table("same_time", ("[in] the same time @ends", "at")),
    *table(
        "no_preposition_time",
        (
            "#NN|NNS|NNP|JJ [in|on|at] last|next week|month|year|weekend|night|summer|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday",
            "",
        ),
        ("#NN|NNS|NNP [on|in|at] tomorrow|yesterday|today $", ""),
    ),
    *table("on_holiday", ("=go|be [in|to] holiday|holidays|vacation $", "on")),
    *table(
        "wait_for",
        (f"=wait&#VB|VBP|VBZ|VBD|VBG [] {_WHO}|him @ends", "for"),
        (
            "=wait&#VB|VBP|VBZ|VBD|VBG [] the|my|a bus|train|friend|mother|brother|sister|answer|taxi|boss|teacher|parents|results|result",
            "for",
        ),
    ),
    explain,
    *table("afraid_of", ("afraid|scared|frightened [from]", "of")),
    *table(
        "go_home",
        ("=go|come|get|drive|walk|return|arrive back? [to] home $", ""),
        (
            "=go|come|get|drive|walk|return back? [to] home at|late|early|after|before|by|and|because|when|with|from|yesterday|now",
            "",
        ),
        ("=go|come [to] here|there|abroad $", ""),
        ("[in] abroad", ""),
        ("=come [to] home", ""),
    ),
    *table(
        "go_shopping",
        ("=go [to] shopping|swimming|fishing|dancing|skiing|camping|hiking|running|jogging @ends", ""),
    ),
    *table("on_foot", ("[by|with foot]", "on foot")),
    *table(
        "by_transport",
        ("=go|come|travel [with car|bus|train|taxi|plane|motorbike|bike] @ends", "by {2}"),
        ("to work|school|university [with car|bus|train|taxi|motorbike|bike] @ends", "by {2}"),
        ("to work|school|university [by] my bike|motorbike|motorcycle|bicycle", "on"),
    ),
    *table("angry_with", ("angry [on|to] me|him|her|us|them|you|my|his", "with")),
    *table("responsible_for", ("responsible [of|from] the|my|our|this|everything|it|all", "for")),
    *table("different_from", ("different [of|with|as] me|him|my|the|your|other|mine|us|them|it", "from")),
    *table("proud_of", ("proud [for|about|on|with] me|him|her|us|them|you|my|his|our", "of")),
    *table("similar_to", ("similar [with|than|as] me|him|my|the|your|mine|it|this|that", "to")),
    *table("near", ("near [from|of|to] here|my|the|our|us|me|his|her", "")),
    *table(
        "spend_on",
        ("=spend money [in|for|at] clothes|books|food|shoes|games", "on"),
        (
            "=spend a|all|too|so|my|his|her lot|my|his|her|much? of? money [in|for] clothes|books|food|shoes|games|things",
            "on",
        ),
    ),
    *table(
        "think_about",
        ("=think&#VB|VBP|VBZ|VBG [in] my|you|him|her|them|it|the future|family|job|problem?", "about"),
    ),
    *table("consist_of", ("=consist [in|on|from]", "of")),
    *table("participate_in", ("=participate [to|at|on]", "in")),
    *table("believe_in", ("=believe&#VB|VBP|VBZ|VBD [to|on] god|ghosts|love|me|you|him|her|them", "in")),
    *table("full_of", ("is|are|was|were|so full [with]", "of")),
    *table(
        "capable_of",
        ("capable [to #VB]", "of {ing}"),
        ("=insist [to #VB]", "on {ing}"),
        ("=succeed [to #VB]", "in {ing}"),
    ),
    *table(
        "ago",
        (
            "[before two|three|four|five|six|seven|eight|nine|ten|many years|days|weeks|months|hours] $",
            "{2} {3} ago",
        ),
        ("[before a|one|an year|week|month|hour] $", "{2} {3} ago"),
        ("[ago two|three|four|five|six|seven|eight|nine|ten years|days|weeks|months|hours]", "{2} {3} ago"),
    ),
    *table(
        "for_span",
        ("[during] #CD|many years|days|weeks|months|hours|minutes $", "for"),
        ("[during] a|one long? time|year|month|week|hour $", "for"),
    ),
    *table("my_opinion", ("^ [by|for|on|from|with|at|to] my opinion", "in")),
    *table("according_to", ("according [] me|him|her|them|us|my|the", "to")),
    *table("look_at", ("=look&#VB|VBP|VBZ|VBD|VBG [] me|him|them|us $", "at")),
    *table("on_tv", ("[in the|a? tv|television] $", "on TV"), ("=watch [in the|a? tv|television] $", "TV")),
    *table("in_the_picture", ("[on] the picture|photo there|you|we|i|he|she", "in")),
    *table("return_back", ("=return&#VB|VBP|VBD|VBZ [back]", "")),
    *table("on_website", ("[in] facebook|instagram|youtube|twitter|tiktok", "on")),
    *table("at_my_age", ("[in] my|his|her|your age $", "at"), ("[in] the age of #CD", "at")),
    *table(
        "pay_for",
        ("=pay&#VB|VBP|VBD [] the|my|your food|coffee|ticket|tickets|dinner|lunch|drinks|meal @ends", "for"),
    ),
    *table("in_the_class", ("#JJS #NN [of|from] the|my class|team|school|family|world|city|country $", "in")),
    *table("apologize_to", ("=apologize|apologise&#VB|VBP|VBD [] me|him|her|us|them", "to")),
    until,
]
