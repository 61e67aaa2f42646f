"""Words that a question has for its grammar alone, in English and Vietnamese."""

from __future__ import annotations

_ENGLISH = """
a about after all also am an and any are as at be because been before being both but by can could did do
does doing don for from get give had has have having he her here hers him his how i if in into is it its
just know let like may me might mine more most much must my need no nor not of off on once only or our
ours out over please s same say shall she should so some such t tell than that the their them then there
these they this those through to too under until up us very want was we were what when where which while
who whom whose why will with would you your yours many long explain
"""
_VIETNAMESE = """
ai anh ạ bao bạn bị bởi các cái cả chị cho chúng chưa có cô của cũng do đã đang đây đâu đến để đi đó được
em gì hay hãy hơn khi không là làm lại lên lúc mà mấy một muốn này nào nên nếu nhé nhiêu như nhưng những
nó nơi ở ông qua ra rằng rất rồi sao sẽ số tại tất theo thế thì thôi tôi trên trong từ và vào vẫn về vì
việc với xin
"""
STOP_WORDS = frozenset(f"{_ENGLISH} {_VIETNAMESE}".split())
