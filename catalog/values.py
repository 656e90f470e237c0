"""The values that report files and forms know, each as an instance of its type.

Categories are YouTube's own ids; reports write codes such as `music` instead.
"""

from catalog.identifier_types import (
    ChannelIdValue,
    PatternValue,
    UpcValue,
)
from catalog.value_types import (
    CountValue,
    FlagValue,
    ListValue,
    SecondsValue,
    TextValue,
    TimestampValue,
    WordValue,
)

CATEGORIES = {
    "1": ("Film & Animation", ("film",)),
    "2": ("Autos & Vehicles", ("vehicles", "autos")),
    "10": ("Music", ("music",)),
    "15": ("Pets & Animals", ("animals", "pets")),
    "17": ("Sports", ("sports",)),
    "19": ("Travel & Events", ("travel",)),
    "20": ("Gaming", ("gadgets", "games", "gaming")),
    "22": ("People & Blogs", ("people",)),
    "23": ("Comedy", ("comedy",)),
    "24": ("Entertainment", ("entertainment",)),
    "25": ("News & Politics", ("news",)),
    "26": ("Howto & Style", ("howto",)),
    "27": ("Education", ("education",)),
    "28": ("Science & Technology", ("science", "tech")),
    "29": ("Nonprofits & Activism", ("nonprofits", "nonprofit")),
}
_CATEGORY_IDS = {
    spelling: category_id
    for category_id, (title, codes) in CATEGORIES.items()
    for spelling in (category_id, title.lower(), *codes)
}

Text = TextValue()
VideoId = PatternValue(
    r"[A-Za-z0-9_-]{11}", "11 letters, digits, - or _", is_empty_known=False
)
ChannelId = ChannelIdValue()
AssetId = PatternValue(r"A[0-9]{15}", "A and 15 digits", is_empty_known=False)
AssetIds = ListValue("|,; ")
ClaimId = PatternValue(
    r"[A-Za-z0-9_.:=+/-]+",
    "a claim ID of at most 40 letters, digits, - or _",
    longest=40,
)
Isrc = PatternValue(
    r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}",
    "an ISRC: 12 characters such as QZABC2500001",
    drop="- ",
    upper=True,
)
Upc = UpcValue()
Count = CountValue()
Seconds = SecondsValue()
Timestamp = TimestampValue()
Flag = FlagValue()
Category = WordValue(
    tuple(_CATEGORY_IDS.items()), "a YouTube category such as music, 10 or Music"
)
Privacy = WordValue(
    (("public", "public"), ("unlisted", "unlisted"), ("private", "private")),
    "public, unlisted or private",
)
PipeList = ListValue("|")
SpaceList = ListValue(" ")
