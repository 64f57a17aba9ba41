"""The fixed words of reports, in English and in Korean. What rules say is translated in the rules."""

LANGUAGES = ("en", "ko")

_KOREAN = {
    # the first lines
    "evidence": "증거",
    "{complete} of {total} collectors complete": "수집 {total}건 중 {complete}건 완료",
    "{number} clusters": "클러스터 {number}개",
    "Something is wrong, but no rule says why.": "이상이 보이지만, 원인을 말해 주는 규칙이 없다.",
    "Nothing found.": "발견된 것이 없다.",
    "Nothing found. That is not the same as healthy: not everything was seen.": "발견된 것이 없다. 정상이라는 뜻은 아니다: 보지 못한 것이 있다.",
    "No cause is certain; the likeliest: {title}.": "확실한 원인은 없다. 가장 유력한 것: {title}.",
    "{title}.": "{title}.",
    "{counted} suffers.": "이 때문에 {counted}에 영향이 있다.",
    "{counted} suffer.": "이 때문에 {counted}에 영향이 있다.",
    " There is 1 more cause.": " 원인이 1개 더 있다.",
    " There are {number} more causes.": " 원인이 {number}개 더 있다.",
    "could not be looked at": "볼 수 없었다",
    "nothing found": "발견된 것 없음",
    # labels
    "also": "그 밖에",
    "cluster": "클러스터",
    "cause": "원인",
    "because": "근거",
    "against": "반증",
    "unknown": "미확인",
    "suffers": "영향",
    "check": "확인",
    "fix": "조치",
    "lesson": "교훈",
    "confirms: {text}": "확인되는 결과: {text}",
    "{number} more: {names}": "{number}개 더: {names}",
    "and {number} more": "외 {number}개",
    "and {number} more (--why {id})": "외 {number}개 (--why {id})",
    "and {number} more (-o json)": "외 {number}개 (-o json)",
    # the other parts
    "Also": "그 밖의 원인",
    "Less likely": "가능성이 낮은 것",
    "Wrong, and not explained": "원인이 설명되지 않은 이상",
    "What is wrong": "이상",
    "Changed shortly before": "직전의 변경",
    "back: {run}": "되돌리기: {run}",
    "Next check": "다음 확인",
    "decides between {first} and {second}": "{first} 와 {second} 를 가른다",
    "settles {first}": "{first} 를 판가름한다",
    "; confirms it: {text}": "; 확인되는 결과: {text}",
    "Not seen": "보지 못한 것",
    "Not checked: {names}.": "확인하지 않음: {names}.",
    "Not checked: every layer that is not named above.": "확인하지 않음: 위에 없는 모든 계층.",
    # severities and risks
    "critical": "치명적",
    "high": "높음",
    "medium": "중간",
    "low": "낮음",
    "read-only": "읽기 전용",
    "safe": "안전",
    "disruptive": "중단 발생",
    "destructive": "되돌릴 수 없음",
    # differences
    "before": "이전",
    "after": "이후",
    "appeared": "생김",
    "cleared": "사라짐",
    "changed": "바뀜",
    "unseen": "볼 수 없음",
    "No cause appeared or cleared.": "생기거나 사라진 원인은 없다.",
    "{number} {change}": "{change} {number}",
    "No difference.": "차이가 없다.",
    "Causes": "원인",
    "Facts": "사실",
    "Looked at": "본 것",
}  # fmt: skip


def phrase(text: str, language: str, /, **values: object) -> str:
    """Return a fixed text in `language`, English where it has no translation, with `values` put in for {names}."""
    return (_KOREAN.get(text, text) if language == "ko" else text).format(**values)


def certainty(confidence: float) -> str:
    """Return a percentage; a hypothesis is never certain.

    >>> certainty(0.974), certainty(0.999)
    ('97%', '>99%')
    """
    return ">99%" if confidence > 0.99 else f"{confidence:.0%}"
