"""The rule for YouTube Shorts by length and upload date; pure.

Source: YouTube Help 15424877. Uploaded on or after 15 October 2024 a Short has
at most 180 s, before at most 60 s, and is square or vertical. Reports do not
know the orientation, so a short length alone is never a "yes".
"""

VERSION = 1
HINT = " A claim says that it may be a Short."
NEW_LIMIT_FROM = "2024-10-15"
NEW_LIMIT, OLD_LIMIT = 180, 60  # seconds


def verdict_sql(length: str, uploaded_at: str) -> str:
    """SQL of the verdict: 'no' or 'unknown'."""
    return (
        f"CASE WHEN {length} > {NEW_LIMIT} THEN 'no' "
        f"WHEN {length} > {OLD_LIMIT} AND {uploaded_at} < '{NEW_LIMIT_FROM}' "
        "THEN 'no' ELSE 'unknown' END"
    )


def evidence_sql(length: str, uploaded_at: str) -> str:
    """SQL of the sentence that explains the verdict."""
    return (
        f"CASE WHEN {length} IS NULL THEN 'The length is not known.' "
        f"WHEN {length} > {NEW_LIMIT} "
        f"THEN {length} || ' s is longer than {NEW_LIMIT} s.' "
        f"WHEN {length} > {OLD_LIMIT} AND {uploaded_at} < '{NEW_LIMIT_FROM}' "
        f"THEN {length} || ' s is longer than {OLD_LIMIT} s, the limit before "
        "15 October 2024.' "
        f"ELSE {length} || ' s may be a Short; the picture format is not known.' END"
    )


def hint_sql(length: str, uploaded_at: str, video_id: str) -> str:
    """SQL of what claims add to the sentence while the verdict is open, or ''.

    It settles nothing: a claim can be eligible on a video that is no Short.
    """
    return (
        f"CASE WHEN {verdict_sql(length, uploaded_at)} = 'unknown' AND EXISTS ("
        f"SELECT FROM catalog_claim hint WHERE hint.video_id = {video_id} "
        "AND hint.is_shorts_eligible AND hint.ended_at IS NULL) "
        f"THEN '{HINT}' ELSE '' END"
    )
